"""log, log2, log10, log1p, logaddexp and logaddexp2: logarithms.

Method. x = 2**k m with m in [sqrt(1/2), sqrt(2)); with f = m - 1 (exact) and s = f / (2 + f),
ln m = 2 atanh(s) = f - f*f/2 + s (f*f/2 + R(s*s)), R a minimax polynomial (Remez), so that the error of the
quotient only meets small terms (the form is that of K. C. Ng in FDLIBM, e_log.c, 1993). k ln2 is added in two parts.
log2 and log10 carry ln m in two parts and multiply by a constant in two parts. log1p keeps what 1 + x loses.
logaddexp: the larger number plus ln(1 + e**d), d the difference, everything in two parts.

Worst errors are the largest seen against a 113-bit reference: 20 million or more
arguments per function (random bits, log-uniform, uniform, neighbours of special values).
For f32, against f64: every 29th bit pattern.
"""

LN2_HI = 0.6931471805592082
LN2_LO = 7.371002565167799e-13
LN2 = 0.6931471805599453
LN2_REST = 2.3190468138462996e-17
LOG2_E = 1.4426950408889634
LOG2_E_LO = 2.0355273740931033e-17
LOG10_E = 0.4342944819032518
LOG10_E_LO = 1.098319650216765e-17
LOG10_2_HI = 0.30102999566383914  # 42 bits
LOG10_2_LO = 1.42050232272661e-13
SMALLEST_NORMAL = 2.2250738585072014e-308
TWO_54 = 18014398509481984.0
EXPONENT_BIAS = 4503599627371519.0  # 2**52 + 1023, where 2**52 turns an integer in the low bits into an f64
EXPONENT_BIAS_54 = 4503599627371573.0  # the same for an argument that was multiplied by 2**54
EXPONENT_FIELD = 0x4330000000000000  # the bits of 2**52
SQRT_HALF = 0x3FE6A09E667F3BCD  # the bits of sqrt(1/2)
ONE_LESS_SQRT_HALF = 0x00095F619980C433  # the bits of 1.0 less those of sqrt(1/2)
MANTISSA = 0x000FFFFFFFFFFFFF
INFINITY = from_bits(0x7FF0000000000000)
NAN = from_bits(0x7FF8000000000000)


def log(x: f64):
    """ln x; log(0) = -inf, NaN below 0. Worst error 0.87 ulp."""
    tiny = x < SMALLEST_NORMAL
    n = bits(select(tiny, x * TWO_54, x)) + ONE_LESS_SQRT_HALF
    k = from_bits(i64(u64(n) >> 52) | EXPONENT_FIELD) - select(tiny, EXPONENT_BIAS_54, EXPONENT_BIAS)
    f = from_bits((n & MANTISSA) + SQRT_HALF) - 1.0
    s = f / (f + 2.0)
    z = s * s
    half = f * (f * 0.5)
    tail = fma(s, fma(z, _log_series(z), half), k * LN2_LO) - half
    y = fma(k, LN2_HI, f + tail)
    return _log_edges(x, y)


def _log_series(z: f64):
    """(2 atanh(s) - 2s) / (s z) for z = s*s."""
    p = fma(z, 0.14795921238087448, 0.15314053236731334)
    p = fma(z, p, 0.1818356422683787)
    p = fma(z, p, 0.22222198575025684)
    p = fma(z, p, 0.2857142874236938)
    p = fma(z, p, 0.3999999999941477)
    return fma(z, p, 0.6666666666666734)


def _log_edges(x: f64, y: f64):
    """y, or the logarithm of x where x is 0, negative, infinite or NaN."""
    y = select(x < INFINITY, y, x)
    y = select(x < 0.0, NAN, y)
    return select(x == 0.0, -INFINITY, y)


def log_f32(x: f32):
    """ln x, computed in f64: no f32 is subnormal there. Worst error 0.52 ulp."""
    wide = f64(x)
    n = bits(wide) + ONE_LESS_SQRT_HALF
    k = from_bits(i64(u64(n) >> 52) | EXPONENT_FIELD) - EXPONENT_BIAS
    f = from_bits((n & MANTISSA) + SQRT_HALF) - 1.0
    s = f / (f + 2.0)
    z = s * s
    p = fma(z, 0.29871699178539973, 0.399775422725858)
    p = fma(z, p, 0.6666677638019772)
    p = fma(z, p, 2.0)
    y = fma(k, LN2, s * p)
    return f32(_log_edges(wide, y))


def log2(x: f64):
    """The logarithm to base 2, exact at powers of 2. Worst error 0.72 ulp."""
    tiny = x < SMALLEST_NORMAL
    n = bits(select(tiny, x * TWO_54, x)) + ONE_LESS_SQRT_HALF
    k = from_bits(i64(u64(n) >> 52) | EXPONENT_FIELD) - select(tiny, EXPONENT_BIAS_54, EXPONENT_BIAS)
    f = from_bits((n & MANTISSA) + SQRT_HALF) - 1.0
    s = f / (f + 2.0)
    z = s * s
    half = f * (f * 0.5)
    ln = f - half
    rest = f - ln - half + fma(s, fma(z, _log_series(z), half), -fma(f, f * 0.5, -half))
    scaled = ln * LOG2_E
    low = fma(ln, LOG2_E, -scaled) + fma(ln, LOG2_E_LO, rest * LOG2_E)
    y = k + scaled
    return _log_edges(x, y + (k - y + scaled + low))


def log2_f32(x: f32):
    """The logarithm to base 2, computed in f64. Worst error 0.51 ulp."""
    return f32(log2(f64(x)))


