"""What `math` takes apart and puts together, to the bit."""

# call: apart(0.0)
# call: apart(-0.0)
# call: apart(1.0)
# call: apart(-6.75)
# call: apart(5e-324)
# call: apart(-2.2250738585072014e-308)
# call: apart(1.7976931348623157e308)
# call: apart(np.inf)
# call: apart(-np.inf)
# call: apart(np.nan)
# call: apart(f32(0.1))
# call: apart(3)
# call: scaled(0.75, 3)
# call: scaled(-0.75, -1074)
# call: scaled(1.5, -1074)
# call: scaled(1.0, -1075)
# call: scaled(3.0, -1076)
# call: scaled(5e-324, 2000)
# call: scaled(5e-324, 2098)
# call: scaled(1.0, 5000)
# call: scaled(-1.0, 1024)
# call: scaled(1.0, -9223372036854775807)
# call: scaled(0.0, 9223372036854775807)
# call: scaled(-0.0, 7)
# call: scaled(np.inf, -5000)
# call: scaled(np.nan, 3)
# call: scaled(3, True)
# call: neighbours(1.0, 2.0)
# call: neighbours(1.0, 0.0)
# call: neighbours(0.0, 1.0)
# call: neighbours(0.0, -1.0)
# call: neighbours(-0.0, 0.0)
# call: neighbours(0.0, -0.0)
# call: neighbours(-1.0, -np.inf)
# call: neighbours(5e-324, -1.0)
# call: neighbours(-5e-324, 1.0)
# call: neighbours(1.7976931348623157e308, np.inf)
# call: neighbours(np.inf, 0.0)
# call: neighbours(-np.inf, np.inf)
# call: neighbours(np.nan, 1.0)
# call: neighbours(1.0, np.nan)
# call: neighbours(2, f32(3.0))
# call: rests(5.0, 3.0)
# call: rests(-5.0, 3.0)
# call: rests(5.0, -3.0)
# call: rests(1.5, 1.0)
# call: rests(2.5, 1.0)
# call: rests(-2.5, 1.0)
# call: rests(3.5, 1.0)
# call: rests(1e300, 0.1)
# call: rests(1.7976931348623157e308, 5e-324)
# call: rests(5e-324, 1.7976931348623157e308)
# call: rests(1.5e-323, 1e-323)
# call: rests(1e308, 1.7976931348623157e308)
# call: rests(-0.0, 2.0)
# call: rests(4.0, 2.0)
# call: rests(-4.0, 2.0)
# call: rests(3.0, np.inf)
# call: rests(-3.0, -np.inf)
# call: rests(np.inf, 3.0)
# call: rests(3.0, 0.0)
# call: rests(0.0, 0.0)
# call: rests(np.nan, 3.0)
# call: rests(3.0, np.nan)
# call: rests(np.inf, np.nan)
# call: rests(7, 4)
# call: angles(1.0)
# call: angles(-123.456)
# call: angles(1e308)
# call: angles(5e-324)
# call: angles(np.inf)
# call: angles(f32(0.1))
# call: angles(60)
# call: close(1.0, 1.0000000001)
# call: close(1.0, 1.00001)
# call: close(0.0, 1e-12)
# call: close(np.inf, np.inf)
# call: close(np.inf, 1e308)
# call: close(-np.inf, np.inf)
# call: close(np.nan, np.nan)
# call: close(3, 4)
# call: tolerances(1.0, 1.5, 0.5)
# call: tolerances(1.0, 1.5, -0.5)
# call: rounding(2**53 + 1)
# call: rounding(True)
# call: rounding(-2.5)
# call: tests(np.nan)
# call: tests(5)


def apart(x):
    m, e = math.frexp(x)
    fraction, whole = math.modf(x)
    return m, e, fraction, whole, math.ulp(x)


def scaled(x, n):
    return math.ldexp(x, n)


def neighbours(x, y):
    return math.nextafter(x, y)


def rests(x, y):
    return math.remainder(x, y), math.fmod(x, y), math.copysign(x, y)


def angles(x):
    return math.degrees(x), math.radians(x)


def close(x, y):
    return math.isclose(x, y), math.isclose(y, x), math.isclose(x, y, abs_tol=1e-9), math.isclose(x, y, rel_tol=0.5)


def tolerances(x, y, t):
    return math.isclose(x, y, rel_tol=t), math.isclose(x, y, abs_tol=t, rel_tol=0.0)


def rounding(x):
    return math.floor(x), math.ceil(x), math.trunc(x)


def tests(x):
    return math.isnan(x), math.isinf(x), math.isfinite(x)
