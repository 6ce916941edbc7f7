"""degrees, radians and sinc: by the formulas of CPython and NumPy, so the same bits but for the sine in sinc."""

RADIAN = 57.29577951308232  # 180 / pi
RADIAN_F32 = 57.2957763671875  # 180 / pi in f32 arithmetic
DEGREE = 0.017453292519943295  # pi / 180
DEGREE_F32 = 0.01745329238474369  # pi / 180 in f32 arithmetic


def degrees(x: f64):
    """An angle in radians, in degrees."""
    return x * RADIAN


def degrees_f32(x: f32):
    """An angle in radians, in degrees."""
    return x * f32(RADIAN_F32)


def radians(x: f64):
    """An angle in degrees, in radians."""
    return x * DEGREE


def radians_f32(x: f32):
    """An angle in degrees, in radians."""
    return x * f32(DEGREE_F32)


def sine_ratio(x: f64):
    """sin x / x, 1 at 0."""
    return select(x == 0.0, 1.0, sin(x) / x)


def sine_ratio_f32(x: f32):
    """sin x / x, 1 at 0."""
    return select(x == 0.0, f32(1.0), sin_f32(x) / x)
