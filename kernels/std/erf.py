"""erf and erfc: the error function and what it leaves to 1.

Method. erf, |x| <= 1.25: x + x P(x*x). Above: 1 - exp(Q(|x| - 2)) where Q approximates ln erfc with an error weighted
by erfc itself, which keeps its degree small (own derivation; minimax polynomials by Remez). From 6 on the result
is 1. Both branches are evaluated and one is selected.

Worst errors are the largest seen against a 113-bit reference: 20 million or more
arguments per function (random bits, log-uniform, uniform, neighbours of special values).
erf_f32 does the same in f32, with ln erfc around 0 from 1 on. For f32: the largest of all arguments, against f64.
"""

INVERSE_LN2 = 1.4426950408889634
LN2_HI = 0.6931471805592082
LN2_LO = 7.371002565167799e-13
LN2 = 0.6931471805599453
ROUND_F32 = 12582912.0  # 1.5 * 2**23
ROUND = 6755399441055744.0  # 1.5 * 2**52: adding it rounds to an integer, found in the low bits


def erf(x: f64):
    """2/sqrt(pi) times the integral of exp(-t*t) from 0 to x. Worst error 1.66 ulp."""
    size = abs(x)
    z = size * size
    near = fma(size, _erf_series(z), size)
    u = select(size > 6.0, 6.0, size) - 2.0
    far = fma(u, -1.9494618354416569e-10, 2.3253440299326163e-09)
    far = fma(u, far, -1.3970376422821287e-08)
    far = fma(u, far, 5.81308967340223e-08)
    far = fma(u, far, -1.7325583393928664e-07)
    far = fma(u, far, 2.0337358880572502e-07)
    far = fma(u, far, 1.952226859648574e-06)
    far = fma(u, far, -2.0706314198172364e-05)
    far = fma(u, far, 0.00013530933368254607)
    far = fma(u, far, -0.0007323994111894958)
    far = fma(u, far, 0.0035707563438123814)
    far = fma(u, far, -0.016465118134817693)
    far = fma(u, far, -0.9237508418235271)
    far = fma(u, far, -4.41816080599445)
    far = fma(u, far, -5.364941264616641)
    y = select(size >= 1.25, 1.0 - _exp_negative(far), near)
    return copysign(y, x)


def _erf_series(z: f64):
    """erf(x) / x - 1 for z = x*x <= 25/16."""
    near = fma(z, -3.27980999054169e-12, 7.955109045751225e-11)
    near = fma(z, near, -1.189638131246425e-09)
    near = fma(z, near, 1.4736093772537085e-08)
    near = fma(z, near, -1.6356919945330912e-07)
    near = fma(z, near, 1.6461322407724761e-06)
    near = fma(z, near, -1.492560063147287e-05)
    near = fma(z, near, 0.00012055330799754336)
    near = fma(z, near, -0.0008548326958340635)
    near = fma(z, near, 0.0052239776241819885)
    near = fma(z, near, -0.026866170644985025)
    near = fma(z, near, 0.1128379167095424)
    near = fma(z, near, -0.3761263890318373)
    return fma(z, near, 0.1283791670955126)


def _exp_negative(x: f64):
    """e**x for -40 <= x < 0, to 2**-51."""
    shifted = fma(x, INVERSE_LN2, ROUND)
    k = shifted - ROUND
    r = fma(k, -LN2_LO, fma(k, -LN2_HI, x))
    p = fma(r, 2.7476752089996295e-07, 2.763506652526396e-06)
    p = fma(r, p, 2.480193230436232e-05)
    p = fma(r, p, 0.0001984118507158976)
    p = fma(r, p, 0.0013888888515204442)
    p = fma(r, p, 0.008333333370979268)
    p = fma(r, p, 0.04166666666814204)
    p = fma(r, p, 0.16666666666611343)
    p = fma(r, p, 0.4999999999999832)
    p = fma(r, p, 1.0)
    p = fma(r, p, 1.0)
    return from_bits(bits(p) + (bits(shifted) << 52))


def erf_f32(x: f32):
    """erf x; from 4 on the result is 1. Worst error 1.03 ulp."""
    size = abs(x)
    z = size * size
    near = fma(z, f32(7.806903e-05), f32(-0.0007997853))
    near = fma(z, near, f32(0.005187162))
    near = fma(z, near, f32(-0.026853347))
    near = fma(z, near, f32(0.11283579))
    near = fma(z, near, f32(-0.37612626))
    near = fma(z, near, f32(0.12837917))
    near = fma(size, near, size)
    t = select(size > f32(4.0), f32(4.0), size)
    far = fma(t, f32(0.0002145907), f32(-0.0032199482))
    far = fma(t, far, f32(0.022905968))
    far = fma(t, far, f32(-0.10528679))
    far = fma(t, far, f32(-0.6356994))
    far = fma(t, far, f32(-0.12851995))
    far = fma(t, far, -t)
    shifted = fma(far, f32(INVERSE_LN2), f32(ROUND_F32))
    k = shifted - f32(ROUND_F32)
    r = fma(k, f32(-LN2), far)
    p = fma(r, _exp_tail_f32(r), f32(1.0))
    p = fma(r, p, f32(1.0))
    tail = from_bits(bits(p) + (bits(shifted) << 23))
    return copysign(select(size >= f32(1.0), f32(1.0) - tail, near), x)


