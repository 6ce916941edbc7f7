"""gamma and lgamma.

Method. Stirling's series for ln gamma(z), z >= 10, in two doubles: (z - 1/2)(ln z - 1) + ln(2 pi)/2 - 1/2 + S(1/z)
(M. Abramowitz, I. Stegun, "Handbook of Mathematical Functions", 1964, 6.1.40). Arguments below 10 are raised by 10:
gamma(a) = gamma(a + 10) / (a (a + 1) ... (a + 9)), the product in two doubles (T. J. Dekker, "A floating-point
technique for extending the available precision", Numerische Mathematik 18 (1971)). Negative arguments by reflection:
gamma(-a) = -pi / (a sin(pi a) gamma(a)). gamma is the exponential of this, rounded once at the end; lgamma is one
logarithm more, and around its zeros at 1 and 2 a minimax polynomial (Remez). Everything is evaluated, then selected.

Worst errors are the largest seen against a 113-bit reference: 2 million or more arguments per function (random bits,
log-uniform, uniform, neighbours of integers, of half integers and of zeros). For f32, against f64. gamma_f32 does
without second parts, with z >= 4.
"""

PI_1 = 3.141592653589793
PI_2 = 1.2246467991473532e-16
INFINITY = from_bits(0x7FF0000000000000)
NAN = from_bits(0x7FF8000000000000)
TINY = 1e-19  # below it gamma(x) is 1/x
BEYOND = 200.5  # gamma overflows from 171.6 on, and is 0 from -184 on
LGAMMA_OVERFLOW = 2.5599833278516387e+305  # from here on lgamma is infinite


def gamma(x: f64):
    """The gamma function: (n - 1)! at integers n, NaN at negative ones. Worst error 0.83 ulp."""
    size = abs(x)
    a = select(size > BEYOND, BEYOND, size)
    e, e_rest = _stirling(a)
    m, m_rest, n = _exp_parts(e, e_rest)
    p, p_rest = _rising(a)
    q, q_rest = _reflection(a)
    # gamma(a) = m 2**k / p, gamma(-a) = p / (q m 2**k).
    left = x < 0.0
    bottom, bottom_rest = _times(q, q_rest, m, m_rest)
    top = select(left, p, m)
    top_rest = select(left, p_rest, m_rest)
    bottom = select(left, bottom, p)
    bottom_rest = select(left, bottom_rest, p_rest)
    y, y_rest = _over(top, top_rest, bottom, bottom_rest)
    y = _scale(y + y_rest, select(left, 4092 - n, n))
    y = select(size < TINY, 1.0 / x, y)
    below = floor(x)
    odd = floor(below * 0.5) != below * 0.5
    y = select(left & odd & (size >= TINY), -y, y)
    return select(left & (below == x), NAN, y)


def gamma_f32(x: f32):
    """The gamma function, computed in f64 without second parts. Worst error 0.51 ulp."""
    wide = f64(x)
    size = abs(wide)
    a = select(size > 60.5, 60.5, size)
    low = a < 4.0
    z = select(low, a + 4.0, a)
    inverse = 1.0 / z
    m = exp(fma(z - 0.5, log(z) - 1.0, fma(inverse, _stirling_series_f32(inverse * inverse), 0.4189385332046727)))
    u = a * (a + 3.0)
    p = select(low, u * (u + 2.0), 1.0)
    r = abs(a - rint(a)) * PI_1
    w = r * r
    s = fma(w, -2.3888903660871178e-08, 2.7525384111174653e-06)
    s = fma(w, s, -0.0001984086820390111)
    s = fma(w, s, 0.008333331108558101)
    s = fma(w, s, -0.166666666261486)
    q = a * (r * fma(w, s, 1.0)) * 0.3183098861837907
    left = wide < 0.0
    y = select(left, p, m) / select(left, q * m, p)
    below = floor(wide)
    odd = floor(below * 0.5) != below * 0.5
    y = select(left & odd, -y, y)
    y = select(wide == 0.0, copysign(INFINITY, wide), y)
    return f32(select(left & (below == wide), NAN, y))


def _stirling_series_f32(w: f64):
    """z (ln gamma(z) - (z - 1/2) ln z + z - ln(2 pi)/2) for w = 1/z**2 <= 1/16."""
    p = fma(w, -0.0004975998440963636, 0.0007893756283687096)
    p = fma(w, p, -0.0027777062745342326)
    return fma(w, p, 0.08333333300726584)


def lgamma(x: f64):
    """ln |gamma(x)|, infinite at 0 and the negative integers. Worst error 0.92 ulp, or 1e-15 for x < 0."""
    size = abs(x)
    e, e_rest = _stirling(size)
    p, p_rest = _rising(size)
    q, q_rest = _reflection(size)
    # |gamma(x)| = exp(e) / p or p / (q exp(e)): one over d times exp(e) or exp(-e).
    left = x < 0.0
    d, d_rest = _over(q, q_rest, p, p_rest)
    tiny = size < TINY
    d = select(tiny, size, select(left, d, p))
    d_rest = select(tiny, 0.0, select(left, d_rest, p_rest))
    e = select(tiny, 0.0, select(left, -e, e))
    e_rest = select(tiny, 0.0, select(left, -e_rest, e_rest))
    ln, ln_rest = _log_two(d)
    y = e - ln
    back = e - y
    lost = (e - (y + back)) + (back - ln)
    y = y + (lost + (e_rest - (ln_rest + d_rest / d)))
    second = x > 1.5
    t = x - select(second, 2.0, 1.0)
    y = select(abs(t) <= 0.125, _lgamma_near(t, second), y)
    y = select(size < LGAMMA_OVERFLOW, y, size * INFINITY)
    return select((x <= 0.0) & (floor(x) == x), INFINITY, y)


