"""Tuples passed to a kernel from outside."""

# call: scale(arange(4) * 1.0, (2.0, 3.0))
# call: scale(arange(4) * 1.0, (f32(2.5), 3))
# call: nested((1, (2.5, True)), 3)
# call: recursive((1, 2.5), 4)
# call: empty((), 3)
# call: arrays((arange(4) * 1.0, ones(4)))
# call: shaped((2, 3))
# call: returns((1, 2.5))
# call: parallel((2.5, 3), zeros(100))
# call: rebinds((1, 2), 3)
# call: none_inside((None, 2))
# call: default_tuple(3)


def scale(x, ab):
    a, b = ab
    for i in range(len(x)):
        x[i] = a * x[i] + ab[1]
    return x


def nested(t, n):
    a, (b, c) = t
    return a + b * c + n, t


def recursive(t, n):
    if n == 0:
        return t
    a, b = t
    return recursive((a + n, b * 2), n - 1)


def empty(t, n):
    return len(t) + n, t


def arrays(t):
    x, y = t
    return x + y


def shaped(shape):
    return np.ones(shape)


def returns(t):
    return t


def parallel(t, out):
    for i in prange(len(out)):
        out[i] = t[0] * i + t[1]
    return out


def rebinds(t, n):
    t = t + (n,)
    return t


def none_inside(t):
    return t[1] if t[0] is None else t[0]


def default_tuple(n, scale=(2, 0.5)):
    return n * scale[0] + scale[1]
