"""`concatenate`, `stack` and their kin."""

# call: vectors(arange(3), arange(4) + 10)
# call: vectors(zeros(0), normal(3))
# call: vectors(i8(arange(3)), u8(arange(2)))
# call: vectors(f32(normal(129)), arange(7))
# call: matrices(normal((2, 3)), normal((4, 3)))
# call: matrices(zeros((0, 3)), i8(uniform((2, 3)) * 9))
# call: matrices(normal((2, 3)), normal((4, 2)))
# call: columns(normal((3, 2)), normal((3, 1)))
# call: columns(normal((3, 1)), normal((3, 1)))
# call: columns(normal((3, 2)), normal((1, 2)))
# call: stacked(normal(3), arange(3))
# call: stacked(zeros(0), zeros(0))
# call: stacked(normal(1), normal(1))
# call: stacked(normal(3), normal(1))
# call: stacked_matrices(normal((2, 3)), uniform((2, 3)))
# call: appended(arange(3), 7)
# call: appended(normal(3), arange(2))
# call: rows_of(normal((3, 4)))
# call: in_place(arange(9))
# call: one(arange(3))


def vectors(x, y):
    return np.concatenate((x, y)), np.concatenate([x, y, x]), np.hstack((x, y)), np.concatenate((x, y), dtype=np.float64)


def matrices(x, y):
    return np.concatenate((x, y)), np.concatenate((x, y), axis=-2), np.vstack((x, y))


def columns(x, y):
    return np.concatenate((x, y), axis=1), np.hstack([x, y]), np.column_stack((x, y))


def stacked(x, y):
    return np.stack((x, y)), np.stack([x, y], axis=1), np.vstack((x, y)), np.column_stack((x, y)), np.array([x, y])


def stacked_matrices(x, y):
    return np.stack((x, y)), np.stack((x, y), axis=1), np.stack((x, y), axis=-1)


def appended(x, v):
    return np.append(x, v)


def rows_of(x):
    return np.concatenate((x[0], x[:, 1])), np.stack((x[0], x[1], x[0] + x[2])), np.concatenate((x.T, x.T), axis=1)


def in_place(x):
    x[:4] = np.concatenate((x[2:4], x[:2]))
    return x


def one(x):
    return np.concatenate((x,)), np.stack((x,))
