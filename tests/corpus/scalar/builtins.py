"""`abs min max round int float len pow` and their NumPy counterparts."""

# call: absolutes(-3)
# call: absolutes(i8(-128))
# call: absolutes(u8(200))
# call: absolutes(-2.5)
# call: absolutes(f32(-2.5))
# call: absolutes(-0.0)
# call: absolutes(f64(np.nan))
# call: absolutes(True)
# call: rounds(2.5)
# call: rounds(3.5)
# call: rounds(-2.5)
# call: rounds(0.49999999999999994)
# call: rounds(f32(2.5))
# call: rounds(7)
# call: rounds(i8(7))
# call: extremes(3, 5)
# call: extremes(f32(1.5), f32(-1.5))
# call: extremes(i8(3), i8(-3))
# call: extremes(u8(3), u8(200))
# call: several(3, 1, 2)
# call: several(1.0, 3.0, 2.0)
# call: nans(f64(np.nan), f64(1.0))
# call: nans(f64(1.0), f64(np.nan))
# call: nans(f32(np.nan), f32(np.nan))
# call: numpy_extremes(i8(3), u8(200))
# call: numpy_extremes(f32(0.1), f64(0.1))
# call: numpy_extremes(f32(0.1), 0.1)
# call: numpy_extremes(f64(np.nan), 1.0)
# call: numpy_extremes(1.0, f64(np.nan))
# call: numpy_extremes(5, 3)
# call: powers(3, 4)
# call: powers(i8(3), i8(4))


def absolutes(x):
    return abs(x), np.abs(x), np.absolute(x)


def rounds(x):
    return round(x), np.rint(f64(x)), int(x)


def extremes(a, b):
    return min(a, b), max(a, b)


def several(a, b, c):
    return min(a, b, c), max(a, b, c), max(min(a, b), c)


def nans(a, b):
    return min(a, b), max(a, b)


def numpy_extremes(a, b):
    return np.minimum(a, b), np.maximum(a, b)


def powers(a, b):
    return pow(a, b), a**b
