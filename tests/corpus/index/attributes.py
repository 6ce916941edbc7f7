"""`shape`, `size`, `ndim`, `len` are Python ints."""

# call: of(zeros(5))
# call: of(zeros((3, 4)))
# call: of(i8(zeros((2, 3, 4))))
# call: of(zeros((0, 4)))
# call: matrix(f32(zeros((3, 4))))
# call: weak(i8(ones(3)))


def of(x):
    return len(x), x.size, x.ndim, x.shape, x.shape[0], x.shape[-1], len(x.shape)


def matrix(x):
    rows, columns = x.shape
    return rows / columns, rows // columns, np.zeros(x.shape), np.ones((columns, rows), i32)


def weak(x):
    return x[0] * len(x), x[0] + x.size
