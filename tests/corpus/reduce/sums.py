"""Sums of every length have NumPy's pairwise bits."""

# call: total(uniform(0))
# call: total(uniform(1))
# call: total(uniform(7))
# call: total(uniform(8))
# call: total(uniform(9))
# call: total(uniform(127))
# call: total(uniform(128))
# call: total(uniform(129))
# call: total(uniform(136))
# call: total(uniform(255))
# call: total(uniform(256))
# call: total(uniform(257))
# call: total(uniform(1000))
# call: total(uniform(1023))
# call: total(uniform(4097))
# call: total(uniform(10007))
# call: total(f32(uniform(7)))
# call: total(f32(uniform(128)))
# call: total(f32(uniform(129)))
# call: total(f32(uniform(1000)))
# call: total(f32(uniform(10007)))
# call: produced(uniform(129), normal(129))
# call: produced(f32(uniform(1000)), f32(normal(1000)))
# call: produced(uniform(10007), normal(10007))
# call: many(uniform(1000), normal(1000))
# call: of_negative_zeros(full(3, -0.0))
# call: of_specials(arange(20) / 0.0)
# call: means(uniform(1000))
# call: means(f32(uniform(1000)))
# call: means(f32(uniform(129)))
# call: means(arange(10))
# call: means(u8(arange(10) * 25))
# call: means(arange(10) > 3)
# call: means(zeros(0))


def total(x):
    return np.sum(x), x.sum()


def produced(x, y):
    return (x * y).sum(), np.sum(x + 1), ((x - y) * (x - y)).sum()


def many(x, y):
    a = x + y
    return a.sum(), a.max(), (a * a).sum(), a.mean()


def of_negative_zeros(x):
    return x.sum(), x.min() + 0.0


def of_specials(x):
    return x.sum(), x.min(), x.max()


def means(x):
    return x.mean(), np.mean(x)
