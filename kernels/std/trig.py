"""sin, cos and tan.

Method. |x| = n pi/2 + r with |r| <= pi/4, pi/2 in three parts and fma, r kept in two parts (W. J. Cody, W. Waite,
"Software Manual for the Elementary Functions", 1980, ch. 8; the fma makes the first subtraction exact:
S. Boldo, M. Daumas, R.-C. Li, "Formally verified argument reduction with a fused multiply-add", IEEE Trans.
Computers 58 (2009)). Both minimax polynomials (Remez) are evaluated and one is selected; tan divides them.
Above REDUCTION_LIMIT: the fraction of x * 2/pi from 192 bits of 2/pi chosen by the exponent (M. Payne, R. Hanek,
"Radian reduction for trigonometric functions", SIGNUM Newsletter 18 (1983)).

Worst errors are the largest seen against a 113-bit reference: 20 million or more
arguments per function (random bits, log-uniform, uniform, neighbours of special values).
sin and cos: also the doubles nearest to all 85 million multiples of pi/2 below REDUCTION_LIMIT (worst 0.51 ulp).
f32 functions compute in f64: in f32 the reduction would take more than is won. sin and cos have one polynomial, on
|r| <= pi/2. Theirs are the largest of all arguments, against f64.
"""

TWO_OVER_PI = 0.6366197723675814
ONE_OVER_PI = 0.3183098861837907
PI_1 = 3.141592653589793
PI_2 = 1.2246467991473532e-16
HALF_PI_1 = 1.5707963267948966
HALF_PI_2 = 6.123233932053594e-17  # 25 bits: times an integer below 2**28 it is exact
HALF_PI_3 = 6.36831716351095e-25
ROUND = 6755399441055744.0  # 1.5 * 2**52: adding it rounds to an integer, found in the low bits
REDUCTION_LIMIT = 134217728.0  # 2**27
REDUCTION_LIMIT_F32 = 1073741824.0  # 2**30
SIGN = -0x7FFFFFFFFFFFFFFF - 1


def sin(x: f64):
    """sin x, NaN at infinity. Worst error 0.75 ulp."""
    size = abs(x)
    shifted = fma(size, TWO_OVER_PI, ROUND)
    k = shifted - ROUND
    exact = fma(k, -HALF_PI_1, size)
    r = fma(k, -HALF_PI_2, exact)
    rest = fma(k, -HALF_PI_3, fma(k, -HALF_PI_2, exact - r))
    y = _sin_quadrant(r, rest, bits(shifted))
    if size > REDUCTION_LIMIT:
        y = _sin_huge(size, 0)
    return from_bits(bits(y) ^ (bits(x) & SIGN))


def cos(x: f64):
    """cos x, NaN at infinity. Worst error 0.75 ulp."""
    size = abs(x)
    shifted = fma(size, TWO_OVER_PI, ROUND)
    k = shifted - ROUND
    exact = fma(k, -HALF_PI_1, size)
    r = fma(k, -HALF_PI_2, exact)
    rest = fma(k, -HALF_PI_3, fma(k, -HALF_PI_2, exact - r))
    y = _sin_quadrant(r, rest, bits(shifted) + 1)
    if size > REDUCTION_LIMIT:
        y = _sin_huge(size, 1)
    return y


def _sin_quadrant(r: f64, rest: f64, n: i64):
    """sin(n pi/2 + r + rest) for |r| <= pi/4 and |rest| below half an ulp of r."""
    z = r * r
    s = fma(z, 1.5896669138439662e-10, -2.505075600735382e-08)
    s = fma(z, s, 2.7557313678957535e-06)
    s = fma(z, s, -0.00019841269829771972)
    s = fma(z, s, 0.008333333333322372)
    s = fma(z, s, -0.16666666666666632)
    c = fma(z, -1.1359561573627746e-11, 2.0875721667795526e-09)
    c = fma(z, c, -2.755731434098987e-07)
    c = fma(z, c, 2.480158728944465e-05)
    c = fma(z, c, -0.0013888888888874066)
    c = fma(z, c, 0.0416666666666666)
    half = r * -0.5
    head = fma(half, r, 1.0)
    lost = fma(half, r, 1.0 - head)
    cosine = head + fma(z * z, c, fma(-r, rest, lost))
    sine = r + fma(r * z, s, rest * head)
    y = select((n & 1) == 0, sine, cosine)
    return from_bits(bits(y) ^ ((n & 2) << 62))


