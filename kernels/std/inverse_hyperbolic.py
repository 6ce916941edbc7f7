"""asinh, acosh and atanh: the inverse hyperbolic functions.

Method. asinh x = ln(x + sqrt(x*x + 1)), acosh x = ln(x + sqrt(x*x - 1)), atanh x = ln((1 + x) / (1 - x)) / 2: the
argument of the logarithm in two parts, the root and the quotient keep their rounding errors, and the second part
goes into the logarithm of log.py as 1 + x does in log1p. Near the zeros odd minimax polynomials (Remez), for acosh
in sqrt(2 (x - 1)) (the forms are those of FDLIBM, s_asinh.c, 1993). Both are evaluated and one is selected.

Worst errors are the largest seen against a 113-bit reference: 2 million or more arguments per function (random bits,
log-uniform, uniform, neighbours of integers, of half integers and of zeros). f32 functions do the same in f32;
theirs are the largest of all arguments, against f64.
"""

INFINITY = from_bits(0x7FF0000000000000)
NAN = from_bits(0x7FF8000000000000)
TWO_28 = 268435456.0
TWO_13 = 8192.0


def asinh(x: f64):
    """The number whose sinh is x. Worst error 0.63 ulp."""
    size = abs(x)
    z = size * size
    near = fma(size * z, _asinh_series(z), size)
    # From 2**28 on the 1 below the root is lost: ln(2 size), where 2 size could overflow.
    huge = size >= TWO_28
    square = select(huge, 1.0, z)
    s = square + 1.0
    rest = select(square > 1.0, square - s + 1.0, 1.0 - s + square) + fma(size, size, -square)
    root = sqrt(s)
    root_rest = (fma(-root, root, s) + rest) / (root + root)
    u = root + size
    low = select(size > root, size - u + root, root - u + size) + root_rest
    far = _log_sum(select(huge, size, u), select(huge, 0.0, low), select(huge, 1.0, 0.0))
    return copysign(select(size < 0.5, near, far), x)


def _asinh_series(z: f64):
    """(asinh(s) - s) / s**3 for z = s*s <= 1/4."""
    p = fma(z, 0.0017886216433976728, -0.004854307790088345)
    p = fma(z, p, 0.007536383768596785)
    p = fma(z, p, -0.009561109583017664)
    p = fma(z, p, 0.011519502433700195)
    p = fma(z, p, -0.01396127315592096)
    p = fma(z, p, 0.01735249779803847)
    p = fma(z, p, -0.02237214611575181)
    p = fma(z, p, 0.030381944059050037)
    p = fma(z, p, -0.044642857136660344)
    p = fma(z, p, 0.07499999999995799)
    return fma(z, p, -0.1666666666666666)


def _log_sum(u: f64, low: f64, doublings: f64):
    """ln((u + low) 2**doublings) for u >= 1 and |low| below an ulp or two of u; inf and NaN as they come."""
    head, tail = _log_parts(u, low, doublings)
    return select(u < INFINITY, head + tail, u)


def asinh_f32(x: f32):
    """The number whose sinh is x. Worst error 0.83 ulp."""
    size = abs(x)
    z = size * size
    near = fma(z, f32(-0.013226639), f32(0.028162582))
    near = fma(z, near, f32(-0.04438317))
    near = fma(z, near, f32(0.07498641))
    near = fma(z, near, f32(-0.16666643))
    near = fma(size * z, near, size)
    huge = size >= f32(TWO_13)
    square = select(huge, f32(1.0), z)
    s = square + f32(1.0)
    rest = select(square > f32(1.0), square - s + f32(1.0), f32(1.0) - s + square) + fma(size, size, -square)
    root = sqrt(s)
    root_rest = (fma(-root, root, s) + rest) / (root + root)
    u = root + size
    low = select(huge, f32(0.0), root - u + size + root_rest)
    far = _log_sum_f32(select(huge, size, u), low, select(huge, f32(1.0), f32(0.0)))
    return copysign(select(size < f32(0.5), near, far), x)


def _log_sum_f32(u: f32, low: f32, doublings: f32):
    """ln((u + low) 2**doublings) for u >= 1 and |low| below an ulp or two of u; inf and NaN as they come."""
    f, k, rest = _log_split_sum_f32(u, low)
    return select(u < f32(INFINITY), _log_whole_f32(f, k + doublings, rest), u)


