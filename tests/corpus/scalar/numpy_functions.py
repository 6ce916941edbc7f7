"""NumPy's elementwise functions on scalars."""

# call: rounding(2.5)
# call: rounding(-2.5)
# call: rounding(f32(2.7))
# call: rounding(-0.3)
# call: rounding(f64(np.nan))
# call: integers(7)
# call: integers(i8(-7))
# call: integers(u16(7))
# call: roots(2.0)
# call: roots(f32(2.0))
# call: roots(2)
# call: roots(i32(2))
# call: roots(i64(2))
# call: roots(-1.0)
# call: tests(1.0)
# call: tests(f32(np.nan))
# call: tests(-0.0)
# call: tests(f64(-np.inf))
# call: named(7, 2)
# call: named(i8(7), i8(2))
# call: named(7.5, 2)
# call: named(f32(7.5), f32(2))
# call: signs(3.0, -0.0)
# call: signs(f32(3.0), -1)
# call: signs(3, -2)
# call: chosen(True, 1, 2)
# call: chosen(False, 1.5, 2)
# call: chosen(True, f32(1.5), 2)
# call: chosen(True, i8(1), u8(2))
# call: fused(f64(0.1), f64(10.0), f64(-1.0))
# call: fused(f32(0.1), f32(10.0), f32(-1.0))


def rounding(x):
    return np.floor(x), np.ceil(x), np.trunc(x), np.rint(x)


def integers(x):
    return np.floor(x), np.ceil(x), np.trunc(x), np.negative(x), np.square(x), np.abs(x), np.invert(x)


def roots(x):
    return np.sqrt(x), np.fabs(f64(x))


def tests(x):
    return np.isnan(x), np.isinf(x), np.isfinite(x), np.signbit(x)


def named(a, b):
    return (np.add(a, b), np.subtract(a, b), np.multiply(a, b), np.divide(a, b), np.floor_divide(a, b),
            np.mod(a, b), np.remainder(a, b), np.power(a, 2))


def signs(a, b):
    return np.copysign(a, b), np.fmod(f64(a), 2.0)


def chosen(condition, a, b):
    return np.where(condition, a, b) + 0


def fused(a, b, c):
    return fma(a, b, c), a * b + c
