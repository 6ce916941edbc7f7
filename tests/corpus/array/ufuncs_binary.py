"""NumPy's elementwise functions of two operands."""

# call: extremes(normal(129), uniform(129))
# call: extremes(f32(normal(9)), f32(uniform(9)))
# call: extremes(full(3, np.nan), full(3, 1.0))
# call: extremes(full(3, 1.0), full(3, np.nan))
# call: extremes(full(3, np.nan), full(3, np.nan))
# call: extremes(i8(arange(9) - 4), i8(full(9, 1)))
# call: extremes(u64(arange(9)), u64(full(9, 4)))
# call: extremes(i8(arange(9) - 4), u8(arange(9)))
# call: extremes(arange(9) - 4, 2)
# call: extremes(f32(normal(9)), 0.5)
# call: extremes(arange(4) > 1, arange(4) > 2)
# call: extremes(zeros(0), zeros(0))
# call: divisors(i8(arange(9) * 31 - 128), i8(arange(9) * 6 - 24))
# call: divisors(i16(arange(129) - 60), i16(arange(129) * 6))
# call: divisors(arange(9) * 12 - 36, 18)
# call: divisors(u8(arange(9) * 31), u8(arange(9) * 6))
# call: divisors(u64(arange(9) * 31), u64(arange(9) * 6))
# call: divisors(i32(arange(9) * 31), u8(arange(9) * 6))
# call: divisors(full(3, -9223372036854775808), arange(3) * 6)
# call: divisors(zeros(0, i64), zeros(0, i64))
# call: divisors(i8(full(3, 100)), i8(full(3, 99)))
# call: arithmetic(i8(arange(9) * 31 - 128), i8(arange(9) + 1))
# call: arithmetic(u8(arange(9) * 31), i8(arange(9) + 1))
# call: arithmetic(arange(9) - 4, 3)
# call: arithmetic(f32(normal(129)), 3)
# call: arithmetic(f32(normal(9)), 2.5)
# call: arithmetic(normal((3, 4)), uniform(4))
# call: arithmetic(u64(arange(9)), i64(arange(9) + 1))
# call: powers(i8(arange(9) - 4), i8(arange(9)))
# call: powers(u8(arange(9)), 2)
# call: powers(arange(9) - 4, 3)
# call: bitwise(i8(arange(9) * 31 - 128), i8(arange(9)))
# call: bitwise(u16(arange(9) * 7777), u16(arange(9)))
# call: bitwise(arange(129) - 64, 5)
# call: bitwise(u8(arange(9)), u16(arange(9)))
# call: booleans(arange(4) > 1, arange(4) > 2)
# call: logical(normal(9), arange(9) - 4)
# call: logical(u8(arange(9)), full(9, np.nan))
# call: logical(arange(4) > 1, 0)
# call: logical(normal((3, 1)), arange(4))
# call: compared(normal(9), normal(9))
# call: compared(full(3, np.nan), full(3, np.nan))
# call: compared(i8(arange(9) - 4), u8(arange(9)))
# call: compared(u64(arange(9)), arange(9) - 4)
# call: compared(f32(normal(9)), 0)
# call: compared(normal((3, 1)), normal((1, 4)))
# call: numbers(7, 2.5, True)
# call: numbers(-7, -2.5, False)
# call: close(normal(9), normal(9) + 1e-9)
# call: close(f32(normal(9)), normal(9))
# call: close(arange(9), arange(9))
# call: close(i8(arange(9)), 3)
# call: close(full(3, np.inf), full(3, np.inf))
# call: close(full(3, np.inf), full(3, -np.inf))
# call: close(full(3, np.nan), full(3, np.nan))
# call: close(full(3, 1.0), full(3, np.nan))
# call: close(1.0, 1.00001)
# call: close(full(1, -9223372036854775808), full(1, -9223372036854775808))


def extremes(x, y):
    return np.minimum(x, y), np.maximum(x, y), np.fmin(x, y), np.fmax(x, y)


def divisors(x, y):
    return np.gcd(x, y), np.lcm(x, y)


def arithmetic(x, y):
    return np.add(x, y), np.subtract(x, y), np.multiply(x, y), np.divide(x, y), np.true_divide(x, y), np.floor_divide(x, y)


def powers(x, y):
    return np.power(x, y), np.pow(x, y)


def bitwise(x, y):
    return (
        np.bitwise_and(x, y), np.bitwise_or(x, y), np.bitwise_xor(x, y), np.left_shift(x, y), np.right_shift(x, y),
        np.bitwise_left_shift(x, y), np.bitwise_right_shift(x, y),
    )


def booleans(x, y):
    return (
        np.bitwise_and(x, y), np.bitwise_or(x, y), np.bitwise_xor(x, y), np.left_shift(x, y), np.right_shift(x, y),
        np.add(x, y), np.multiply(x, y), np.invert(x),
    )


def logical(x, y):
    return np.logical_and(x, y), np.logical_or(x, y), np.logical_xor(x, y)


def compared(x, y):
    return (
        np.equal(x, y), np.not_equal(x, y), np.less(x, y), np.less_equal(x, y), np.greater(x, y),
        np.greater_equal(x, y),
    )


def numbers(i, f, b):
    return (
        np.add(b, b), np.add(i, b), np.add(i, f), np.multiply(b, b), np.minimum(i, f), np.fmax(i, f), np.gcd(i, 21),
        np.lcm(i, 21), np.logical_and(i, b), np.equal(i, i), np.bitwise_and(i, 3), np.left_shift(i, 2),
        np.divide(i, 2), np.floor_divide(i, 2), np.less(b, b), np.where(b, i, f),
    )


def close(x, y):
    return (
        np.isclose(x, y), np.isclose(x, y, equal_nan=True), np.isclose(x, y, 0.0, 1e-12), np.isclose(x, y, rtol=1e-3),
        np.isclose(x, y, atol=2.0),
    )
