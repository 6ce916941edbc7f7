"""sinh, cosh and tanh.

Method. sinh and cosh from e**|x| in two parts and its reciprocal, carried at a quarter of their size so that only
the last multiplication overflows; sinh below 1 by an odd minimax polynomial (Remez; compare W. J. Cody, W. Waite,
"Software Manual for the Elementary Functions", 1980, ch. 12). tanh = E / (E + 2) with E = e**(2|x|) - 1 in two
parts (the formula of FDLIBM, s_tanh.c, 1993) and one correction of the quotient.

Worst errors are the largest seen against a 113-bit reference: 20 million or more
arguments per function (random bits, log-uniform, uniform, neighbours of special values).
For f32, against f64: every 29th bit pattern.
"""

INVERSE_LN2 = 1.4426950408889634
LN2_HI = 0.6931471805592082
LN2_LO = 7.371002565167799e-13
ROUND = 6755399441055744.0  # 1.5 * 2**52: adding it rounds to an integer, found in the low bits


def sinh(x: f64):
    """(e**x - e**-x) / 2. Worst error 0.78 ulp."""
    size = abs(x)
    z = size * size
    near = fma(z, 7.759311521074596e-13, 1.6057240363478033e-10)
    near = fma(z, near, 2.5052123398265642e-08)
    near = fma(z, near, 2.755731915533881e-06)
    near = fma(z, near, 0.00019841269841437673)
    near = fma(z, near, 0.008333333333333139)
    near = fma(z, near, 0.16666666666666669)
    near = fma(size * z, near, size)
    clamped = select(size > 710.5, 710.5, size)
    shifted = fma(clamped, INVERSE_LN2, ROUND)
    k = shifted - ROUND
    r = fma(k, -LN2_HI, clamped)
    c = k * -LN2_LO
    v = r + c
    u = fma(v * v, _exp_tail(v), c)
    head = r + 1.0
    low = r - (head - 1.0) + u
    p = head + low
    tail = head - p + low
    scale = _quarter_scale(bits(shifted))
    e = p * scale
    w = 0.0625 / e
    far = (e + fma(tail * scale, fma(w * 16.0, w, 1.0), -w)) * 2.0
    far = select(size > 711.0, from_bits(0x7FF0000000000000), far)
    return copysign(select(size >= 1.0, far, near), x)


def _quarter_scale(n: i64):
    """2**(k - 2) where the low bits of n are k, and k <= 1025."""
    return from_bits((n + 1021) << 52)


def sinh_f32(x: f32):
    """(e**x - e**-x) / 2, computed in f64. Worst error 0.51 ulp."""
    return f32(sinh(f64(x)))


def cosh(x: f64):
    """(e**x + e**-x) / 2. Worst error 0.78 ulp."""
    size = abs(x)
    clamped = select(size > 710.5, 710.5, size)
    shifted = fma(clamped, INVERSE_LN2, ROUND)
    k = shifted - ROUND
    r = fma(k, -LN2_HI, clamped)
    c = k * -LN2_LO
    v = r + c
    u = fma(v * v, _exp_tail(v), c)
    head = r + 1.0
    low = r - (head - 1.0) + u
    p = head + low
    tail = head - p + low
    scale = _quarter_scale(bits(shifted))
    e = p * scale
    w = 0.0625 / e
    y = (e + fma(tail * scale, fma(w * -16.0, w, 1.0), w)) * 2.0
    return select(size > 711.0, from_bits(0x7FF0000000000000), y)


def cosh_f32(x: f32):
    """(e**x + e**-x) / 2, computed in f64. Worst error 0.51 ulp."""
    return f32(cosh(f64(x)))


def tanh(x: f64):
    """(e**x - e**-x) / (e**x + e**-x). Worst error 0.92 ulp."""
    size = abs(x)
    clamped = select(size > 20.0, 40.0, size + size)
    shifted = fma(clamped, INVERSE_LN2, ROUND)
    k = shifted - ROUND
    r = fma(k, -LN2_HI, clamped)
    c = k * -LN2_LO
    v = r + c
    u = fma(v * v, _exp_tail(v), c)
    scale = from_bits((bits(shifted) + 1023) << 52)
    offset = scale - 1.0
    a = fma(scale, r, offset)
    low = fma(scale, u, fma(scale, r, offset - a))
    top = a + low
    top_rest = a - top + low
    bottom = top + 2.0
    bottom_rest = select(top > 2.0, top - bottom + 2.0, 2.0 - bottom + top) + top_rest
    y = top / bottom
    y = y + (fma(-y, bottom, top) + fma(-y, bottom_rest, top_rest)) / bottom
    return copysign(y, x)


def tanh_f32(x: f32):
    """(e**x - e**-x) / (e**x + e**-x), computed in f64. Worst error 0.51 ulp."""
    return f32(tanh(f64(x)))
