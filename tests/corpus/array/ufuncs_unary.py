"""NumPy's elementwise functions of one operand, on every dtype that has a loop of its own."""

# call: signed(i8(arange(9) * 61 - 128))
# call: signed(i16(arange(129) * 511 - 32768))
# call: signed(i32(arange(9) * 100000 - 400000))
# call: signed(arange(9) - 4)
# call: signed(full(3, -9223372036854775808))
# call: signed(f32(normal(129)))
# call: signed(normal(129) * 10)
# call: signed(full(3, np.nan))
# call: signed(full(8, -0.0))
# call: signed(full(1, -np.inf))
# call: signed(zeros(0))
# call: unsigned(u8(arange(9) * 31))
# call: unsigned(u16(arange(7) * 9999))
# call: unsigned(u32(arange(8) * 500000000))
# call: unsigned(u64(arange(129) * 77777777777))
# call: positive(normal((3, 4)))
# call: positive(u8(arange(9)))
# call: rounding(normal(129) * 10)
# call: rounding(f32(normal(9)) * f32(10))
# call: rounding(i8(arange(9) - 4))
# call: rounding(u64(arange(9)))
# call: rounding(arange(4) > 1)
# call: rounding(full(3, -0.5))
# call: rounding(full(3, np.inf))
# call: to_even(normal(129) * 10)
# call: to_even(arange(9) - 4)
# call: to_even(i16(arange(9) - 4))
# call: to_even(u32(arange(9)))
# call: bits(i8(arange(9) * 61 - 128))
# call: bits(u8(arange(129)))
# call: bits(i16(arange(9) * 8191 - 32768))
# call: bits(u16(arange(9) * 7777))
# call: bits(i32(arange(9) * 123456789))
# call: bits(u32(arange(9) * 123456789))
# call: bits(arange(9) * 1234567890123456789)
# call: bits(full(3, -9223372036854775808))
# call: bits(u64(arange(9)) * u64(1234567890123456789))
# call: bits(arange(4) > 1)
# call: truths(normal(9))
# call: truths(full(3, np.nan))
# call: truths(arange(9) - 4)
# call: truths(u8(arange(9) - 4))
# call: truths(arange(4) > 1)
# call: of_bool(arange(4) > 1)
# call: reciprocals(i8(arange(4) + 1))
# call: reciprocals(i64(arange(9) * 2 - 9))
# call: reciprocals(u32(arange(5) + 1))
# call: reciprocals(f32(uniform(9)))
# call: reciprocals(uniform(129) - 0.5)
# call: reciprocals(full(3, -0.0))
# call: numbers(-3, 2.5, True)
# call: numbers(7, -0.5, False)
# call: matrix(normal((3, 5)))
# call: matrix(i16(uniform((3, 4)) * 30))
# call: replaced(full(3, np.nan))
# call: replaced(full(3, np.inf))
# call: replaced(f32(full(3, -np.inf)))
# call: replaced(normal(9))
# call: replaced(i8(arange(9)))
# call: independent(arange(4), normal(4))


def signed(x):
    return np.abs(x), np.absolute(x), np.sign(x), np.square(x), np.negative(x), np.conj(x), np.real(x), np.imag(x)


def unsigned(x):
    return np.abs(x), np.sign(x), np.square(x), np.negative(x), np.conjugate(x)


def positive(x):
    return np.positive(x), +x


def rounding(x):
    return np.floor(x), np.ceil(x), np.trunc(x), np.fix(x)


def to_even(x):
    return np.rint(x), np.fabs(x), np.sqrt(np.fabs(x))


def bits(x):
    return np.bitwise_count(x), np.invert(x), np.bitwise_not(x), np.bitwise_invert(x)


def truths(x):
    return np.logical_not(x)


def of_bool(x):
    return np.square(x), np.conj(x), np.abs(x), np.floor(x), np.reciprocal(x | True), np.nan_to_num(x)


def reciprocals(x):
    return np.reciprocal(x)


def numbers(i, f, b):
    return (
        np.abs(i), np.sign(i), np.square(i), np.negative(i), np.floor(f), np.rint(f), np.sign(f), np.square(b),
        np.logical_not(i), np.logical_not(f), np.invert(b), np.invert(i), np.bitwise_count(i), np.nan_to_num(f),
        np.positive(i), np.reciprocal(f), np.conj(f), np.abs(b), np.real(i), np.imag(f),
    )


def matrix(x):
    return np.sign(x), np.square(x), np.negative(x)


def replaced(x):
    return np.nan_to_num(x), np.nan_to_num(x, nan=1.5), np.nan_to_num(x, posinf=2.0, neginf=-2.0)


def independent(x, y):
    a, b, c, d = np.positive(x), np.floor(x), +y, y**1
    a[0], b[1], c[2], d[3] = 50, 51, 52, 53
    return a, b, c, d, x, y