def _sin_huge(x: f64, quadrant: i64):
    """sin(x + quadrant pi/2) for x > 2**26: the cold path, out of line."""
    return _sin_quadrant(_payne_hanek(x, 0), _payne_hanek(x, 1), i64(_payne_hanek(x, 2)) + quadrant)


def _payne_hanek(x: f64, part: i64):
    """x = n pi/2 + r + rest: r (part 0), rest (part 1) or n modulo 4 (part 2), for x > 2**26.

    x = m 2**e with m an integer. Bits of 2/pi above weight 2**(2-e) contribute multiples of 4 to x * 2/pi: from
    there on three words times m, modulo 2**192, are the quadrant (2 bits) and its fraction.
    """
    b = bits(x)
    m = u64((b & 0x000FFFFFFFFFFFFF) | 0x0010000000000000)
    start = (b >> 52) - 1013  # e - 2, + 64 for the word of zeros that word 0 is
    word = start >> 6
    left = u64(start & 63)
    right = 64 - left
    w0 = _two_over_pi(word)
    w1 = _two_over_pi(word + 1)
    w2 = _two_over_pi(word + 2)
    w3 = _two_over_pi(word + 3)
    w0 = (w0 << left) | (w1 >> right)
    w1 = (w1 << left) | (w2 >> right)
    w2 = (w2 << left) | (w3 >> right)
    carry = mulhi(m, w2)
    low = m * w1 + carry
    high = m * w0 + mulhi(m, w1) + select(low < carry, u64(1), u64(0))
    n = (high + 0x2000000000000000) >> 62
    signed = i64(high - (n << 62))  # the fraction, signed: signed + low / 2**64, in units of 2**-62 quarter turns
    a = f64(signed)
    b1 = f64(signed - i64(a)) + f64(low >> 11) * 1.1102230246251565e-16
    head = a + b1
    tail = b1 - (head - a) + f64(low & 2047) * 5.421010862427522e-20
    turn = 3.4061215800865545e-19  # pi/2 * 2**-62
    p = head * turn
    q = fma(head, turn, -p) + (head * 1.3277647201629795e-35 + tail * turn)
    r = p + q
    rest = p - r + q
    y = select(part == 0, r, select(part == 1, rest, f64(n)))
    return select(x < from_bits(0x7FF0000000000000), y, x - x)


def _two_over_pi(i: i64):
    """Word i of 2/pi: 64 zeros, then the bits after the point."""
    w = select(i == 1, u64(0xA2F9836E4E441529), u64(0))
    w = select(i == 2, 0xFC2757D1F534DDC0, w)
    w = select(i == 3, 0xDB6295993C439041, w)
    w = select(i == 4, 0xFE5163ABDEBBC561, w)
    w = select(i == 5, 0xB7246E3A424DD2E0, w)
    w = select(i == 6, 0x06492EEA09D1921C, w)
    w = select(i == 7, 0xFE1DEB1CB129A73E, w)
    w = select(i == 8, 0xE88235F52EBB4484, w)
    w = select(i == 9, 0xE99C7026B45F7E41, w)
    w = select(i == 10, 0x3991D639835339F4, w)
    w = select(i == 11, 0x9C845F8BBDF9283B, w)
    w = select(i == 12, 0x1FF897FFDE05980F, w)
    w = select(i == 13, 0xEF2F118B5A0A6D1F, w)
    w = select(i == 14, 0x6D367ECF27CB09B7, w)
    w = select(i == 15, 0x4F463F669E5FEA2D, w)
    w = select(i == 16, 0x7527BAC7EBE5F17B, w)
    w = select(i == 17, 0x3D0739F78A5292EA, w)
    w = select(i == 18, 0x6BFB5FB11F8D5D08, w)
    return select(i == 19, 0x56033046FC7B6BAB, w)


def sin_f32(x: f32):
    """sin x, computed in f64. Worst error 0.61 ulp."""
    wide = f64(x)
    shifted = fma(wide, ONE_OVER_PI, ROUND)
    k = shifted - ROUND
    y = _sin_half_turn(fma(k, -PI_2, fma(k, -PI_1, wide)), bits(shifted))
    if abs(wide) > REDUCTION_LIMIT_F32:
        y = f32(copysign(1.0, wide) * _sin_huge(abs(wide), 0))
    return y


