"""What takes floats apart and puts them together: nextafter, spacing, ldexp, frexp, modf, remainder. All exact.

Method. A float's bits, read as an integer, count the floats up to it from zero (IEEE 754-2019, 3.4). remainder is
IEEE's, from fmod by the comparison of both candidates (as CPython's math.remainder).
"""

INFINITY = from_bits(0x7FF0000000000000)
NAN = from_bits(0x7FF8000000000000)
SMALLEST_NORMAL = 2.2250738585072014e-308
TWO_54 = 18014398509481984.0
FRACTION = 0x800FFFFFFFFFFFFF - 0x10000000000000000  # all bits of a float but its exponent
HALF = 0x3FE0000000000000  # the exponent of numbers in [1/2, 1)


def nextafter(x: f64, y: f64):
    """The neighbour of x towards y; y where they are equal."""
    b = bits(x)
    next = from_bits(select((y > x) == (x > 0.0), b + 1, b - 1))
    next = select(x == 0.0, copysign(from_bits(1), y), next)
    next = select(x == y, y, next)
    return select((x == x) & (y == y), next, x + y)


def nextafter_f32(x: f32, y: f32):
    """The neighbour of x towards y; y where they are equal."""
    b = bits(x)
    next = from_bits(select((y > x) == (x > 0.0), b + i32(1), b - i32(1)))
    next = select(x == 0.0, copysign(from_bits(i32(1)), y), next)
    next = select(x == y, y, next)
    return select((x == x) & (y == y), next, x + y)


def spacing(x: f64):
    """The distance from x to the next float away from zero, negative below zero."""
    size = abs(x)
    gap = from_bits(bits(size) + 1) - size
    return select(x < 0.0, -gap, gap)


def spacing_f32(x: f32):
    """The distance from x to the next float away from zero, negative below zero."""
    size = abs(x)
    gap = from_bits(bits(size) + i32(1)) - size
    return select(x < 0.0, -gap, gap)


def ulp(x: f64):
    """Python's math.ulp: the unit in the last place of x, finite for the largest float, infinite at infinity."""
    size = abs(x)
    b = bits(size)
    up = from_bits(b + 1)
    gap = select(up < INFINITY, up - size, size - from_bits(b - 1))
    return select(size < INFINITY, gap, size)


def frexp_mantissa(x: f64):
    """m of x = m 2**e with 1/2 <= |m| < 1; zeros, infinities and NaN are their own."""
    scaled = select(abs(x) < SMALLEST_NORMAL, x * TWO_54, x)
    m = from_bits((bits(scaled) & FRACTION) | HALF)
    return select((abs(x) < INFINITY) & (x != 0.0), m, x)


def frexp_exponent(x: f64):
    """e of x = m 2**e with 1/2 <= |m| < 1; 0 for zeros, infinities and NaN."""
    size = abs(x)
    tiny = size < SMALLEST_NORMAL
    e = (bits(select(tiny, size * TWO_54, size)) >> 52) - select(tiny, 1076, 1022)
    return select((size < INFINITY) & (size > 0.0), e, 0)


def frexp_mantissa_f32(x: f32):
    """m of x = m 2**e with 1/2 <= |m| < 1; zeros, infinities and NaN are their own."""
    return f32(frexp_mantissa(f64(x)))


def frexp_exponent_f32(x: f32):
    """e of x = m 2**e with 1/2 <= |m| < 1; 0 for zeros, infinities and NaN."""
    return frexp_exponent(f64(x))


def ldexp(x: f64, n: i64):
    """x * 2**n, rounded once."""
    n = select(n > 4000, 4000, n)
    e = select(n < -4000, -4000, n) + frexp_exponent(x)
    e = select(e > 1100, 1100, e)
    y = _scale(frexp_mantissa(x), select(e < -1100, -1100, e) + 2046)
    return select((abs(x) < INFINITY) & (x != 0.0), y, x)


def ldexp_f32(x: f32, n: i64):
    """x * 2**n: f64 holds it exactly wherever f32 does not round it to zero or infinity."""
    return f32(ldexp(f64(x), n))


def modf_fraction(x: f64):
    """x - trunc(x), with the sign of x; 0 for infinities."""
    return copysign(select(abs(x) < INFINITY, x - trunc(x), select(x == x, 0.0, x)), x)


def modf_fraction_f32(x: f32):
    """x - trunc(x), with the sign of x; 0 for infinities."""
    return f32(modf_fraction(f64(x)))


def remainder(x: f64, y: f64):
    """IEEE's remainder: x - n y with n = x / y rounded to nearest, ties to even; NaN for infinite x and for y = 0."""
    size = abs(x)
    step = abs(y)
    m = fmod(size, step)
    c = step - m
    # Where both candidates are as near, n is even.
    tie = m - 2.0 * fmod(0.5 * (size - m), step)
    r = select(m < c, m, select(m > c, -c, tie))
    r = copysign(1.0, x) * r
    r = select((step == INFINITY) & (size < INFINITY), x, r)
    return select((size < INFINITY) & (step > 0.0), r, select((x == x) & (y == y), NAN, x + y))


def heaviside(x: f64, y: f64):
    """0 below 0, y at 0, 1 above."""
    return select(x == 0.0, y, select(x < 0.0, 0.0, select(x > 0.0, 1.0, x)))


def heaviside_f32(x: f32, y: f32):
    """0 below 0, y at 0, 1 above."""
    return f32(heaviside(f64(x), f64(y)))


def isclose(a: f64, b: f64, relative: f64, absolute: f64):
    """Python's math.isclose."""
    if (relative < 0.0) | (absolute < 0.0):
        raise ValueError("tolerances must be non-negative")
    gap = abs(b - a)
    near = (gap <= abs(relative * b)) | (gap <= abs(relative * a)) | (gap <= absolute)
    finite = (abs(a) < INFINITY) & (abs(b) < INFINITY)
    return (a == b) | (near & finite)
