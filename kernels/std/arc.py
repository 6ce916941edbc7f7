"""atan, atan2, asin and acos.

Method. atan: the argument is brought to |t| <= 1/2 by atan a = pi/4 + atan((a - 1) / (a + 1)) or
atan a = pi/2 - atan(1/a), the quotient keeps its rounding error, and the constant is added in two parts (compare
W. J. Cody, W. Waite, "Software Manual for the Elementary Functions", 1980, ch. 11). asin, acos: above 1/2,
asin a = pi/2 - 2 asin(sqrt((1 - a) / 2)) (ibid., ch. 10), the root keeps its rounding error. Minimax polynomials
(Remez).

Worst errors are the largest seen against a 113-bit reference: 20 million or more
arguments per function (random bits, log-uniform, uniform, neighbours of special values).
f32 functions do the same in f32, atan with one polynomial for |t| <= 1; atan2 computes in f64. Their worst errors
are the largest of all arguments, against f64 (pairs: 20 million).
"""

HALF_PI_1 = 1.5707963267948966
HALF_PI_2 = 6.123233995736766e-17
QUARTER_PI_1 = 0.7853981633974483
QUARTER_PI_2 = 3.061616997868383e-17
PI_1 = 3.141592653589793
PI_2 = 1.2246467991473532e-16
HALF_PI_1_F32 = 1.5707963705062866
HALF_PI_2_F32 = -4.371138828673793e-08
PI_1_F32 = 3.1415927410125732
PI_2_F32 = -8.742277657347586e-08
INFINITY = from_bits(0x7FF0000000000000)


def atan(x: f64):
    """The angle in [-pi/2, pi/2] whose tangent is x. Worst error 0.70 ulp."""
    size = abs(x)
    a = select(size > 1e20, 1e20, size)
    middle = a > 0.5
    steep = a > 2.0
    top = select(steep, -1.0, select(middle, a - 1.0, a))
    bottom = select(steep, a, select(middle, a + 1.0, 1.0))
    lost = select(middle & ~steep, a - (bottom - 1.0), 0.0)
    base = select(steep, HALF_PI_1, select(middle, QUARTER_PI_1, 0.0))
    base_rest = select(steep, HALF_PI_2, select(middle, QUARTER_PI_2, 0.0))
    inverse = 1.0 / bottom
    t = top * inverse
    rest = fma(-t, lost, fma(-t, bottom, top)) * inverse
    z = t * t
    tail = fma(t * z, _atan_series(z), fma(-z, rest, rest))
    y = base + t
    return copysign(y + (base - y + t + (base_rest + tail)), x)


def _atan_series(z: f64):
    """(atan(t) - t) / t**3 for z = t*t, |t| <= 1/2."""
    p = fma(z, 0.01013677783267914, -0.02746471343744797)
    p = fma(z, p, 0.041884473554826274)
    p = fma(z, p, -0.051227336555424406)
    p = fma(z, p, 0.05858471563055161)
    p = fma(z, p, -0.06663837607629433)
    p = fma(z, p, 0.07692076718576767)
    p = fma(z, p, -0.09090896435839184)
    p = fma(z, p, 0.11111110667819718)
    p = fma(z, p, -0.14285714276589465)
    p = fma(z, p, 0.19999999999905635)
    return fma(z, p, -0.33333333333332993)



def atan_f32(x: f32):
    """The angle in [-pi/2, pi/2] whose tangent is x. Worst error 0.94 ulp."""
    size = abs(x)
    a = select(size > f32(1e18), f32(1e18), size)
    steep = a > f32(1.0)
    inverse = f32(1.0) / a
    rest = fma(inverse, a, f32(-1.0)) * inverse
    t = select(steep, -inverse, a)
    z = t * t
    p = _atan_series_f32(z)
    cube = t * z
    near = fma(cube, p, t)
    y = f32(HALF_PI_1_F32) + t
    lost = f32(HALF_PI_1_F32) - y + t + f32(HALF_PI_2_F32)
    lost = lost + fma(rest * z, f32(-0.5), rest)
    far = y + fma(cube, p, fma(fma(t, z, -cube), p, lost))
    return copysign(select(steep, far, near), x)


