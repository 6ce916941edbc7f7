"""Reductions of bools that are computed from floats."""

# call: least(linspace(-1, 1, 129))
# call: least(ones(129))
# call: least(full(129, f32(0.5)))
# call: least_single(np.float32(linspace(-1, 1, 129)))
# call: largest(zeros(129))
# call: largest(linspace(-1, 1, 9))
# call: both(linspace(0, 1, 130))
# call: in_prange(linspace(-1, 1, 129))
# call: in_prange(ones(17))


def least(x):
    return np.min(x.astype(np.bool_)), np.min(x > 0.0)


def least_single(x):
    return np.amin(x.astype(np.bool_)), (x < 2).min()


def largest(x):
    return np.max(x != x), np.amax(x.astype(np.bool_))


def both(x):
    return np.prod(x >= 0.0), np.sum(x > 0.5), np.max(x * 2.0 > 1.0)


def in_prange(x):
    every = x[0] > -2.0
    some = x[0] > 2.0
    for i in prange(len(x)):
        every &= x[i] > 0.0
        some |= x[i] > 0.0
    return every, some
