"""Other shapes: a view where NumPy gives one, which a store into the result shows."""
# call: shapes(uniform(12), 3, 4)
# call: shapes(uniform(12), -1, 4)
# call: shapes(uniform(12), 6, -1)
# call: shapes(uniform(12), -3, 2)
# call: shapes(uniform(12), 5, 2)
# call: shapes(uniform(12), -1, 5)
# call: shapes(uniform(12), -1, -1)
# call: shapes(uniform(12), -1, 0)
# call: shapes(uniform(12), 0, 12)
# call: shapes(uniform(0), 0, 5)
# call: shapes(uniform(0), -1, 5)
# call: shapes(uniform(0), -1, 0)
# call: shapes(uniform(1), 1, 1)
# call: shapes(uniform(4), 4294967296, 4294967296)
# call: shapes(uniform(4), 9223372036854775807, 4)
# call: shapes(uniform(0), 0, 9223372036854775807)
# call: constants(uniform(24))
# call: spellings(uniform((2, 6)))
# call: of_views(uniform((4, 6)))
# call: flattens(uniform((3, 4)))
# call: orders(uniform((3, 4)))
# call: temporaries(uniform((3, 4)))
# call: rows_of_blocks(uniform(12), 3)
# call: zero_rank(uniform(1), 4.0)
# call: split(uniform(12))
# call: copies_are_copies(uniform(5))
# call: rank_eight(uniform(6))
# call: assigned(uniform((3, 4)))
# call: overlaps(uniform(9))
# call: overlaps_strided(uniform((2, 9)))


def shapes(x, a, b):
    return x.reshape(a, b)


def constants(x):
    return (
        x.reshape(4, 6),
        x.reshape(2, -1, 3),
        x.reshape((-1,)),
        x.reshape(24),
        x.reshape(1, 24, 1),
        x.reshape(-1, 24),
        x.reshape(2, 3, 4).reshape(4, 6)[1],
        x[:12].reshape(3, 4)[1:],
        x[2:14].reshape(-1, 4).T,
    )


def spellings(x):
    return (
        np.reshape(x, (3, 4)),
        np.reshape(x, -1),
        np.reshape(x, shape=(4, 3)),
        np.reshape(x, [6, 2]),
        x.reshape(x.shape),
        x.reshape(x.T.shape),
        x.reshape(-1, order="C"),
        x.reshape(x.size),
    )


def of_views(x):
    a = x[:, ::2].reshape(4, 3, 1)
    a[:] = 1.0
    b = x[::2].reshape(2, 2, 3)
    b[:] += 10.0
    c = x[::2, :4].reshape(8)
    c[:] += 100.0
    d = x[1:3].reshape(2, 3, 2)
    d[1] += 1000.0
    e = x[:, 1].reshape(2, 2)
    e[:] = 0.5
    f = x[::-1].reshape(4, 2, 3)
    f[0] += 0.25
    g = x[::-1].reshape(24)
    g[0] += 0.125
    h = x.T.reshape(2, 3, 4)
    h[0] = -1.0
    return a, b, c, d, e, f, g, h


def flattens(x):
    a = x.flatten()
    a[:] = 0.0
    b = x.T.flatten()
    b[:] = 1.0
    return x[1:, ::2].flatten(), x[0].flatten(), x


def orders(x):
    return (
        x.reshape(4, 3, order="F"),
        x.ravel(order="F"),
        x.flatten(order="F"),
        np.reshape(x, -1, order="F"),
        x.T.reshape(2, -1, order="F"),
    )


def temporaries(x):
    return (x * 2.0).reshape(-1), (x + x).T.reshape(2, 6), (x - 1.0)[1:].reshape(-1).sum(), x.copy().reshape(2, 6)


def rows_of_blocks(x, n):
    blocks = x.reshape(n, -1)
    total = np.zeros(n)
    for i in prange(n):
        total[i] = blocks[i].sum()
        blocks[i] *= 2.0
    return total


def zero_rank(x, v):
    y = x.reshape(())
    y[...] = v
    return y, y.reshape(1, 1), y.reshape(-1)


def split(x):
    a, b = x.reshape(2, -1)[0], x.reshape(2, -1)[1]
    a[:] = b
    b += a
    return a, b


def copies_are_copies(x):
    y = same(x).copy()
    y[0] = 9.0
    z = np.copy(same(x)[:])
    z[1] = 8.0
    w = x.astype(np.float64)
    w[2] = 7.0
    return x, y, z, w


def same(x):
    return x


def rank_eight(x):
    y = x.reshape(1, 2, 1, 3, 1, 1, 1, 1)
    return y, y.reshape(3, 2), y.T.reshape(3, 2), y[:, ::-1].reshape(-1)


def assigned(x):
    y = np.zeros((4, 3))
    y[:] = x.reshape(4, 3)
    y.reshape(3, 4)[1:] += x[1:]
    y.reshape(-1)[:4] = x[0]
    return y


def overlaps(x):
    y = x.reshape(3, 3)
    y[:] = y.T
    y[1:] += x[:6].reshape(2, 3)
    x[1:] = x.reshape(9)[:-1]
    x[:] = y.reshape(-1)[::-1]


def overlaps_strided(x):
    y = x[:, ::2]
    z = y.reshape(2, 5, 1)
    z[:, 1:] = z[:, :-1]
    y[0] += z[1, :, 0]
    x[:, 1:] = x[:, :-1].reshape(2, 8)
