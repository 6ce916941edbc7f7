"""Corners of the types: bools as numbers, huge literals, chains of casts, mixed conditions."""

# call: bool_counts(arange(9))
# call: bool_array_arithmetic(arange(9) > 3)
# call: literals()
# call: float_literals()
# call: hash_mix(u64(12345))
# call: hash_mix(u64(18446744073709551615))
# call: xorshift(u32(2463534242), 10)
# call: lcg(i64(42), 5)
# call: wrapping(i8(127))
# call: wrapping(u8(255))
# call: wrapping(i32(2147483647))
# call: saturating(i16(30000), i16(10000))
# call: saturating(i16(-30000), i16(-10000))
# call: ieee(f64(0.1))
# call: ieee(f32(0.1))
# call: infinities(f64(np.inf))
# call: denormals(f64(5e-324))
# call: denormals(f32(1e-45))
# call: mixed_conditions(3, 0.0, True)
# call: mixed_conditions(0, 1.5, False)
# call: min_of_mixed(f32(1.5), 2)
# call: conditional_types(5)
# call: comparisons_as_numbers(3, 4)
# call: int_of_comparison(2.5)
# call: strong_bool(arange(5))
# call: rounding_chain(2.675)
# call: accumulate_narrow(u8(arange(50) * 5))
# call: divmod_chain(1000003)
# call: gray(i32(arange(20)))


def bool_counts(x):
    count = 0
    for i in range(len(x)):
        count += x[i] > 3
        count += (i > 5) * 2
    return count


def bool_array_arithmetic(b):
    return b + b, b * 2, b + 0.5, b * b, b & True, b | False, b + i8(1)


def literals():
    return 9223372036854775807, -9223372036854775808, 0xFF, 0b1010, 0o17, 1_000_000, u64(18446744073709551615), 0xFFFF_FFFF


def float_literals():
    return 1e308, 1e-320, .5, 5., 1_0.2_5, 1e5, 1E-5, 0.1 + 0.2, 1 / 3, 2 / 4


def hash_mix(x):
    x ^= x >> u64(33)
    x *= u64(0xFF51AFD7ED558CCD)
    x ^= x >> 33
    x *= 0xC4CEB9FE1A85EC53
    x ^= x >> 33
    return x


def xorshift(x, n):
    for _ in range(n):
        x ^= x << 13
        x ^= x >> 17
        x ^= x << 5
    return x


def lcg(x, n):
    for _ in range(n):
        x = x * 6364136223846793005 + 1442695040888963407
    return x


def wrapping(x):
    return x + 1, x * 2, x * x, -x - 2


def saturating(a, b):
    wide = i32(a) + i32(b)
    return i16(min(max(wide, -32768), 32767)), a + b


def ieee(x):
    return x + x + x == x * 3, x * 10 == 1, (x + 0.2) + 0.3 == x + (0.2 + 0.3), x - x, x / 3 * 3


def infinities(x):
    return x - x, x * 0, x / x, -x, x > 1e308, x + 1 == x, 1 / x, x % 3.0, 3.0 % x


def denormals(x):
    return x / 2, x * 0.5, x + x, -x, x > 0, x * 1e300


def mixed_conditions(a, b, c):
    result = 0
    if a and not b or c:
        result += 1
    if (a or b) and c:
        result += 2
    if not (a and b and c):
        result += 4
    return result


def min_of_mixed(a, b):
    return max(a, 1), min(a, f32(b)), max(a, f32(b)) + min(b, 3)


def conditional_types(n):
    a = 1 if n > 3 else 2
    b = 0.5 if n > 3 else 1.5
    c = a * b if n > 10 else b * 2
    return a, b, c, i8(1) if n > 3 else i8(2)


def comparisons_as_numbers(a, b):
    return (a < b) + (a > b), (a < b) * 10, (a == b) - (a != b), -(a < b), (a < b) / 2


def int_of_comparison(x):
    return int(x > 2), float(x < 2), bool(x), int(x > 2) + int(x > 3)


def strong_bool(x):
    a = x[1] > 0
    b = x[0] > 0
    return a & b, a | b, a ^ b, ~a, not a, a and b, a + 1, a * 2.5


def rounding_chain(x):
    return round(x * 100) / 100, int(x * 100), int(-x), -int(x), round(-x), math.floor(-x), math.ceil(-x)


def accumulate_narrow(x):
    total = u8(0)
    wide = 0
    top = x[0]
    for i in range(len(x)):
        total += x[i]
        wide += int(x[i])
        top = max(top, x[i])
    return total, wide, top


def divmod_chain(n):
    digits = 0
    reversed_digits = 0
    while n > 0:
        n, digit = n // 10, n % 10
        reversed_digits = reversed_digits * 10 + digit
        digits += 1
    return digits, reversed_digits


def gray(x):
    for i in range(len(x)):
        x[i] = x[i] ^ (x[i] >> 1)
    return x ^ (x << 1)
