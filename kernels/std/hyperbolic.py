"""sinh, cosh and tanh.

Method. sinh and cosh from e**|x| in two parts and its reciprocal, carried at a quarter of their size so that only
the last multiplication overflows; sinh below 1 by an odd minimax polynomial (Remez; compare W. J. Cody, W. Waite,
"Software Manual for the Elementary Functions", 1980, ch. 12). tanh = E / (E + 2) with E = e**(2|x|) - 1 in two
parts (the formula of FDLIBM, s_tanh.c, 1993) and one correction of the quotient.

Worst errors are the largest seen against a 113-bit reference: 20 million or more
arguments per function (random bits, log-uniform, uniform, neighbours of special values).
f32 functions do the same in f32; tanh is 1 - 2 / (e**(2|x|) + 1), and below 1 an odd polynomial. Their worst
errors are the largest of all arguments, against f64.
"""

INVERSE_LN2 = 1.4426950408889634
LN2_HI = 0.6931471805592082
LN2_LO = 7.371002565167799e-13
LN2_HI_F32 = 0.693145751953125  # 16 bits
LN2_LO_F32 = 1.428606765330187e-06
ROUND_F32 = 12582912.0  # 1.5 * 2**23
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
    """(e**x - e**-x) / 2. Worst error 0.81 ulp."""
    size = abs(x)
    z = size * size
    near = fma(z, f32(2.7822132e-06), f32(0.00019842896))
    near = fma(z, near, f32(0.0083333105))
    near = fma(z, near, f32(0.16666667))
    near = fma(size * z, near, size)
    e, rest, w = _quarter_exp_f32(size)
    far = (e + (rest - w)) * f32(2.0)
    return copysign(select(size >= f32(1.0), far, near), x)


def _quarter_exp_f32(size: f32):
    """e**size / 4 in two parts, and e**-size / 4."""
    clamped = select(size > f32(89.5), f32(89.5), size)
    shifted = fma(clamped, f32(INVERSE_LN2), f32(ROUND_F32))
    k = shifted - f32(ROUND_F32)
    r = fma(k, f32(-LN2_HI_F32), clamped)
    c = k * f32(-LN2_LO_F32)
    v = r + c
    u = fma(v * v, _exp_tail_f32(v), c)
    head = r + f32(1.0)
    low = r - (head - f32(1.0)) + u
    p = head + low
    scale = from_bits((bits(shifted) + 125) << 23)
    e = p * scale
    return e, (head - p + low) * scale, f32(0.0625) / e


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
    """(e**x + e**-x) / 2. Worst error 0.88 ulp."""
    e, rest, w = _quarter_exp_f32(abs(x))
    return (e + (rest + w)) * f32(2.0)


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
    """(e**x - e**-x) / (e**x + e**-x). Worst error 0.96 ulp."""
    size = abs(x)
    z = x * x
    near = fma(z, f32(-0.00035842005), f32(0.0023012934))
    near = fma(z, near, f32(-0.00794608))
    near = fma(z, near, f32(0.021486703))
    near = fma(z, near, f32(-0.05387985))
    near = fma(z, near, f32(0.13332346))
    near = fma(z, near, f32(-0.33333296))
    near = fma(size * z, near, size)
    clamped = select(size > f32(10.0), f32(20.0), size + size)
    shifted = fma(clamped, f32(INVERSE_LN2), f32(ROUND_F32))
    k = shifted - f32(ROUND_F32)
    r = fma(k, f32(-LN2_LO_F32), fma(k, f32(-LN2_HI_F32), clamped))
    p = fma(r, _exp_tail_f32(r), f32(1.0))
    p = fma(r, p, f32(1.0))
    e = from_bits(bits(p) + (bits(shifted) << 23))
    far = f32(1.0) - f32(2.0) / (e + f32(1.0))
    return copysign(select(size >= f32(1.0), far, near), x)
