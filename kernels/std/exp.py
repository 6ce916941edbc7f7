"""exp, exp2 and expm1: exponentials.

Method. x = k ln2 + r with k = rint(x / ln2) and |r| <= ln2/2: k comes from adding and subtracting 1.5 * 2**52,
ln2 is split in two so that k * LN2_HI is exact (W. J. Cody, W. Waite, "Software Manual for the Elementary
Functions", 1980, ch. 6). exp(r) is a minimax polynomial (Remez), multiplied by 2**k in two exact factors, so that
overflow and gradual underflow come from the last multiplication alone and no case is special. expm1 subtracts 1
before the parts of exp(r) are rounded together.

Worst errors are the largest seen against a 113-bit reference: 20 million or more
arguments per function (random bits, log-uniform, uniform, neighbours of special values).
f32 functions do the same in f32. Theirs are the largest of all arguments, against f64.
"""

INVERSE_LN2 = 1.4426950408889634
LN2_HI = 0.6931471805592082  # 40 bits: times an integer below 2**12 it is exact
LN2_LO = 7.371002565167799e-13
LN2 = 0.6931471805599453
ROUND = 6755399441055744.0  # 1.5 * 2**52: adding it rounds to an integer, found in the low bits
ROUND_BIASED = 6755399441057790.0  # the same + 2 * 1023: the integer carries two exponent biases
LN2_HI_F32 = 0.693145751953125  # 16 bits: times an integer below 2**8 it is exact
LN2_LO_F32 = 1.428606765330187e-06
ROUND_F32 = 12582912.0  # 1.5 * 2**23
ROUND_BIASED_F32 = 12583166.0  # the same + 2 * 127


def exp(x: f64):
    """e**x. Worst error 0.92 ulp."""
    low = select(x < -1000.0, -1000.0, x)
    clamped = select(low > 1000.0, 1000.0, low)
    shifted = fma(clamped, INVERSE_LN2, ROUND_BIASED)
    k = shifted - ROUND_BIASED
    r = fma(k, -LN2_LO, fma(k, -LN2_HI, clamped))
    p = fma(r, 2.5000097430335155e-08, 2.7630305107909245e-07)
    p = fma(r, p, 2.7557586545913053e-06)
    p = fma(r, p, 2.480149295256983e-05)
    p = fma(r, p, 0.00019841269506071696)
    p = fma(r, p, 0.001388888894375748)
    p = fma(r, p, 0.008333333333494836)
    p = fma(r, p, 0.04166666666652974)
    p = fma(r, p, 0.1666666666666641)
    p = fma(r, p, 0.5000000000000011)
    p = fma(r, p, 1.0)
    p = fma(r, p, 1.0)
    return _scale(p, bits(shifted))


def _scale(p: f64, n: i64):
    """p * 2**k, rounded once, where the low bits of n are k + 2 * 1023 and |k| <= 2044."""
    half = i64(u64(n) >> 1)
    return p * from_bits(half << 52) * from_bits((n - half) << 52)


def _exp_parts(x: f64, rest: f64):
    """exp(x + rest) = (p + p_rest) 2**k, |x| < 2000: p, p_rest and an n for _scale, whose low bits are k + 2 * 1023."""
    shifted = fma(x, INVERSE_LN2, ROUND_BIASED)
    k = shifted - ROUND_BIASED
    r = fma(k, -LN2_HI, x)
    c = fma(k, -LN2_LO, rest)
    v = r + c
    low = fma(v * v, _exp_tail(v), c)
    head = r + 1.0
    low = r - (head - 1.0) + low
    p = head + low
    return p, head - p + low, bits(shifted)


def exp_f32(x: f32):
    """e**x. Worst error 0.90 ulp."""
    low = select(x < f32(-104.0), f32(-104.0), x)
    clamped = select(low > f32(89.0), f32(89.0), low)
    shifted = fma(clamped, f32(INVERSE_LN2), f32(ROUND_BIASED_F32))
    k = shifted - f32(ROUND_BIASED_F32)
    r = fma(k, f32(-LN2_LO_F32), fma(k, f32(-LN2_HI_F32), clamped))
    p = fma(r, _exp_tail_f32(r), f32(1.0))
    return _scale_f32(fma(r, p, f32(1.0)), bits(shifted))


def _exp_tail_f32(r: f32):
    """(e**r - 1 - r) / r**2 for |r| <= ln2/2."""
    p = fma(r, f32(0.001381903), f32(0.008368716))
    p = fma(r, p, f32(0.04166829))
    p = fma(r, p, f32(0.16666521))
    return fma(r, p, f32(0.49999994))


