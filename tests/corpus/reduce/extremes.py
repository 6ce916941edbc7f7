"""`min`, `max`, `prod` of floats: nan wins, infinities count, products are sequential."""

# call: both(normal(1))
# call: both(normal(7))
# call: both(normal(129))
# call: both(normal(10007))
# call: both(f32(normal(129)))
# call: both(full(20, np.nan))
# call: with_nan(uniform(20), 0)
# call: with_nan(uniform(20), 7)
# call: with_nan(uniform(20), 19)
# call: with_nan(f32(uniform(200)), 150)
# call: with_inf(uniform(20), 7)
# call: product(uniform(7) + 0.5)
# call: product(uniform(200) + 0.6)
# call: product(f32(uniform(200)) + f32(0.6))
# call: spellings(normal(9))


def both(x):
    return x.min(), x.max()


def with_nan(x, i):
    x[i] = np.nan
    return x.min(), x.max(), x.sum()


def with_inf(x, i):
    x[i] = np.inf
    x[i + 1] = -np.inf
    return x.min(), x.max(), x.sum()


def product(x):
    return x.prod(), np.prod(x * 0.5)


def spellings(x):
    return np.min(x), np.max(x), np.amin(x), np.amax(x)
