"""The mathematical functions on arrays and scalars of every dtype, within a few ulp of NumPy's."""

# ulp: 5
# call: areas(normal(29))
# call: areas(f32(normal(29)))
# call: areas(linspace(-1.0, 1.0, 17))
# call: areas(zeros(0))
# call: areas(i64(arange(9)))
# call: areas(i32(arange(9)))
# call: areas(i16(arange(9)))
# call: areas(u16(arange(9)))
# call: areas(u64(arange(9)))
# call: areas(normal((3, 5)))
# call: areas(0.5)
# call: areas(1)
# call: areas(f32(0.5))
# call: areas(i16(1))
# call: circular(linspace(-1.0, 1.0, 17))
# call: circular(f32(linspace(-1.0, 1.0, 17)))
# call: circular(1)
# call: sums(uniform(29) + 1.0, normal(29))
# call: sums(f32(normal(29)) * f32(9), f32(uniform(29)))
# call: sums(f32(normal(9)), 2.0)
# call: sums(normal((3, 1)), normal(4) * 700)
# call: sums(arange(9), 3)
# call: sums(i16(arange(9)), i16(3))
# call: sums(0.5, -2.0)
# call: sums(3, 4)
# call: powers(uniform(9), normal(9))
# call: powers(f32(uniform(9)), f32(normal(9)))
# call: powers(arange(9), -2)
# call: powers(i8(arange(9)), u8(3))
# call: powers(2, -3)
# call: powers(f32(2), f32(0.5))
# call: aliases(arange(9), 3)
# call: aliases(uniform(9), 2.5)
# call: aliases(i8(arange(9)), i8(2))
# call: aliases(2, 5)
# call: sincs(linspace(-3.0, 3.0, 17))
# call: sincs(f32(linspace(-2.0, 2.0, 9)) + f32(0.1))
# call: sincs(i8(arange(4)))
# call: sincs(0.0)
# call: sincs(f32(0.5))
# call: sincs(3)
# call: sincs(True)
# call: planes(normal(9), normal(9))
# call: planes(f32(normal(9)), 2)
# call: special_one(zeros(9))
# call: special_one(f32(zeros(9)))
# call: special_two(zeros(9))
# call: special_two(f32(zeros(9)))


def areas(x):
    return np.arcsinh(x), np.arccosh(x), np.arctanh(x), np.asinh(x), np.acosh(x), np.atanh(x)


def circular(x):
    return np.asin(x), np.acos(x), np.atan(x), np.arcsin(x), np.arccos(x)


def sums(x, y):
    return np.logaddexp(x, y), np.logaddexp2(x, y)


def powers(x, y):
    return np.float_power(x, y)


def aliases(x, y):
    return np.pow(x, y), np.power(x, y)


def sincs(x):
    return np.sinc(x)


def planes(x, y):
    return np.atan2(x, y), np.arctan2(x, y), np.hypot(x, y)


def special(x):
    x[1] = -0.0
    x[2] = np.inf
    x[3] = -np.inf
    x[4] = np.nan
    x[5] = 1e-45
    x[6] = 3.4028234663852886e38
    x[7] = 1.0
    x[8] = -1.0
    return x


def special_one(x):
    y = special(x)
    return areas(y), circular(y), np.exp(y), np.log(y), np.log1p(y), np.expm1(y), np.sinh(y), np.cosh(y), np.tanh(y), np.cbrt(y), sincs(y)


def special_two(x):
    y = special(x)
    return sums(y, 1.0), sums(y, np.inf), sums(y, -np.inf), sums(np.nan, y), sums(y, y), planes(y, -1.0), planes(-0.0, y)


# call: mixed_integers(np.uint16(arange(1, 6)), np.int8(arange(-2, 3)))
# call: mixed_integers(np.int16(arange(1, 6)), np.uint16(arange(5)))
# call: mixed_integers(np.int32(arange(1, 6)), np.uint8(arange(5)))


def mixed_integers(x, y):
    """The smallest float that both convert to, not what they promote to."""
    return np.copysign(x, y), np.nextafter(x, y), np.heaviside(y, x), np.true_divide(x, y)