def _scale_f32(p: f32, n: i32):
    """p * 2**k, rounded once, where n is k + 2 * 127 and |k| <= 253."""
    half = n >> 1
    return p * from_bits(half << 23) * from_bits((n - half) << 23)


def exp2(x: f64):
    """2**x. Worst error 0.94 ulp."""
    low = select(x < -1100.0, -1100.0, x)
    clamped = select(low > 1100.0, 1100.0, low)
    shifted = clamped + ROUND_BIASED
    r = clamped - (shifted - ROUND_BIASED)
    p = fma(r, 4.4347482142469984e-10, 7.073805218461884e-09)
    p = fma(r, p, 1.0178199917281942e-07)
    p = fma(r, p, 1.321543516278917e-06)
    p = fma(r, p, 1.525273349181712e-05)
    p = fma(r, p, 0.00015403530457332927)
    p = fma(r, p, 0.00133335581467765)
    p = fma(r, p, 0.009618129107593963)
    p = fma(r, p, 0.05550410866482007)
    p = fma(r, p, 0.2402265069591013)
    p = fma(r, p, 0.6931471805599453)
    p = fma(r, p, 1.0)
    return _scale(p, bits(shifted))


def exp2_f32(x: f32):
    """2**x. Worst error 0.88 ulp."""
    low = select(x < f32(-151.0), f32(-151.0), x)
    clamped = select(low > f32(129.0), f32(129.0), low)
    shifted = clamped + f32(ROUND_BIASED_F32)
    r = clamped - (shifted - f32(ROUND_BIASED_F32))
    p = fma(r, f32(0.0001532438), f32(0.0013390033))
    p = fma(r, p, f32(0.0096185105))
    p = fma(r, p, f32(0.055503625))
    p = fma(r, p, f32(0.24022648))
    p = fma(r, p, f32(LN2))
    return _scale_f32(fma(r, p, f32(1.0)), bits(shifted))


def expm1(x: f64):
    """e**x - 1, exact to the last place also near 0. Worst error 0.86 ulp."""
    low = select(x < -50.0, -50.0, x)
    clamped = select(low > 1000.0, 1000.0, low)
    shifted = fma(clamped, INVERSE_LN2, ROUND)
    k = shifted - ROUND
    r = fma(k, -LN2_HI, clamped)
    c = k * -LN2_LO
    v = r + c
    u = fma(r - v + c, v, fma(v * v, _exp_tail(v), c))
    half_scale = from_bits((bits(shifted) + 1022) << 52)
    offset = half_scale - 0.5
    lost = half_scale - offset - 0.5
    a = fma(half_scale, r, offset)
    y = (a + fma(half_scale, u, fma(half_scale, r, offset - a) + lost)) * 2.0
    y = select(abs(x) < 1e-17, x, y)
    return select(x > 709.782712893384, from_bits(0x7FF0000000000000), y)


def _exp_tail(v: f64):
    """(e**v - 1 - v) / v**2 for |v| <= ln2/2."""
    p = fma(v, 2.08753443208944e-09, 2.5109023812730992e-08)
    p = fma(v, p, 2.7557402718045896e-07)
    p = fma(v, p, 2.755724425616459e-06)
    p = fma(v, p, 2.480158717230619e-05)
    p = fma(v, p, 0.00019841269886071363)
    p = fma(v, p, 0.0013888888888962565)
    p = fma(v, p, 0.008333333333321655)
    p = fma(v, p, 0.041666666666666505)
    p = fma(v, p, 0.16666666666666677)
    return fma(v, p, 0.5)



def expm1_f32(x: f32):
    """e**x - 1, exact to the last place also near 0. Worst error 0.89 ulp."""
    low = select(x < f32(-20.0), f32(-20.0), x)
    clamped = select(low > f32(89.0), f32(89.0), low)
    shifted = fma(clamped, f32(INVERSE_LN2), f32(ROUND_F32))
    k = shifted - f32(ROUND_F32)
    r = fma(k, f32(-LN2_HI_F32), clamped)
    c = k * f32(-LN2_LO_F32)
    v = r + c
    p = fma(v, f32(0.0001974608), f32(0.001393545))
    p = fma(v, p, f32(0.008333564))
    p = fma(v, p, f32(0.04166646))
    p = fma(v, p, f32(0.16666666))
    u = fma(v * v, fma(v, p, f32(0.5)), c)
    half_scale = from_bits((bits(shifted) + 126) << 23)
    offset = half_scale - f32(0.5)
    lost = half_scale - offset - f32(0.5)
    a = fma(half_scale, r, offset)
    y = a + fma(half_scale, u, fma(half_scale, r, offset - a) + lost)
    return select(abs(x) < f32(1e-20), x, y + y)