def _atan_series_f32(z: f32):
    """(atan(t) - t) / t**3 for z = t*t, |t| <= 1."""
    p = fma(z, f32(-0.0017875187), f32(0.0108872745))
    p = fma(z, p, f32(-0.031126907))
    p = fma(z, p, f32(0.0579065))
    p = fma(z, p, f32(-0.084004745))
    p = fma(z, p, f32(0.10951175))
    p = fma(z, p, f32(-0.14264052))
    p = fma(z, p, f32(0.19998531))
    return fma(z, p, f32(-0.333333))


def atan2(y: f64, x: f64):
    """The angle of the point (x, y), in [-pi, pi]. Worst error 0.75 ulp."""
    a = abs(y)
    b = abs(x)
    swapped = a > b
    small = select(swapped, b, a)
    large = select(swapped, a, b)
    scale = select(large > 1e300, 0.25, select(large < 1e-270, 5.260135901548374e210, 1.0))
    endless = large == INFINITY
    small = select(endless, select(small == INFINITY, 1.0, 0.0), small * scale)
    large = select(endless | (large == 0.0), 1.0, large * scale)
    middle = small > 0.5 * large
    top = select(middle, small - large, small)
    bottom = select(middle, small + large, large)
    bottom_rest = select(middle, large - bottom + small, 0.0)
    t = top / bottom
    rest = fma(-t, bottom_rest, fma(-t, bottom, top)) / bottom
    z = t * t
    tail = fma(t * z, _atan_series(z), fma(-z, rest, rest))
    base = select(middle, QUARTER_PI_1, 0.0)
    base_rest = select(middle, QUARTER_PI_2, 0.0)
    left = bits(x) < 0
    # The angle is base + t, then pi/2 less that if swapped, then pi less that on the left.
    flip = swapped != left
    base = select(swapped, HALF_PI_1, select(left, PI_1, 0.0)) + select(flip, -base, base)
    base_rest = select(swapped, HALF_PI_2, select(left, PI_2, 0.0)) + select(flip, -base_rest, base_rest)
    t = select(flip, -t, t)
    tail = select(flip, -tail, tail)
    angle = base + t
    angle = angle + (base - angle + t + (base_rest + tail))
    return select((x == x) & (y == y), copysign(angle, y), x + y)


def atan2_f32(y: f32, x: f32):
    """The angle of the point (x, y), in [-pi, pi], computed in f64. Worst error 0.55 ulp."""
    a = abs(f64(y))
    b = abs(f64(x))
    swapped = a > b
    small = select(swapped, b, a)
    large = select(swapped, a, b)
    endless = large == INFINITY
    small = select(endless, select(small == INFINITY, 1.0, 0.0), small)
    t = small / select(endless | (large == 0.0), 1.0, large)
    z = t * t
    p = fma(z, -0.0017935984316128247, 0.010914506433405594)
    p = fma(z, p, -0.031177670009732407)
    p = fma(z, p, 0.057957426538583295)
    p = fma(z, p, -0.08403441144059107)
    p = fma(z, p, 0.10952182837586742)
    p = fma(z, p, -0.1426424116088709)
    p = fma(z, p, 0.19998548239818395)
    p = fma(z, p, -0.3333329908781407)
    angle = fma(t * z, p, t)
    angle = select(swapped, HALF_PI_1 - angle, angle)
    angle = f32(select(bits(x) < 0, PI_1 - angle, angle))
    return select((x == x) & (y == y), copysign(angle, y), x + y)


def asin(x: f64):
    """The angle in [-pi/2, pi/2] whose sine is x, NaN outside [-1, 1]. Worst error 0.63 ulp."""
    size = abs(x)
    steep = size > 0.5
    z = select(steep, fma(size, -0.5, 0.5), size * size)
    root = sqrt(z)
    s = select(steep, root, size)
    tail = s * (z * _asin_series(z))
    tail = tail + select(steep & (root > 0.0), fma(-root, root, z) / (root + root), 0.0)
    near = s + tail
    head = fma(s, -2.0, HALF_PI_1)
    far = head + (fma(s, -2.0, HALF_PI_1 - head) + fma(tail, -2.0, HALF_PI_2))
    return copysign(select(steep, far, near), x)


