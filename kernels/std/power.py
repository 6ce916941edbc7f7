"""pow: x to the power y.

Method. ln|x| in two doubles: with f = m - 1 and s = f / (2 + f) in two parts, ln m = 2s + s z (2/3 + z P(z)),
z = s*s, P a minimax polynomial (Remez). Products that matter beyond 53 bits are exact by fma (T. J. Dekker, "A
floating-point technique for extending the available precision", Numerische Mathematik 18 (1971)). The product with
y, again in two parts, goes through the exponential of exp.py. Special values as C99, annex F.9.4.4.

Worst errors are the largest seen against a 113-bit reference: 20 million or more
arguments per function (random bits, log-uniform, uniform, neighbours of special values).
For f32, against f64: 10 million pairs and all special values.
"""

INVERSE_LN2 = 1.4426950408889634
LN2_HI = 0.6931471805592082
LN2_LO = 7.371002565167799e-13
LN2 = 0.6931471805599453
ROUND = 6755399441055744.0
SMALLEST_NORMAL = 2.2250738585072014e-308
TWO_54 = 18014398509481984.0
EXPONENT_BIAS = 4503599627371519.0
EXPONENT_BIAS_54 = 4503599627371573.0
EXPONENT_FIELD = 0x4330000000000000
SQRT_HALF = 0x3FE6A09E667F3BCD
ONE_LESS_SQRT_HALF = 0x00095F619980C433
MANTISSA = 0x000FFFFFFFFFFFFF
INFINITY = from_bits(0x7FF0000000000000)
NAN = from_bits(0x7FF8000000000000)
SIGN = -0x7FFFFFFFFFFFFFFF - 1


def pow(x: f64, y: f64):
    """x**y. Worst error 0.80 ulp."""
    size = abs(x)
    ln, lnl = _log_two(size)
    ln = select(size < INFINITY, ln, size)
    ln = select(size == 0.0, -INFINITY, ln)
    e = y * ln
    el = fma(y, lnl, fma(y, ln, -e))
    el = select(abs(e) < 1000.0, el, 0.0)
    power = _exp_two(e, el)
    whole = rint(y) == y
    odd = whole & (rint(y * 0.5) != y * 0.5)
    sign = bits(x) & select(odd, SIGN, 0)
    power = from_bits(bits(power) | sign)
    power = select((x < 0.0) & ~whole & (x > -INFINITY), NAN, power)
    power = select((size == 1.0) & (abs(y) == INFINITY), 1.0, power)
    return select((x == 1.0) | (y == 0.0), 1.0, power)


def _log_two(x: f64):
    """ln x in two parts, for finite x > 0."""
    tiny = x < SMALLEST_NORMAL
    n = bits(select(tiny, x * TWO_54, x)) + ONE_LESS_SQRT_HALF
    k = from_bits(i64(u64(n) >> 52) | EXPONENT_FIELD) - select(tiny, EXPONENT_BIAS_54, EXPONENT_BIAS)
    f = from_bits((n & MANTISSA) + SQRT_HALF) - 1.0
    d = f + 2.0
    inverse = 1.0 / d
    s = f * inverse
    sl = fma(-s, f - (d - 2.0), fma(-s, d, f)) * inverse
    z = s * s
    zl = fma(s + s, sl, fma(s, s, -z))
    p = fma(z, 0.13196228606237437, 0.13256827641058003)
    p = fma(z, p, 0.15386756948977515)
    p = fma(z, p, 0.1818178437437762)
    p = fma(z, p, 0.22222222519853613)
    p = fma(z, p, 0.2857142857009987)
    p = fma(z, p, 0.40000000000002256)
    p = z * p
    a = p + 0.6666666666666666
    al = 0.6666666666666666 - a + p + fma(zl, 0.4, 3.700743415417188e-17)
    b = z * a
    bl = fma(zl, a, fma(z, al, fma(z, a, -b)))
    u = s * b
    ul = fma(sl, b, fma(s, bl, fma(s, b, -u)))
    head = fma(s, 2.0, u)
    tail = fma(s, 2.0, -head) + u + fma(sl, 2.0, ul)
    base = k * LN2_HI
    ln = base + head
    return ln, base - ln + head + fma(k, LN2_LO, tail)


def _exp_two(x: f64, rest: f64):
    """exp(x + rest), a NaN for a NaN, for |rest| below an ulp or two of x."""
    low = select(x < -1000.0, -1000.0, x)
    clamped = select(low > 1000.0, 1000.0, low)
    p, _, n = _exp_parts(clamped, rest)
    return _scale(p, n)


def pow_f32(x: f32, y: f32):
    """x**y, computed in f64. Worst error 0.55 ulp."""
    wide = f64(x)
    size = abs(wide)
    exponent = f64(y)
    n = bits(size) + ONE_LESS_SQRT_HALF
    k = from_bits(i64(u64(n) >> 52) | EXPONENT_FIELD) - EXPONENT_BIAS
    f = from_bits((n & MANTISSA) + SQRT_HALF) - 1.0
    s = f / (f + 2.0)
    z = s * s
    p = fma(z, 0.2358214487272623, 0.2853730863851673)
    p = fma(z, p, 0.4000033519538711)
    p = fma(z, p, 0.6666666564537898)
    p = fma(z, p, 2.0)
    ln = fma(k, LN2, s * p)
    ln = select(size < INFINITY, ln, size)
    ln = select(size == 0.0, -INFINITY, ln)
    e = exponent * ln
    low = select(e < -200.0, -200.0, e)
    clamped = select(low > 200.0, 200.0, low)
    shifted = fma(clamped, INVERSE_LN2, ROUND)
    t = shifted - ROUND
    r = fma(t, -LN2, clamped)
    p = fma(r, 0.001381458950736376, 0.008368743202668312)
    p = fma(r, p, 0.041668389681858695)
    p = fma(r, p, 0.16666520416714955)
    p = fma(r, p, 0.49999993437706375)
    p = fma(r, p, 1.0)
    p = fma(r, p, 1.0)
    power = from_bits(bits(p) + (bits(shifted) << 52))
    whole = rint(exponent) == exponent
    odd = whole & (rint(exponent * 0.5) != exponent * 0.5)
    power = from_bits(bits(power) | (bits(wide) & select(odd, SIGN, 0)))
    power = select((wide < 0.0) & ~whole & (wide > -INFINITY), NAN, power)
    power = select((size == 1.0) & (abs(exponent) == INFINITY), 1.0, power)
    return f32(select((wide == 1.0) | (exponent == 0.0), 1.0, power))
