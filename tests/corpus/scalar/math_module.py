"""`math.*` gives Python numbers; outside its domain nan or inf."""

# call: machine(2.25)
# call: machine(-2.75)
# call: machine(7)
# call: tests(1.0)
# call: tests(f64(np.inf))
# call: tests(f64(np.nan))
# call: tests(f32(-np.inf))
# call: tests(3)
# call: two(7.5, -2.0)
# call: two(-7.5, 2)
# call: two(f32(-7.5), 0.5)
# call: domain(-1.0)
# call: constants()


def machine(x):
    return math.floor(x), math.ceil(x), math.trunc(x), math.fabs(x), math.sqrt(math.fabs(x))


def tests(x):
    return math.isnan(x), math.isinf(x), math.isfinite(x)


def two(x, y):
    return math.copysign(x, y), math.fmod(x, y)


def domain(x):
    return math.sqrt(x), math.isnan(math.sqrt(x))


def constants():
    return math.pi, math.e, math.tau, math.inf, -math.inf, math.nan, np.pi, np.e, np.inf
