"""`**` with constant and with integer exponents."""

# call: small_powers(3)
# call: small_powers(-2)
# call: small_powers(1.5)
# call: small_powers(f32(1.1))
# call: small_powers(i8(5))
# call: small_powers(u8(7))
# call: small_powers(i32(-300))
# call: small_powers(f64(-0.0))
# call: small_powers(f64(np.nan))
# call: integer_powers(3, 5)
# call: integer_powers(-3, 5)
# call: integer_powers(0, 0)
# call: integer_powers(i8(3), i8(7))
# call: integer_powers(i32(7), i32(11))
# call: integer_powers(u8(3), u8(9))
# call: integer_powers(i64(10), i64(18))
# call: of_constants()
# call: squares(f32(1.0000001))
# call: squares(arange(9) / 7.0)
# call: squares(f32(arange(9)) / f32(7.0))
# call: squares(i16(arange(9)) * i16(100))
# call: integer_powers(i32(arange(9)), 3)
# call: integer_powers(arange(9), arange(9))


def small_powers(x):
    return x**0, x**1, x**2


def integer_powers(x, n):
    return x**n


def of_constants():
    return 2**10, 2**-1, 2.0**0.5, 9**0.5, (-2) ** 3, -(2**4), 2**3**2, 10**-3, 1e3**2


def squares(x):
    return x**2, np.square(x), x**2 - x * x