def _asin_series(z: f64):
    """(asin(s) - s) / s**3 for z = s*s <= 1/4."""
    p = fma(z, 0.03267673533972873, -0.021077037824618835)
    p = fma(z, p, 0.021763312467599567)
    p = fma(z, p, 0.003683122259607653)
    p = fma(z, p, 0.010786506667608772)
    p = fma(z, p, 0.011397780217314947)
    p = fma(z, p, 0.013980960901556833)
    p = fma(z, p, 0.01735160014082585)
    p = fma(z, p, 0.022372215657374833)
    p = fma(z, p, 0.03038194268372981)
    p = fma(z, p, 0.04464285717511821)
    p = fma(z, p, 0.07499999999970265)
    return fma(z, p, 0.16666666666666763)


def asin_f32(x: f32):
    """The angle in [-pi/2, pi/2] whose sine is x, NaN outside [-1, 1]. Worst error 0.71 ulp."""
    size = abs(x)
    steep = size > f32(0.5)
    z = select(steep, fma(size, f32(-0.5), f32(0.5)), size * size)
    root = sqrt(z)
    s = select(steep, root, size)
    tail = s * (z * _asin_series_f32(z))
    near = s + tail
    head = fma(s, f32(-2.0), f32(HALF_PI_1_F32))
    lost = fma(s, f32(-2.0), f32(HALF_PI_1_F32) - head)
    far = head + (lost + fma(tail + _root_rest(root, z), f32(-2.0), f32(HALF_PI_2_F32)))
    return copysign(select(steep, far, near), x)


def _asin_series_f32(z: f32):
    """(asin(s) - s) / s**3 for z = s*s <= 1/4."""
    p = fma(z, f32(0.0421584), f32(0.024184741))
    p = fma(z, p, f32(0.045469154))
    p = fma(z, p, f32(0.074953094))
    return fma(z, p, f32(0.16666752))


def _root_rest(root: f32, z: f32):
    """sqrt(z) - root: the residual over 2 root, which is about 2.7 - 3.4 root where it counts, from 1/4 to 1/2."""
    return fma(-root, root, z) * fma(root, f32(-3.4), f32(2.7))


def acos(x: f64):
    """The angle in [0, pi] whose cosine is x, NaN outside [-1, 1]. Worst error 0.64 ulp."""
    size = abs(x)
    steep = size > 0.5
    z = select(steep, fma(size, -0.5, 0.5), size * size)
    root = sqrt(z)
    s = select(steep, root, size)
    tail = s * (z * _asin_series(z))
    tail = tail + select(steep & (root > 0.0), fma(-root, root, z) / (root + root), 0.0)
    factor = copysign(select(steep, 2.0, -1.0), select(steep, x, -x))
    base = select(steep, select(x > 0.0, 0.0, PI_1), HALF_PI_1)
    base_rest = select(steep, select(x > 0.0, 0.0, PI_2), HALF_PI_2)
    t = s * factor
    y = base + t
    return y + (base - y + t + fma(tail, factor, base_rest))


def acos_f32(x: f32):
    """The angle in [0, pi] whose cosine is x, NaN outside [-1, 1]. Worst error 0.97 ulp."""
    size = abs(x)
    steep = size > f32(0.5)
    z = select(steep, fma(size, f32(-0.5), f32(0.5)), size * size)
    root = sqrt(z)
    s = select(steep, root, size)
    tail = fma(s * z, _asin_series_f32(z), select(steep, _root_rest(root, z), f32(0.0)))
    factor = copysign(select(steep, f32(2.0), f32(-1.0)), select(steep, x, -x))
    base = select(steep, select(x > f32(0.0), f32(0.0), f32(PI_1_F32)), f32(HALF_PI_1_F32))
    base_rest = select(steep, select(x > f32(0.0), f32(0.0), f32(PI_2_F32)), f32(HALF_PI_2_F32))
    t = s * factor
    y = base + t
    return y + (base - y + t + fma(tail, factor, base_rest))
