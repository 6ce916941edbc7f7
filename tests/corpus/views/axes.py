"""New axes, `...`, partial indices, transposition."""
# call: new_axes(uniform(3))
# call: new_axes(uniform(1))
# call: new_axes(uniform(0))
# call: rows(uniform((3, 4)), 1)
# call: rows(uniform((3, 4)), -1)
# call: rows(uniform((3, 4)), 3)
# call: rows(uniform((3, 4)), -4)
# call: ellipsis(uniform((2, 3, 4)))
# call: zero_dimensional(uniform(4), 2)
# call: zero_dimensional(uniform(4), 4)
# call: transposed(uniform((2, 3)))
# call: transposed(uniform((1, 3)))
# call: transposed(uniform((0, 3)))
# call: transposed_3(uniform((2, 3, 4)))
# call: one_dimensional(uniform(4))
# call: attributes(uniform((2, 3)))
# call: attributes(uniform((4, 1)))
# call: tuple_index(uniform((3, 4)), 1, 2)
# call: tuple_index(uniform((3, 4)), -1, -2)
# call: tuple_index(uniform((3, 4)), 1, 4)
# call: rank_eight(uniform((2, 1, 2)))
# call: outer_sum(uniform(3), uniform(4))
# call: broadcast_column(uniform((3, 4)), uniform(3))
# call: views_of_views(uniform((6, 7)))
# call: views_of_views(uniform((1, 2)))
# call: views_of_views_any(uniform((6, 7)), 1, 5, 2)
# call: views_of_views_any(uniform((6, 7)), 5, 0, -2)
# call: in_order(uniform((3, 4)), 5, 0)
# call: in_order(uniform((3, 4)), 1, 0)
# call: in_order_reversed(uniform((3, 4)), 5, 0)
# call: column(uniform((3, 4)), 2)
# call: column(uniform((3, 4)), -5)


def new_axes(x):
    return x[None], x[:, None], x[None, :, None], x[np.newaxis, ::-1], x[..., None], x[None, ..., None, None]


def rows(x, i):
    return x[i], x[i, :], x[i, 1:], x[i, ::-2], x[:, i], x[i][1:], x[1:, i], x[i : i + 2]


def ellipsis(x):
    return x[..., 0], x[1, ...], x[0, ..., 1:3], x[...], x[:, ..., :], x[1, ..., 2], x[..., None, 1]


def zero_dimensional(x, i):
    y = x[i, ...]
    y[...] = 5.0
    z = y[None]
    return y + 1.0, z, x


def transposed(x):
    return x.T, x.T[1:], x[1:].T, x.T.T, x.T[::-1, ::2], x.T + 1.0


def transposed_3(x):
    return x.T, x.T[1], x.T[:, 1], x[0].T, x.T[1:, ::-1, 0]


def one_dimensional(x):
    return x.T, x.T[1:], x[None].T, x[:, None].T


def attributes(x):
    y = x[1:, ::2].T
    return y.shape, y.size, y.ndim, y.itemsize, y.nbytes, len(y), x.T.shape, x[0].ndim, x[None].shape


def tuple_index(x, i, j):
    t = (i, j)
    return x[t], x[(i, j)], x[i][j], x[(i,)]


def rank_eight(x):
    y = x[None, :, None, :, None, :, None, None]
    return y, y[0, :, 0, 0, 0, ::-1], y.T


def outer_sum(a, b):
    return a[:, None] + b, a[:, None] * b[None, :], a[None, :, None] - b


def broadcast_column(x, c):
    return x * c[:, None] + x[:, 0][:, None], x - x[0], x / x[:, 0][:, None]


def views_of_views(x):
    a = x[1:, ::2]
    b = a[::-1][:, 1:]
    c = b.T[None][0, ::-1]
    return a, b, c, c.T[1:], x[2:][2:][1:], x[::2][::-2], x[:, 1:][0:][:, -2:]


def views_of_views_any(x, a, b, c):
    y = x[a:b:c]
    z = y.T[a:b:c]
    return y, z, z[::c], z[::-1, ::c], y[0][a:b:c][::c]


def in_order(x, i, step):
    return x[i, ::step]


def in_order_reversed(x, i, step):
    return x[::step, i]


def column(x, j):
    c = x[:, j]
    return c, c[::-1], c.sum(), x[1:, j][0]
