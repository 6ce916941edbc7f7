"""Where `reshape` and `ravel` give views, which depends on the layout of what they are given."""
# fixed-layout
# call: marks(uniform((2, 6)))
# call: marks(uniform((1, 6)))
# call: marks(uniform((6, 1)))
# call: marks(uniform((0, 6)))
# call: of_views_3(uniform((2, 4, 3)))
# call: of_views_3(uniform((2, 1, 3)))
# call: of_views_3(uniform((1, 4, 1)))
# call: ravels(uniform((3, 4)))
# call: ravels(uniform((3, 1)))
# call: ravels(uniform((0, 1)))
# call: stores(uniform((4, 4)))
# call: in_loops(uniform((2, 6)))
# call: transposed(uniform((6, 2)), uniform((3, 4, 2)), uniform((4, 3)))
# call: transposed(uniform((6, 1)), uniform((3, 1, 2)), uniform((1, 3)))
# call: spread(uniform((4, 12)), uniform((4, 8, 3)), uniform((6, 4)))
# call: backward(uniform((2, 6)), uniform((2, 4, 3)), uniform((3, 4)))


def marks(x):
    y = x.reshape(3, -1)
    y[1] = 7.0
    z = x[:, ::2].reshape(-1)
    z[:] += 100.0
    w = x.T.reshape(-1)
    w[:] -= 50.0
    v = x[..., ::-1].reshape(2, -1)
    v[:] *= 3.0
    return x, y, z, w, v


def of_views_3(x):
    n = x.size
    a = x.transpose(1, 0, 2).reshape(-1)
    a[:] = 2.0
    b = x[:, ::2, ::-1].reshape(-1)
    b[:] += 3.0
    c = x[:, :, None].reshape(x.shape[0], -1, 1)
    c[:] += 4.0
    d = x.swapaxes(0, 1).reshape(x.shape[1], -1)
    d[:] += 5.0
    e = x[::-1, ::-1, ::-1].reshape(n)
    e[:] += 6.0
    f = x[..., 0].reshape(-1)
    f[:] += 7.0
    g = x[:, 0].reshape(-1)
    g[:] += 8.0
    return a, b, c, d, e, f, g


def ravels(x):
    a = x.ravel()
    a[:] = 1.0
    b = np.ravel(x.T)
    b[:] += 2.0
    c = x[1:].ravel()
    c[:] += 3.0
    d = x[:, :1].ravel()
    d[:] += 4.0
    e = x[0].ravel()
    e[:] += 5.0
    f = x[:, 0].ravel()
    f[:] += 6.0
    g = x[::2].ravel()
    g[:] += 7.0
    return a, b, c, d, e, f, g


def stores(x):
    x.reshape(2, 8)[:, ::3] = 5.0
    x.reshape(-1)[::5] += 1.0
    x[1:3].reshape(8)[2:] = x.reshape(16)[:6]
    x.T.reshape(-1)[:] = 99.0


def in_loops(x):
    total = 0.0
    for i in range(3):
        y = x.reshape(3, 4) if i == 1 else x[:, ::-1].reshape(3, 4)
        y[i] = i
        total += y[i - 1, i + 1]
        z = x[:, i:].reshape(-1)
        z[0] += 1.0
    return total


def transposed(x, y, z):
    return marks(x.T), of_views_3(y.T), ravels(z.T)


def spread(x, y, z):
    return marks(x[::2, ::2]), of_views_3(y[::2, ::2]), ravels(z[::2])


def backward(x, y, z):
    return marks(x[:, ::-1]), of_views_3(y[::-1]), ravels(z[::-1, ::-1])
