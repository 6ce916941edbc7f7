"""frexp, ldexp, modf, divmod, nextafter, spacing, fmod and the like, to the bit, on arrays and scalars of every dtype."""

# call: special_apart(zeros(19))
# call: special_apart(f32(zeros(19)))
# call: special_pairs(zeros(19))
# call: special_pairs(f32(zeros(19)))
# call: special_scaled(zeros(19))
# call: special_scaled(f32(zeros(19)))
# call: apart(normal(129))
# call: apart(f32(normal(129)))
# call: apart(normal((3, 5)))
# call: apart(zeros(0))
# call: in_parallel(normal(129))
# call: in_parallel(f32(arange(9)) / f32(4))
# call: apart(i64(arange(9)) - 4)
# call: apart(i32(arange(9)))
# call: apart(i16(arange(9)))
# call: apart(u16(arange(9)))
# call: apart(2.5)
# call: apart(7)
# call: apart(f32(-2.5))
# call: apart(i16(3))
# call: scaled(normal(9), arange(9) - 4)
# call: scaled(f32(normal(9)), arange(9))
# call: scaled(f32(normal(9)), u8(arange(9)))
# call: scaled(f32(normal(9)), u32(arange(9)))
# call: scaled(i16(arange(9)), i8(arange(9)))
# call: scaled(normal((3, 1)), arange(4))
# call: scaled(1.5, i32(arange(4)))
# call: scaled(normal(7), 3)
# call: scaled(1.5, 3)
# call: scaled(3, 3)
# call: scaled(f32(1.5), i64(3))
# call: scaled(normal(7), True)
# call: quotients(normal(129), 0.3)
# call: quotients(f32(normal(129)), f32(0.3))
# call: quotients(f32(normal(9)), 0.3)
# call: quotients(arange(9) - 4, 3)
# call: quotients(arange(9) - 4, arange(9) - 5)
# call: quotients(i8(arange(9) - 4), i8(3))
# call: quotients(u8(arange(9)), u8(3))
# call: quotients(u8(arange(9)), i8(arange(9) - 4))
# call: quotients(u64(arange(9)), u64(4))
# call: quotients(i32(arange(9)), f32(2.5))
# call: quotients(arange(4) > 1, arange(4) > 0)
# call: quotients(normal((3, 1)), normal(4))
# call: quotients(7.5, 2.0)
# call: quotients(-7, 2)
# call: quotients(i8(-7), i8(2))
# call: smallest(zeros(3, i64))
# call: steps(normal(129), 0.0)
# call: steps(f32(normal(129)), f32(0.0))
# call: steps(f32(normal(9)), 10.0)
# call: steps(i32(arange(9)), 4)
# call: steps(i16(arange(9)), i16(4))
# call: steps(normal((2, 1)), normal(3))
# call: steps(1.0, 2)
# call: steps(3, 4)
# call: angles(normal(129) * 100)
# call: angles(f32(normal(129)) * f32(100))
# call: angles(arange(9))
# call: angles(u16(arange(9)))
# call: angles(1)
# call: angles(f32(1))
# call: tests(i8(arange(4)))
# call: tests(u8(arange(4)))
# call: tests(arange(4) > 1)
# call: tests(u64(arange(4)))
# call: tests(i16(arange(4)) - i16(2))
# call: tests(-3)
# call: tests(normal(5))


def special(x):
    x[1] = -0.0
    x[2] = np.inf
    x[3] = -np.inf
    x[4] = np.nan
    x[5] = 5e-324
    x[6] = -2.5e-320
    x[7] = 1e-45
    x[8] = -1.1754943508222875e-38
    x[9] = 2.2250738585072014e-308
    x[10] = 1.7976931348623157e308
    x[11] = 3.4028234663852886e38
    x[12] = -3.4028234663852886e38
    x[13] = 1.0
    x[14] = -1.0
    x[15] = 0.1
    x[16] = -2.5
    x[17] = 4503599627370497.5
    x[18] = 7.0
    return x


def apart(x):
    m, e = np.frexp(x)
    fraction, whole = np.modf(x)
    return m, e, fraction, whole, np.spacing(x), np.ldexp(m, e)


def special_apart(x):
    return apart(special(x))


def scaled(x, n):
    return np.ldexp(x, n)


def special_scaled(x):
    y = special(x)
    return np.ldexp(y, 1), np.ldexp(y, -1), np.ldexp(y, 2000), np.ldexp(y, -1074), np.ldexp(y, -149), np.ldexp(y, -2100), np.ldexp(y, i64(-1022)), np.ldexp(y, 1022)


def quotients(x, y):
    return np.divmod(x, y), np.fmod(x, y), np.mod(x, y), np.floor_divide(x, y)


def smallest(x):
    x[:] = -9223372036854775807 - 1
    return np.fmod(x, -1), np.fmod(x, 0), np.fmod(x, 7), np.fmod(x, x), np.fmod(7, x)


def steps(x, y):
    return np.nextafter(x, y), np.heaviside(x, y), np.copysign(x, y)


def special_pairs(x):
    a = special(x)
    return steps(a, 0.0), steps(a, 3.0), steps(a, -np.inf), steps(a, np.nan), steps(1.0, a), steps(0.0, a), np.fmod(a, 0.3), np.fmod(1e30, a), np.fmod(a, np.inf), np.divmod(a, 0.3), np.divmod(1.0, a)


def angles(x):
    return np.degrees(x), np.radians(x), np.rad2deg(x), np.deg2rad(x)


def tests(x):
    return np.isnan(x), np.isinf(x), np.isfinite(x), np.signbit(x)


def in_parallel(x):
    m = np.zeros_like(x)
    e = np.zeros(len(x), np.int32)
    w = np.zeros(len(x))
    for i in prange(len(x)):
        m[i], e[i] = np.frexp(x[i])
        fraction, whole = math.modf(x[i])
        w[i] = whole - fraction
    return m, e, w
