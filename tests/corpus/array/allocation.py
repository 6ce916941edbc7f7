"""`zeros ones empty full` and their `_like` forms, with shapes and dtypes of all kinds."""

# call: plain(5)
# call: plain(0)
# call: shapes(3, 4)
# call: shapes(0, 4)
# call: dtypes(3)
# call: fills(3)
# call: like(uniform(5))
# call: like(i16(arange(6)))
# call: like(f32(uniform((2, 3))))
# call: like_other(arange(4))
# call: from_shape(uniform((2, 3)))
# call: computed(arange(7), 2)
# call: uninitialised(4)
# call: fill_then_use(6)
# call: copies(uniform(5))
# call: copies(i8(arange(6)))
# call: rank_zero()
# call: higher(2)


def plain(n):
    return np.zeros(n), np.ones(n), np.full(n, 2.5)


def shapes(n, m):
    return np.zeros((n, m)), np.ones((m, n, 2)), np.full((n, m), 7), np.zeros((n,))


def dtypes(n):
    return (np.zeros(n, np.float32), np.ones(n, dtype=np.int8), np.zeros(n, dtype=bool), np.ones(n, u16), np.full(n, 3, f32),
            np.zeros(n, dtype=float), np.zeros(n, int), np.ones(n, np.uint64))


def fills(n):
    return np.full(n, 1), np.full(n, True), np.full(n, f32(0.1)), np.full(n, n * 0.5), np.full(n, -1, dtype=np.int16)


def like(x):
    return np.zeros_like(x), np.ones_like(x), np.full_like(x, 3), np.empty_like(x)


def like_other(x):
    return np.zeros_like(x, dtype=np.float32), np.full_like(x, 2.5, dtype=np.float64), np.full_like(x, 2.5)


def from_shape(x):
    return np.zeros(x.shape), np.zeros((x.shape[1], x.shape[0]), np.int32), np.ones(x.size), np.zeros(x.ndim)


def computed(x, k):
    return np.zeros(len(x) // k), np.ones((len(x) - 2 * k, k + 1)), np.zeros(x[3])


def uninitialised(n):
    return np.empty(n), np.empty(n, np.int32), np.empty((n, 2), np.uint8)


def fill_then_use(n):
    x = np.empty(n)
    for i in range(n):
        x[i] = i * i
    y = np.zeros(n, np.int32)
    for i in range(n):
        y[i] = n - i
    return x + y


def copies(x):
    y = x.copy()
    z = np.copy(x)
    y[0] = 100
    x[1] = 50
    return y, z


def rank_zero():
    x = np.zeros(())
    x[()] = 2.0
    return x


def higher(n):
    x = np.ones((n, n, n, n))
    x[1, 0, 1, 0] = 5
    return x * 2