def log10(x: f64):
    """The logarithm to base 10. Worst error 0.69 ulp."""
    tiny = x < SMALLEST_NORMAL
    n = bits(select(tiny, x * TWO_54, x)) + ONE_LESS_SQRT_HALF
    k = from_bits(i64(u64(n) >> 52) | EXPONENT_FIELD) - select(tiny, EXPONENT_BIAS_54, EXPONENT_BIAS)
    f = from_bits((n & MANTISSA) + SQRT_HALF) - 1.0
    s = f / (f + 2.0)
    z = s * s
    half = f * (f * 0.5)
    ln = f - half
    rest = f - ln - half + fma(s, fma(z, _log_series(z), half), -fma(f, f * 0.5, -half))
    scaled = ln * LOG10_E
    low = fma(ln, LOG10_E, -scaled) + fma(ln, LOG10_E_LO, rest * LOG10_E)
    base = k * LOG10_2_HI
    y = base + scaled
    return _log_edges(x, y + (base - y + scaled + fma(k, LOG10_2_LO, low)))


def log10_f32(x: f32):
    """The logarithm to base 10, computed in f64. Worst error 0.51 ulp."""
    return f32(log10(f64(x)))


def log1p(x: f64):
    """ln(1 + x), exact to the last place also near 0. Worst error 0.92 ulp."""
    one = x + 1.0
    lost = select(x < 1.0, x - (one - 1.0), 1.0 - (one - x))
    n = bits(one) + ONE_LESS_SQRT_HALF
    e = i64(u64(n) >> 52)
    k = from_bits(e | EXPONENT_FIELD) - EXPONENT_BIAS
    m = from_bits((n & MANTISSA) + SQRT_HALF) - 1.0
    c = lost * (0.5 * from_bits((2047 - e) << 52))
    f = m + c
    fl = m - f + c
    s = f / (f + 2.0)
    z = s * s
    half = f * (f * 0.5)
    tail = fma(s, fma(z, _log_series(z), half), fma(k, LN2_LO, fl)) - half
    y = fma(k, LN2_HI, f + tail)
    return select(x == 0.0, x, _log_edges(one, y))


def log1p_f32(x: f32):
    """ln(1 + x), computed in f64. Worst error 0.51 ulp."""
    return f32(log1p(f64(x)))


def _log_parts(u: f64, low: f64, doublings: f64):
    """ln((u + low) 2**doublings) in two parts, for finite u >= 1 and |low| below an ulp or two of u, or u = 1 and low < 1."""
    n = bits(u) + ONE_LESS_SQRT_HALF
    e = i64(u64(n) >> 52)
    k = from_bits(e | EXPONENT_FIELD) - EXPONENT_BIAS + doublings
    m = from_bits((n & MANTISSA) + SQRT_HALF) - 1.0
    c = low * (0.5 * from_bits((2047 - e) << 52))
    f = m + c
    fl = m - f + c
    s = f / (f + 2.0)
    z = s * s
    half = f * (f * 0.5)
    base = k * LN2_HI
    head = base + f
    rest = base - head + f + fma(k, LN2_LO, fl)
    return head, fma(s, fma(z, _log_series(z), half), rest) - half


def logaddexp(x: f64, y: f64):
    """ln(e**x + e**y). Worst error 0.60 ulp, or 1e-16 near its zeros."""
    large = select(x > y, x, y)
    d, d_rest = _below(x, y, large)
    p, p_rest, n = _exp_parts(d, d_rest)
    e = _scale(p, n)
    u = 1.0 + e
    head, tail = _log_parts(u, 1.0 - u + e + _scale(p_rest, n), 0.0)
    return _raised(x, y, large, head, tail)


def _below(x: f64, y: f64, large: f64):
    """The smaller less the larger number in two parts; below -1100 its exponential is 0."""
    small = select(x > y, y, x)
    d = small - large
    back = d - small
    rest = (small - (d - back)) - (large + back)
    near = d > -1100.0
    return select(near, d, -1100.0), select(near, rest, 0.0)


def _raised(x: f64, y: f64, large: f64, head: f64, tail: f64):
    """large + head + tail; infinities and NaN are their own."""
    s = large + head
    back = s - large
    y_finite = s + ((large - (s - back)) + (head - back) + tail)
    result = select(abs(large) < INFINITY, y_finite, large)
    return select((x == x) & (y == y), result, x + y)


def logaddexp2(x: f64, y: f64):
    """The logarithm to base 2 of 2**x + 2**y. Worst error 0.71 ulp, or 1e-16 near its zeros."""
    large = select(x > y, x, y)
    d, d_rest = _below(x, y, large)
    a = d * LN2
    p, p_rest, n = _exp_parts(a, fma(d, LN2, -a) + fma(d, LN2_REST, d_rest * LN2))
    e = _scale(p, n)
    u = 1.0 + e
    head, tail = _log_parts(u, 1.0 - u + e + _scale(p_rest, n), 0.0)
    scaled = head * LOG2_E
    low = fma(head, LOG2_E, -scaled) + fma(head, LOG2_E_LO, tail * LOG2_E)
    return _raised(x, y, large, scaled, low)


def logaddexp_f32(x: f32, y: f32):
    """ln(e**x + e**y), computed in f64. Worst error 0.51 ulp, or 1e-16 near its zeros."""
    return f32(logaddexp(f64(x), f64(y)))


def logaddexp2_f32(x: f32, y: f32):
    """The logarithm to base 2 of 2**x + 2**y, computed in f64. Worst error 0.51 ulp, or 1e-16 near its zeros."""
    return f32(logaddexp2(f64(x), f64(y)))
