"""Casts between all types: truncation to i64 first, then wrapping to the width; nan and overflow become the minimum of i64."""

# call: to_integers(300)
# call: to_integers(-1)
# call: to_integers(2.9)
# call: to_integers(-2.9)
# call: to_integers(i16(-300))
# call: to_integers(u64(18446744073709551615))
# call: to_integers(f32(-129.5))
# call: to_integers(f64(np.nan))
# call: to_integers(f64(np.inf))
# call: to_integers(f64(1e19))
# call: to_integers(f64(-1e19))
# call: to_integers(f64(3e9))
# call: to_integers(f32(np.nan))
# call: to_integers(f32(1e30))
# call: to_integers(True)
# call: to_integers(bool_(False))
# call: to_floats(3)
# call: to_floats(16777217)
# call: to_floats(0.1)
# call: to_floats(1e300)
# call: to_floats(1e-300)
# call: to_floats(u64(18446744073709551615))
# call: to_floats(i64(-9223372036854775807))
# call: to_floats(u32(4294967295))
# call: to_floats(f32(0.1))
# call: to_floats(True)
# call: to_bools(0)
# call: to_bools(-3)
# call: to_bools(0.0)
# call: to_bools(-0.0)
# call: to_bools(f64(np.nan))
# call: to_bools(u8(0))
# call: to_bools(f32(1e-40))
# call: python_casts(2.9)
# call: python_casts(-2.9)
# call: python_casts(i8(-100))
# call: python_casts(f32(0.1))
# call: python_casts(True)
# call: python_casts(u64(7))
# call: long_names(200.7)


def to_integers(x):
    return i8(x), i16(x), i32(x), i64(x), u8(x), u16(x), u32(x), u64(x)


def to_floats(x):
    return f32(x), f64(x), np.float32(x), np.float64(x)


def to_bools(x):
    return bool(x), bool_(x), np.bool_(x)


def python_casts(x):
    return int(x), float(x), bool(x), int(x) + i8(1), float(x) * f32(0.5)


def long_names(x):
    return float32(x), float64(x), int32(x), int64(x), uint8(int(x)), uint16(int(x)), f32(i8(int(x)))
