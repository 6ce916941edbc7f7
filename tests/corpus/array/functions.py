"""NumPy's elementwise functions on arrays."""

# call: rounding(normal(19) * 3)
# call: rounding(f32(normal(19)) * f32(3))
# call: rounding(full(3, np.nan))
# call: rounding(full(3, -0.25))
# call: roots(uniform(19))
# call: roots(f32(uniform(19)))
# call: roots(arange(9))
# call: roots(i16(arange(9)))
# call: roots(-1 - arange(3))
# call: extremes(normal(19), uniform(19))
# call: extremes(f32(normal(19)), f32(uniform(19)))
# call: extremes(i8(arange(9) - 4), i8(full(9, 1)))
# call: extremes(u8(arange(9)), i8(arange(9) - 4))
# call: extremes(full(5, np.nan), arange(5) / 1.0)
# call: extremes(arange(5) / 1.0, full(5, np.nan))
# call: extremes(arange(9), 4)
# call: extremes(f32(arange(9)), 4.5)
# call: signs(normal(9), -1.0)
# call: signs(f32(normal(9)), f32(arange(9)) - f32(4))
# call: squares(i8(arange(9) * 10))
# call: squares(f32(uniform(9)))
# call: casts(normal(9) * 1000)
# call: casts(arange(9) * 100 - 300)
# call: casts(f32(normal(9)) * f32(1e10))
# call: casts(full(3, np.nan))
# call: casts(u8(arange(9) * 30))
# call: casts(arange(9) > 4)
# call: astypes(normal(9) * 100)
# call: astypes(i16(arange(9) * 100))
# call: integers(i32(arange(9) - 4))
# call: fused(uniform(9), normal(9), uniform(9))
# call: fused(f32(uniform(9)), f32(normal(9)), f32(uniform(9)))


def rounding(x):
    return np.floor(x), np.ceil(x), np.trunc(x), np.rint(x)


def roots(x):
    return np.sqrt(x)


def extremes(x, y):
    return np.minimum(x, y), np.maximum(x, y)


def signs(x, y):
    return np.copysign(x, y), np.fabs(x), np.signbit(x), np.negative(x)


def squares(x):
    return np.square(x), x**2, x**0, x**1


def casts(x):
    return i8(x), u8(x), i16(x), u16(x), i32(x), u32(x), i64(x), u64(x), f32(x), f64(x)


def astypes(x):
    return x.astype(np.float32), x.astype(np.int64), x.astype(f64), x.astype(np.float32).astype(f64)


def integers(x):
    return np.abs(x), np.floor(x), np.invert(x), np.multiply(x, x), np.subtract(x, 1), np.mod(x, 3), np.floor_divide(x, 3)


def fused(a, b, c):
    return fma(a, b, c)
