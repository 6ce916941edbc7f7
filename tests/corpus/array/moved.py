"""Functions that move elements about."""

# call: rolled(arange(7), 2)
# call: rolled(normal(9), -3)
# call: rolled(u8(arange(5)), 12)
# call: rolled(zeros(0), 3)
# call: rolled(normal(1), 1)
# call: repeated(arange(4), 3)
# call: repeated(normal(5), 1)
# call: repeated(i8(arange(3)), 0)
# call: repeated(zeros(0), 4)
# call: diagonals(normal((3, 4)), 0)
# call: diagonals(normal((4, 3)), 1)
# call: diagonals(i8(uniform((3, 3)) * 99), -1)
# call: diagonals(normal((2, 2)), 5)
# call: diagonals(normal((2, 5)), -5)
# call: diagonals(zeros((0, 3)), 0)
# call: traces(np.floor(normal((5, 5)) * 10))
# call: traces(i8(uniform((3, 4)) * 99))
# call: traces(u8(uniform((9, 9)) * 200))
# call: traces(uniform((3, 3)) > 0.5)
# call: traces(zeros((0, 0)))
# call: of_views(normal((4, 4)))


def rolled(x, k):
    return np.roll(x, k), np.roll(x, -1), np.roll(x, k, axis=0)


def repeated(x, n):
    return np.repeat(x, n), np.tile(x, n), x.repeat(n), np.repeat(x, 2, axis=0), np.tile(x, 3)


def diagonals(x, k):
    return np.diag(x), np.diag(x, k), np.diagonal(x, k), x.diagonal(), np.diagonal(x, offset=-1)


def traces(x):
    return np.trace(x), np.trace(x, 1), x.trace(offset=-1)


def of_views(x):
    return np.roll(x[1], 1), np.roll(x[:, 2], -1), np.diag(x.T), np.trace(x[::-1]), np.repeat(x[::2, 0], 2)
