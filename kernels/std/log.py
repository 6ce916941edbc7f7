"""log, log2, log10, log1p, logaddexp and logaddexp2: logarithms.

Method. x = 2**k m with m in [sqrt(1/2), sqrt(2)); with f = m - 1 (exact) and s = f / (2 + f),
ln m = 2 atanh(s) = f - s (f - R(s*s)), R a minimax polynomial (Remez), so that the error of the
quotient only meets small terms. log2, log10 and log1p take f - f*f/2 + s (f*f/2 + R(s*s)), where it meets still
smaller ones (both forms are those of K. C. Ng in FDLIBM, e_log.c, 1993). k ln2 is added in two parts. One comparison
finds what is no normal positive number, which a branch does again. log2 and log10 carry ln m in two parts and multiply
by a constant in two parts. log1p keeps what 1 + x loses.
logaddexp: the larger number plus ln(1 + e**d), d the difference, everything in two parts.

Worst errors are the largest seen against a 113-bit reference: 20 million or more
arguments per function (random bits, log-uniform, uniform, neighbours of special values).
f32 functions of one argument: m in [0.6668, 1.3336), so that log10 loses no binade below 4/3, and a polynomial in
f itself. Their worst errors are the largest of all arguments, against f64.
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
INFINITY_BITS = 0x7FF0000000000000
LAST_NORMAL = -0x0020000000000001  # the bits of the largest finite number + INFINITY_BITS: normal ones give less
NAN = from_bits(0x7FF8000000000000)
SMALLEST_NORMAL_F32 = 1.1754943508222875e-38
TWO_23 = 8388608.0
INFINITY_BITS_F32 = 0x7F800000
LAST_NORMAL_F32 = -0x01000001
SPLIT_F32 = 0x3F2AB368  # the bits of 0.6668
EXPONENT_F32 = -0x800000  # all bits of the exponent, and the sign
UNIT_F32 = 1.1920928955078125e-07  # 2**-23: it makes k of k 2**23
LN2_HI_F32 = 0.693145751953125  # 16 bits
LN2_LO_F32 = 1.428606765330187e-06
LOG2_E_LO_F32 = 1.9259629911266175e-08
LOG10_E_LO_F32 = -1.0103050052231683e-08
LOG10_2_HI_F32 = 0.301025390625  # 14 bits
LOG10_2_LO_F32 = 4.605039066518657e-06


def log(x: f64):
    """ln x; log(0) = -inf, NaN below 0. Worst error 0.92 ulp."""
    y = _log_normal(bits(x), EXPONENT_BIAS)
    if _is_rare(x):
        y = _log_rare(x)
    return y


def _log_normal(b: i64, bias: f64):
    """ln of the number with the bits b, which is normal and positive; the exponent in b has this bias."""
    f, k = _log_split(b, bias)
    s = f / (f + 2.0)
    z = s * s
    w = fma(s, fma(-z, _log_series(z), f), k * -LN2_LO)
    return fma(k, LN2_HI, f - w)


def _log_rare(x: f64):
    """ln x for what is no normal positive number."""
    b, bias = _log_normalised(x)
    return _log_edges(x, _log_normal(b, bias))


def _is_rare(x: f64):
    """Whether x is anything but a normal positive number."""
    return bits(x) + INFINITY_BITS > LAST_NORMAL


def _log_normalised(x: f64):
    """The bits of x, where it is subnormal times 2**54, and the bias that their exponent has."""
    tiny = x < SMALLEST_NORMAL
    return bits(select(tiny, x * TWO_54, x)), select(tiny, EXPONENT_BIAS_54, EXPONENT_BIAS)


def _log_split(b: i64, bias: f64):
    """f and k of 2**k (1 + f), which has the bits b, with 1 + f in [sqrt(1/2), sqrt(2))."""
    n = b + ONE_LESS_SQRT_HALF
    k = from_bits(i64(u64(n) >> 52) | EXPONENT_FIELD) - bias
    return from_bits((n & MANTISSA) + SQRT_HALF) - 1.0, k


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
    """ln x. Worst error 0.94 ulp."""
    y = _log_normal_f32(bits(x), f32(0.0))
    if _is_rare_f32(x):
        b, bias = _log_normalised_f32(x)
        y = _log_edges_f32(x, _log_normal_f32(b, bias))
    return y


def _log_normal_f32(b: i32, bias: f32):
    """ln of the number with the bits b, which is normal and positive, times 2**bias."""
    f, k = _log_split_f32(b, bias)
    return fma(k, f32(LN2), fma(f * f, _log_series_f32(f), f))


def _is_rare_f32(x: f32):
    """Whether x is anything but a normal positive number."""
    return bits(x) + INFINITY_BITS_F32 > LAST_NORMAL_F32


def _log_normalised_f32(x: f32):
    """The bits of x, where it is subnormal times 2**23, and the power of 2 that this takes back."""
    tiny = x < f32(SMALLEST_NORMAL_F32)
    return bits(select(tiny, x * f32(TWO_23), x)), select(tiny, f32(-23.0), f32(0.0))


def _log_split_f32(b: i32, bias: f32):
    """f and k of 2**k (1 + f), which is 2**bias times the number with the bits b, with |f| < 0.3336."""
    e = (b - SPLIT_F32) & EXPONENT_F32
    return from_bits(b - e) - f32(1.0), fma(f32(e), f32(UNIT_F32), bias)


def _log_series_f32(f: f32):
    """(ln(1 + f) - f) / f**2."""
    p = fma(f, f32(-0.12879398), f32(0.13985638))
    p = fma(f, p, f32(-0.12187428))
    p = fma(f, p, f32(0.14005539))
    p = fma(f, p, f32(-0.16680223))
    p = fma(f, p, f32(0.20010436))
    p = fma(f, p, f32(-0.24999805))
    p = fma(f, p, f32(0.33333215))
    return fma(f, p, f32(-0.5))


def _log_edges_f32(x: f32, y: f32):
    """y, or the logarithm of x where x is 0, negative, infinite or NaN."""
    y = select(x < f32(INFINITY), y, x)
    y = select(x < f32(0.0), f32(NAN), y)
    return select(x == f32(0.0), f32(-INFINITY), y)


def log2(x: f64):
    """The logarithm to base 2, exact at powers of 2. Worst error 0.72 ulp."""
    y = _log2_normal(bits(x), EXPONENT_BIAS)
    if _is_rare(x):
        b, bias = _log_normalised(x)
        y = _log_edges(x, _log2_normal(b, bias))
    return y


def _log2_normal(b: i64, bias: f64):
    """As _log_normal, to base 2."""
    f, k = _log_split(b, bias)
    ln, rest = _log_of_fraction(f)
    scaled = ln * LOG2_E
    low = fma(ln, LOG2_E, -scaled) + fma(ln, LOG2_E_LO, rest * LOG2_E)
    y = k + scaled
    return y + (k - y + scaled + low)


def _log_of_fraction(f: f64):
    """ln(1 + f) in two parts."""
    s = f / (f + 2.0)
    z = s * s
    half = f * (f * 0.5)
    ln = f - half
    return ln, f - ln - half + fma(s, fma(z, _log_series(z), half), -fma(f, f * 0.5, -half))


def log2_f32(x: f32):
    """The logarithm to base 2, exact at powers of 2. Worst error 0.94 ulp."""
    y = _log2_normal_f32(bits(x), f32(0.0))
    if _is_rare_f32(x):
        b, bias = _log_normalised_f32(x)
        y = _log_edges_f32(x, _log2_normal_f32(b, bias))
    return y


def _log2_normal_f32(b: i32, bias: f32):
    """As _log_normal_f32, to base 2."""
    f, k = _log_split_f32(b, bias)
    p = fma(f, f32(-0.1854486), f32(0.20159534))
    p = fma(f, p, f32(-0.17593838))
    p = fma(f, p, f32(0.20209831))
    p = fma(f, p, f32(-0.24063247))
    p = fma(f, p, f32(0.2886865))
    p = fma(f, p, f32(-0.36067152))
    p = fma(f, p, f32(0.4808967))
    p = fma(f, p, f32(-0.7213475))
    head = fma(f, f32(LOG2_E), k)
    rest = fma(f, f32(LOG2_E_LO_F32), fma(f, f32(LOG2_E), k - head))
    return head + fma(f * f, p, rest)


def log10(x: f64):
    """The logarithm to base 10. Worst error 0.69 ulp."""
    y = _log10_normal(bits(x), EXPONENT_BIAS)
    if _is_rare(x):
        b, bias = _log_normalised(x)
        y = _log_edges(x, _log10_normal(b, bias))
    return y


def _log10_normal(b: i64, bias: f64):
    """As _log_normal, to base 10."""
    f, k = _log_split(b, bias)
    ln, rest = _log_of_fraction(f)
    scaled = ln * LOG10_E
    low = fma(ln, LOG10_E, -scaled) + fma(ln, LOG10_E_LO, rest * LOG10_E)
    base = k * LOG10_2_HI
    y = base + scaled
    return y + (base - y + scaled + fma(k, LOG10_2_LO, low))


def log10_f32(x: f32):
    """The logarithm to base 10. Worst error 0.89 ulp."""
    y = _log10_normal_f32(bits(x), f32(0.0))
    if _is_rare_f32(x):
        b, bias = _log_normalised_f32(x)
        y = _log_edges_f32(x, _log10_normal_f32(b, bias))
    return y


def _log10_normal_f32(b: i32, bias: f32):
    """As _log_normal_f32, to base 10."""
    f, k = _log_split_f32(b, bias)
    p = fma(f, f32(-0.05622306), f32(0.06081049))
    p = fma(f, p, f32(-0.052845128))
    p = fma(f, p, f32(0.060808945))
    p = fma(f, p, f32(-0.07244995))
    p = fma(f, p, f32(0.086905375))
    p = fma(f, p, f32(-0.10857241))
    p = fma(f, p, f32(0.14476429))
    p = fma(f, p, f32(-0.21714725))
    base = k * f32(LOG10_2_HI_F32)
    head = fma(f, f32(LOG10_E), base)
    rest = fma(f, f32(LOG10_E_LO_F32), fma(k, f32(LOG10_2_LO_F32), fma(f, f32(LOG10_E), base - head)))
    return head + fma(f * f, p, rest)


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
    """ln(1 + x), exact to the last place also near 0. Worst error 0.93 ulp."""
    one = x + f32(1.0)
    lost = select(x < f32(1.0), x - (one - f32(1.0)), f32(1.0) - (one - x))
    f, k, rest = _log_split_sum_f32(one, lost)
    return select(x == f32(0.0), x, _log_edges_f32(one, _log_whole_f32(f, k, rest)))


def _log_split_sum_f32(u: f32, low: f32):
    """f, k and a rest of u + low = 2**k (1 + f + rest), for normal u and |low| below an ulp or two of u, or u = 1."""
    n = bits(u)
    e = (n - SPLIT_F32) & EXPONENT_F32
    m = from_bits(n - e) - f32(1.0)
    c = low * (f32(0.5) * from_bits(0x40000000 - e))
    f = m + c
    return f, f32(e) * f32(UNIT_F32), m - f + c


def _log_whole_f32(f: f32, k: f32, rest: f32):
    """ln(2**k (1 + f + rest))."""
    tail = fma(k, f32(LN2_LO_F32), fma(-f, rest, rest))
    return fma(k, f32(LN2_HI_F32), f + fma(f * f, _log_series_f32(f), tail))


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