def _lgamma_near(t: f64, second: bool):
    """lgamma(1 + t), or lgamma(2 + t) if second, for |t| <= 1/8."""
    slope = select(second, 0.42278433509846713, -0.5772156649015329)
    head = t * slope
    rest = fma(t, slope, -head) + t * 4.942915152430645e-18
    return head + fma(t * t, _lgamma_series(t, second), rest)


def _lgamma_series(t: f64, second: bool):
    """(lgamma(1 + t) + euler t) / t**2, or (lgamma(2 + t) - (1 - euler) t) / t**2 if second."""
    p = select(second, 4.434088018231254e-06, 0.07540690763491582)
    p = fma(t, p, select(second, -9.54960239538597e-06, -0.08061300506073277))
    p = fma(t, p, select(second, 2.0505751495584123e-05, 0.08325494344544745))
    p = fma(t, p, select(second, -4.492392890639884e-05, -0.09087631208149873))
    p = fma(t, p, select(second, 9.945753109244129e-05, 0.10010070247385043))
    p = fma(t, p, select(second, -0.00022315478212840106, -0.1113350659504333))
    p = fma(t, p, select(second, 0.0005096695246209206, 0.12550966119466603))
    p = fma(t, p, select(second, -0.0011927539115812842, -0.14404989263745538))
    p = fma(t, p, select(second, 0.002890510330741935, 0.16955717702554995))
    p = fma(t, p, select(second, -0.007385551028674271, -0.2073855510383645))
    p = fma(t, p, select(second, 0.020580808427784546, 0.2705808084277445))
    p = fma(t, p, select(second, -0.06735230105319809, -0.40068563438652405))
    return fma(t, p, select(second, 0.3224670334241132, 0.8224670334241132))


def lgamma_f32(x: f32):
    """ln |gamma(x)|, computed in f64. Worst error 0.51 ulp."""
    return f32(lgamma(f64(x)))


def _stirling(a: f64):
    """ln gamma(a) in two parts, or ln gamma(a + 10) for a < 10."""
    shift = select(a < 10.0, 10.0, 0.0)
    z = a + shift
    z_rest = select(a < 10.0, shift - z + a, 0.0)
    inverse = 1.0 / z
    ln, ln_rest = _log_two(z)
    b = ln - 1.0
    b_rest = ln - b - 1.0 + fma(z_rest, inverse, ln_rest)
    h = z - 0.5
    c, c_rest = _times(h, z - h - 0.5 + z_rest, b, b_rest)
    e = c + 0.4189385332046727
    rest = fma(inverse, _stirling_series(inverse * inverse), c_rest + 1.6728209650585411e-17)
    rest = c - e + 0.4189385332046727 + rest
    y = e + rest
    return y, e - y + rest


def _stirling_series(w: f64):
    """z (ln gamma(z) - (z - 1/2) ln z + z - ln(2 pi)/2) for w = 1/z**2 <= 1/100."""
    p = fma(w, 0.005495959639929568, -0.0019054816990618248)
    p = fma(w, p, 0.0008416705085278608)
    p = fma(w, p, -0.0005952378179870559)
    p = fma(w, p, 0.0007936507931934456)
    p = fma(w, p, -0.0027777777777774943)
    return fma(w, p, 0.08333333333333333)


def _rising(a: f64):
    """a (a + 1) ... (a + 9) in two parts for a < 10, else 1."""
    t = a + 9.0
    u = a * t
    u_rest = fma(a, t, -u) + a * (9.0 - t + a)
    p, p_rest = _times_shifted(u, u_rest, u, u_rest, 8.0)
    p, p_rest = _times_shifted(p, p_rest, u, u_rest, 14.0)
    p, p_rest = _times_shifted(p, p_rest, u, u_rest, 18.0)
    p, p_rest = _times_shifted(p, p_rest, u, u_rest, 20.0)
    raised = a < 10.0
    return select(raised, p, 1.0), select(raised, p_rest, 0.0)


def _times_shifted(p: f64, p_rest: f64, u: f64, u_rest: f64, c: f64):
    """(p + p_rest) (u + u_rest + c) in two parts."""
    s = u + c
    back = s - u
    rest = (u - (s - back)) + (c - back) + u_rest
    return _times(p, p_rest, s, rest)


def _reflection(a: f64):
    """a |sin(pi a)| / pi in two parts: what gamma(a) gamma(-a) is one over."""
    turns = abs(a - rint(a))
    steep = turns > 0.25
    v = select(steep, 0.5 - turns, turns)
    r = v * PI_1
    rest = fma(v, PI_1, -r) + v * PI_2
    s, head, c = _sine_cosine(r, rest)
    sine, sine_rest = _times(select(steep, head, r), select(steep, c, s), 0.3183098861837907, -1.9678676675182486e-17)
    return _times(a, 0.0, sine, sine_rest)


def _times(a: f64, a_rest: f64, b: f64, b_rest: f64):
    """A product of numbers in two parts."""
    p = a * b
    rest = fma(a, b, -p) + fma(a, b_rest, a_rest * b)
    y = p + rest
    return y, p - y + rest


def _over(a: f64, a_rest: f64, b: f64, b_rest: f64):
    """A quotient of numbers in two parts."""
    q = a / b
    return q, (fma(-q, b, a) + a_rest - q * b_rest) / b
