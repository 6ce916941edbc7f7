"""cbrt and hypot.

Method. cbrt: |x| = 2**(3k) m with m in [1/2, 4); a minimax polynomial (Remez), one step of Halley's iteration, and
one of Newton's whose residual is computed exactly by fma. hypot: sqrt(s) with s = x*x + y*y in two parts and one
Newton correction (C. F. Borges, "Algorithm 1014: an improved algorithm for hypot(x, y)", ACM TOMS 47 (2020)).

Worst errors are the largest seen against a 113-bit reference: 20 million or more
arguments per function (random bits, log-uniform, uniform, neighbours of special values).
cbrt_f32: the polynomial and Halley's step with an exact residual, in f32. For f32: the largest of all arguments,
against f64 (pairs: 10 million).
"""

ROUND = 6755399441055744.0  # 1.5 * 2**52: adding it rounds to an integer, found in the low bits
SMALLEST_NORMAL = 2.2250738585072014e-308
TWO_54 = 18014398509481984.0
EXPONENT_FIELD = 0x4330000000000000  # the bits of 2**52
EXPONENT_BIAS = 4503599627371519.0  # 2**52 + 1023
SMALLEST_NORMAL_F32 = 1.1754943508222875e-38
TWO_24 = 16777216.0
ROUND_F32 = 12582912.0  # 1.5 * 2**23
INFINITY = from_bits(0x7FF0000000000000)


def cbrt(x: f64):
    """The cube root, of negative numbers too. Worst error 0.51 ulp."""
    size = abs(x)
    tiny = size < SMALLEST_NORMAL
    n = bits(select(tiny, size * TWO_54, size))
    exponent = from_bits(i64(u64(n) >> 52) | EXPONENT_FIELD) - EXPONENT_BIAS
    shifted = fma(exponent, 0.3333333333333333, ROUND)
    third = bits(shifted)
    m = from_bits(n - ((third + third + third) << 52))
    t = fma(m, 0.0022381470507249965, -0.029312104975506136)
    t = fma(m, t, 0.1535530166297968)
    t = fma(m, t, -0.42710689312689926)
    t = fma(m, t, 0.8352192824905402)
    t = fma(m, t, 0.46599450770684286)
    cube = t * t * t
    t = t * ((cube + (m + m)) / (cube + cube + m))
    square = t * t
    residual = fma(square, t, -m) + fma(t, t, -square) * t
    y = t - residual / (square * 3.0)
    y = from_bits(bits(y) + ((third - select(tiny, 18, 0)) << 52))
    return select((size > 0.0) & (size < INFINITY), copysign(y, x), x + x)


def cbrt_f32(x: f32):
    """The cube root, of negative numbers too. Worst error 0.51 ulp."""
    size = abs(x)
    tiny = size < f32(SMALLEST_NORMAL_F32)
    n = bits(select(tiny, size * f32(TWO_24), size))
    shifted = fma(f32(n >> 23) - f32(127.0), f32(0.3333333333333333), f32(ROUND_F32))
    third = bits(shifted)
    m = from_bits(n - ((third + third + third) << 23))
    t = fma(m, f32(0.0022381470507249965), f32(-0.029312104975506136))
    t = fma(m, t, f32(0.1535530166297968))
    t = fma(m, t, f32(-0.42710689312689926))
    t = fma(m, t, f32(0.8352192824905402))
    t = fma(m, t, f32(0.46599450770684286))
    square = t * t
    residual = fma(square, t, -m) + fma(t, t, -square) * t
    y = t - t * (residual / fma(square, t + t, m))
    y = from_bits(bits(y) + ((third - select(tiny, i32(8), i32(0))) << 23))
    return select((size > f32(0.0)) & (size < f32(INFINITY)), copysign(y, x), x + x)


def hypot(x: f64, y: f64):
    """sqrt(x*x + y*y) without needless overflow; infinite if either is. Worst error 0.75 ulp."""
    a = abs(x)
    b = abs(y)
    large = select(a > b, a, b)
    small = select(a > b, b, a)
    huge = large > 1e150
    faint = large < 1e-140
    scale = select(huge, 2.409919865102884e-181, select(faint, 5.260135901548374e+210, 1.0))
    unscale = select(huge, 4.149515568880993e180, select(faint, 1.90109156629516e-211, 1.0))
    large = large * scale
    small = small * scale
    p = large * large
    q = small * small
    s = p + q
    rest = p - s + q + (fma(large, large, -p) + fma(small, small, -q))
    h = sqrt(s)
    h = select(h > 0.0, h + (fma(-h, h, s) + rest) / (h + h), h)
    h = select((a == INFINITY) | (b == INFINITY), INFINITY, h * unscale)
    return select((x == x) & (y == y), h, select(h == INFINITY, h, x + y))


def hypot_f32(x: f32, y: f32):
    """sqrt(x*x + y*y), computed in f64. Worst error 0.51 ulp."""
    wide = f64(x)
    deep = f64(y)
    h = f32(sqrt(wide * wide + deep * deep))
    endless = (abs(wide) == INFINITY) | (abs(deep) == INFINITY)
    return select(endless, f32(INFINITY), h)


def norm_largest(largest: f64, x: f64):
    """The larger of largest and |x|, not counting NaN."""
    size = abs(x)
    return select(size > largest, size, largest)


def norm_add(total, x: f64, largest: f64):
    """total, a sum in two parts, and the square of x, scaled by the largest of all coordinates."""
    s, rest = total
    size = x * _norm_scale(largest)
    p = size * size
    y = s + p
    back = y - s
    return y, rest + ((s - (y - back)) + (p - back) + fma(size, size, -p))


def norm_root(total, largest: f64):
    """The root of a sum of norm_add, scaled back; infinite if a coordinate is."""
    s, rest = total
    h = sqrt(s)
    h = select(h > 0.0, h + (fma(-h, h, s) + rest) / (h + h), h)
    return select(largest == INFINITY, INFINITY, h / _norm_scale(largest))


def _norm_scale(largest: f64):
    """A power of two by which squares neither overflow nor vanish."""
    scale = select(largest < 1e-140, 5.260135901548374e210, 1.0)
    return select(largest > 1e140, 2.409919865102884e-181, scale)
