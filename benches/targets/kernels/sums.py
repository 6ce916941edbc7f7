"""Reductions, and sums that go on."""


def total(x):
    return np.sum(x)


def dot(x, y):
    return np.sum(x * y)


def squares(x):
    return np.sum(x * x)


def cumulative(x, out):
    s = 0.0
    for i in range(len(x)):
        s += x[i]
        out[i] = s


def rolling(x, out):
    """The mean of each 32 neighbours, by what enters and what leaves."""
    width = 32
    s = 0.0
    for i in range(width):
        s += x[i]
    out[0] = s / width
    for i in range(width, len(x)):
        s += x[i] - x[i - width]
        out[i - width + 1] = s / width
