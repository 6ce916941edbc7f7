"""`//` and `%` round and sign as Python does, for integers and floats, also at the edges."""

# call: both(7, 3)
# call: both(-7, 3)
# call: both(7, -3)
# call: both(-7, -3)
# call: both(6, 3)
# call: both(-6, 3)
# call: both(6, -3)
# call: both(0, -3)
# call: both(i8(-128), i8(-1))
# call: both(i8(-128), i8(127))
# call: both(i8(127), i8(-128))
# call: both(i16(-32768), i16(-1))
# call: both(i32(-2147483648), i32(-1))
# call: both(i64(-9223372036854775807), i64(2))
# call: both(u8(255), u8(2))
# call: both(u64(18446744073709551615), u64(10))
# call: both(7.5, 2.0)
# call: both(-7.5, 2.0)
# call: both(7.5, -2.0)
# call: both(-7.5, -2.0)
# call: both(6.0, 3.0)
# call: both(-6.0, 3.0)
# call: both(0.0, -3.0)
# call: both(-0.0, 3.0)
# call: both(1e300, 1e-10)
# call: both(0.1, 0.01)
# call: both(1.0, 0.1)
# call: both(f64(5.0), f64(np.inf))
# call: both(f64(-5.0), f64(np.inf))
# call: both(f64(5.0), f64(-np.inf))
# call: both(f64(np.inf), f64(5.0))
# call: both(f64(np.nan), f64(5.0))
# call: both(f64(5.0), f64(0.0))
# call: both(f64(-5.0), f64(0.0))
# call: both(f64(0.0), f64(0.0))
# call: both(f32(7.5), f32(-2.0))
# call: both(f32(1.0), f32(0.1))
# call: both(f32(-1.0), f32(0.1))
# call: by_constants(17)
# call: by_constants(-17)
# call: by_constants(i32(-17))
# call: by_constants(i64(-9223372036854775807))


def both(a, b):
    return a // b, a % b


def by_constants(n):
    return n // 2, n % 2, n // 8, n % 8, n // -4, n % -4, n // 10, n % 10, n // -7, n % -7, n // 1, n % 1, n // -1, n % -1