def erfc(x: f64):
    """1 - erf x, exact to the last place also where it is tiny. Worst error 0.95 ulp.

    erfc a = exp(-a*a) H(t) / (1 + 2a) with t = (a - 4) / (a + 4), for a = |x| (M. M. Shepherd, J. G. Laframboise,
    "Chebyshev approximation of (1 + 2x) exp(x*x) erfc x in 0 <= x < inf", Mathematics of Computation 36 (1981)).
    a*a, the exponential and the quotient are in two parts, so that the last multiplication alone rounds. Below 1/2,
    1 - erf x.
    """
    size = abs(x)
    a = select(size > 28.0, 28.0, size)
    inverse = 1.0 / (a + 4.0)
    t = (a - 4.0) * inverse
    t = fma(fma(-t, a, fma(t + 1.0, -4.0, a)), inverse, t)
    h = _erfc_series(t)
    top = 1.0 + h
    double = a + a
    bottom = 1.0 + double
    bottom_rest = select(double > 1.0, double - bottom + 1.0, 1.0 - bottom + double)
    q = top / bottom
    q_rest = (fma(-q, bottom, top) + (1.0 - top + h) - q * bottom_rest) / bottom
    square = a * a
    p, p_rest, n = _exp_parts(-square, -fma(a, a, -square))
    y = _scale(fma(p, q, fma(p, q_rest, p_rest * q)), n)
    head = 1.0 - x
    near = head + fma(-x, _erf_series(x * x), 1.0 - head - x)
    return select(size < 0.5, near, select(x < 0.0, 2.0 - y, y))


def _erfc_series(t: f64):
    """(1 + 2a) exp(a*a) erfc(a) - 1 for t = (a - 4) / (a + 4), 0 <= a <= 28."""
    p = fma(t, -1.7869616444107364e-09, -1.36241519063286e-08)
    p = fma(t, p, -7.870292201060339e-09)
    p = fma(t, p, 1.1508677197007455e-07)
    p = fma(t, p, 6.29155808520336e-08)
    p = fma(t, p, -8.346712362860057e-07)
    p = fma(t, p, 3.012546588291481e-07)
    p = fma(t, p, 5.717425281537938e-06)
    p = fma(t, p, -1.122480999823098e-05)
    p = fma(t, p, -2.4402916813534302e-05)
    p = fma(t, p, 0.00015062228427698357)
    p = fma(t, p, -0.0001992555920413658)
    p = fma(t, p, -0.0007577733593436087)
    p = fma(t, p, 0.005031969773351141)
    p = fma(t, p, -0.01619773405517846)
    p = fma(t, p, 0.037167515560333673)
    p = fma(t, p, -0.06633036581198136)
    p = fma(t, p, 0.09373283499694166)
    p = fma(t, p, -0.1010390660363272)
    p = fma(t, p, 0.06809705425473264)
    p = fma(t, p, 0.015379652102620229)
    p = fma(t, p, -0.13962111684056286)
    return fma(t, p, 0.2329951186255525)


def erfc_f32(x: f32):
    """1 - erf x, computed in f64. Worst error 0.58 ulp."""
    wide = f64(x)
    size = abs(wide)
    a = select(size > 10.5, 10.5, size)
    double = fma(a, 2.0, 1.0)
    inverse = 1.0 / ((a + 3.0) * double)
    t = (a - 3.0) * double * inverse
    h = fma(t, -0.0002671780540511525, -0.0007751142128941655)
    h = fma(t, h, 0.002003354511712169)
    h = fma(t, h, 0.0025665593203900747)
    h = fma(t, h, -0.023798539968158273)
    h = fma(t, h, 0.0682957503255922)
    h = fma(t, h, -0.11927079513558227)
    h = fma(t, h, 0.12964643366910902)
    h = fma(t, h, -0.04756240968043232)
    h = fma(t, h, -0.13562114013293153)
    h = fma(t, h, 1.2530080592158086)
    square = a * a
    shifted = fma(square, -INVERSE_LN2, ROUND)
    r = fma(shifted - ROUND, -LN2, -square)
    p = fma(r, 0.001381458950736376, 0.008368743202668312)
    p = fma(r, p, 0.041668389681858695)
    p = fma(r, p, 0.16666520416714955)
    p = fma(r, p, 0.49999993437706375)
    p = fma(r, p, 1.0)
    p = fma(r, p, 1.0)
    y = from_bits(bits(p) + (bits(shifted) << 52)) * (h * ((a + 3.0) * inverse))
    return f32(select(wide < 0.0, 2.0 - y, y))