def acosh(x: f64):
    """The number at least 0 whose cosh is x, NaN below 1. Worst error 0.65 ulp."""
    t = x - 1.0
    double = t + t
    s = sqrt(double)
    s_rest = select(s > 0.0, fma(-s, s, double) / (s + s), 0.0)
    near = s + fma(s * t, _acosh_series(t), s_rest)
    huge = x >= TWO_28
    square = select(huge, 2.0, x * x)
    r = square - 1.0
    root = sqrt(r)
    rest = square - r - 1.0 + fma(x, x, -square)
    root_rest = (fma(-root, root, r) + rest) / (root + root)
    u = x + root
    low = x - u + root + root_rest
    far = _log_sum(select(huge, x, u), select(huge, 0.0, low), select(huge, 1.0, 0.0))
    return select(x < 1.0, NAN, select(t < 0.5, near, far))


def _acosh_series(t: f64):
    """(acosh(1 + t) / sqrt(2t) - 1) / t for 0 <= t <= 1/2."""
    p = fma(t, 4.3220002281110207e-07, -2.3569445365652107e-06)
    p = fma(t, p, 7.342438462428535e-06)
    p = fma(t, p, -1.8661163353737787e-05)
    p = fma(t, p, 4.499200906724146e-05)
    p = fma(t, p, -0.00010907058402313272)
    p = fma(t, p, 0.00027113239948659804)
    p = fma(t, p, -0.0006991295163174746)
    p = fma(t, p, 0.0018988714996601213)
    p = fma(t, p, -0.0055803571419008515)
    p = fma(t, p, 0.018749999999985792)
    return fma(t, p, -0.08333333333333329)


def acosh_f32(x: f32):
    """The number at least 0 whose cosh is x, NaN below 1. Worst error 0.84 ulp."""
    t = x - f32(1.0)
    double = t + t
    s = sqrt(double)
    s_rest = select(s > f32(0.0), fma(-s, s, double) / (s + s), f32(0.0))
    near = fma(t, f32(-0.00041333245), f32(0.0017601614))
    near = fma(t, near, f32(-0.005547896))
    near = fma(t, near, f32(0.018746603))
    near = fma(t, near, f32(-0.08333322))
    near = s + fma(s * t, near, s_rest)
    huge = x >= f32(TWO_13)
    square = select(huge, f32(2.0), x * x)
    r = square - f32(1.0)
    root = sqrt(r)
    rest = square - r - f32(1.0) + fma(x, x, -square)
    root_rest = (fma(-root, root, r) + rest) / (root + root)
    u = x + root
    low = select(huge, f32(0.0), x - u + root + root_rest)
    far = _log_sum_f32(select(huge, x, u), low, select(huge, f32(1.0), f32(0.0)))
    return select(x < f32(1.0), f32(NAN), select(t < f32(0.5), near, far))


def atanh(x: f64):
    """The number whose tanh is x; infinite at 1 and -1, NaN beyond. Worst error 0.73 ulp."""
    size = abs(x)
    z = size * size
    near = fma(size * z, _atanh_series(z), size)
    bottom = 1.0 - size
    top = 1.0 + size
    top_rest = 1.0 - top + size
    u = top / bottom
    far = _log_sum(u, (fma(-u, bottom, top) + top_rest) / bottom, 0.0) * 0.5
    far = select(size < 1.0, far, select(size == 1.0, INFINITY, NAN))
    return copysign(select(size < 0.5, near, far), x)


def _atanh_series(z: f64):
    """(atanh(s) - s) / s**3 for z = s*s <= 1/4."""
    p = fma(z, 0.21475854972526842, -0.13637123492742206)
    p = fma(z, p, 0.1328601184370362)
    p = fma(z, p, 0.01970231465653422)
    p = fma(z, p, 0.05841180637318303)
    p = fma(z, p, 0.05800625777250567)
    p = fma(z, p, 0.06674597872986283)
    p = fma(z, p, 0.07691787014817938)
    p = fma(z, p, 0.09090931399899914)
    p = fma(z, p, 0.11111110527331136)
    p = fma(z, p, 0.14285714293976462)
    p = fma(z, p, 0.1999999999995089)
    return fma(z, p, 0.33333333333333387)


def atanh_f32(x: f32):
    """The number whose tanh is x; infinite at 1 and -1, NaN beyond. Worst error 0.72 ulp."""
    size = abs(x)
    z = size * size
    near = fma(z, f32(0.17639935), f32(0.051589616))
    near = fma(z, near, f32(0.11816762))
    near = fma(z, near, f32(0.14223745))
    near = fma(z, near, f32(0.20002455))
    near = fma(z, near, f32(0.33333302))
    near = fma(size * z, near, size)
    bottom = f32(1.0) - size
    top = f32(1.0) + size
    top_rest = f32(1.0) - top + size
    u = top / bottom
    far = _log_sum_f32(u, (fma(-u, bottom, top) + top_rest) / bottom, f32(0.0)) * f32(0.5)
    far = select(size < f32(1.0), far, select(size == f32(1.0), f32(INFINITY), f32(NAN)))
    return copysign(select(size < f32(0.5), near, far), x)