def cos_f32(x: f32):
    """cos x = sin(x + pi/2), computed in f64. Worst error 0.61 ulp."""
    wide = f64(x)
    shifted = fma(wide, ONE_OVER_PI, 0.5) + ROUND
    k = shifted - ROUND - 0.5
    y = _sin_half_turn(fma(k, -PI_2, fma(k, -PI_1, wide)), bits(shifted))
    if abs(wide) > REDUCTION_LIMIT_F32:
        y = f32(_sin_huge(abs(wide), 1))
    return y


def _sin_half_turn(r: f64, n: i64):
    """sin(n pi + r) for |r| <= pi/2, as an f32."""
    z = r * r
    s = fma(z, 2.605779884697051e-06, -0.00019809602578636491)
    s = fma(z, s, 0.008333066241930476)
    s = fma(z, s, -0.16666659550277363)
    y = f32(r * fma(z, s, 1.0))
    return from_bits(bits(y) ^ (i32(n) << 31))


def tan(x: f64):
    """tan x, NaN at infinity. Worst error 0.91 ulp."""
    size = abs(x)
    shifted = fma(size, TWO_OVER_PI, ROUND)
    k = shifted - ROUND
    exact = fma(k, -HALF_PI_1, size)
    r = fma(k, -HALF_PI_2, exact)
    rest = fma(k, -HALF_PI_3, fma(k, -HALF_PI_2, exact - r))
    y = _tan_quadrant(r, rest, bits(shifted))
    if size > REDUCTION_LIMIT:
        y = _tan_quadrant(_payne_hanek(size, 0), _payne_hanek(size, 1), i64(_payne_hanek(size, 2)))
    return from_bits(bits(y) ^ (bits(x) & SIGN))


def _sine_cosine(r: f64, rest: f64):
    """Of r + rest, at most pi/4: the sine is r + s, the cosine head + c."""
    z = r * r
    s = fma(z, 1.5896669138439662e-10, -2.505075600735382e-08)
    s = fma(z, s, 2.7557313678957535e-06)
    s = fma(z, s, -0.00019841269829771972)
    s = fma(z, s, 0.008333333333322372)
    s = fma(z, s, -0.16666666666666632)
    c = fma(z, -1.1359561573627746e-11, 2.0875721667795526e-09)
    c = fma(z, c, -2.755731434098987e-07)
    c = fma(z, c, 2.480158728944465e-05)
    c = fma(z, c, -0.0013888888888874066)
    c = fma(z, c, 0.0416666666666666)
    half = r * -0.5
    head = fma(half, r, 1.0)
    lost = fma(half, r, 1.0 - head)
    c = fma(z * z, c, fma(-r, rest, lost))
    s = fma(r * z, s, rest * head)
    return s, head, c


def _tan_quadrant(r: f64, rest: f64, n: i64):
    """tan(n pi/2 + r + rest): sine over cosine, both in two parts, and one correction of the quotient."""
    s, head, c = _sine_cosine(r, rest)
    cosine = head + c
    cosine_rest = head - cosine + c
    sine = r + s
    sine_rest = r - sine + s
    even = (n & 1) == 0
    top = select(even, sine, -cosine)
    top_rest = select(even, sine_rest, -cosine_rest)
    bottom = select(even, cosine, sine)
    bottom_rest = select(even, cosine_rest, sine_rest)
    y = top / bottom
    return y + (fma(-y, bottom, top) + fma(-y, bottom_rest, top_rest)) / bottom


def tan_f32(x: f32):
    """tan x, computed in f64. Worst error 0.80 ulp."""
    wide = f64(x)
    shifted = fma(wide, TWO_OVER_PI, ROUND)
    k = shifted - ROUND
    r = fma(k, -HALF_PI_2 - HALF_PI_3, fma(k, -HALF_PI_1, wide))
    z = r * r
    p = fma(z, 0.00938567695139519, 0.0031194536415555772)
    p = fma(z, p, 0.024430428509734318)
    p = fma(z, p, 0.05341119875551265)
    p = fma(z, p, 0.13338800391477884)
    p = fma(z, p, 0.3333315681729181)
    t = r * fma(z, p, 1.0)
    odd = (bits(shifted) & 1) != 0
    y = f32(select(odd, -1.0, t) / select(odd, t, 1.0))
    if abs(wide) > REDUCTION_LIMIT_F32:
        y = f32(tan(wide))
    return y
