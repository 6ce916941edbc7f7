"""The six comparisons: mixed signs and widths compare by value, nan is unequal to everything, chains stop early."""

# call: six(1, 2)
# call: six(2, 2)
# call: six(i8(-1), u8(255))
# call: six(u64(18446744073709551615), i64(-1))
# call: six(u64(9223372036854775808), i64(9223372036854775807))
# call: six(i32(5), 5.0)
# call: six(i8(5), 300)
# call: six(u8(5), -1)
# call: six(f32(0.1), 0.1)
# call: six(f32(0.1), f64(0.1))
# call: six(f64(np.nan), f64(np.nan))
# call: six(f64(np.nan), f64(1.0))
# call: six(0.0, -0.0)
# call: six(f64(np.inf), f64(-np.inf))
# call: six(True, False)
# call: six(bool_(True), True)
# call: six(bool_(True), 1)
# call: six(f32(1.0), i64(1))
# call: with_literals(i8(5))
# call: with_literals(u8(255))
# call: with_literals(i64(-1))
# call: with_literals(u64(9223372036854775808))
# call: with_wide_literal(u64(9223372036854775808))
# call: with_literals(u8(arange(20) * 17))
# call: six(u64(arange(9)), i64(arange(9)) - 4)
# call: six(u8(arange(9)), 4)
# call: six(u8(arange(9)), -4)
# call: six(i8(arange(9)), 400)
# call: six(u64(arange(9)), -4)
# call: six(u64(arange(9)), 4)
# call: chained(1, 2, 3)
# call: chained(1, 3, 2)
# call: chained(2, 1, 3)
# call: chained(1.0, 2, i8(3))
# call: stops_early(3, 0)
# call: stops_early(3, 2)


def six(a, b):
    return a < b, a <= b, a > b, a >= b, a == b, a != b


def chained(a, b, c):
    return a < b < c, a < b > c, a == b != c, a <= b <= c <= 3


def stops_early(a, b):
    return 10 < a < 10 // b if b == 0 else 1 < a <= 10 // b


def with_literals(x):
    return x < 300, x > -1, x == 255, -(2**40) < x, x != 5


def with_wide_literal(x):
    return 2**63 <= x, x < 2**64 - 1
