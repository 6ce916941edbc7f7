"""Arrays made inside a kernel: which of their axes have extent 1 shows only when it runs, and decides the order of a sum."""

# call: columns(uniform(100), 100, 1)
# call: columns(uniform(100), 1, 100)
# call: columns(uniform(100), 50, 2)
# call: columns(uniform(100), 10, 10)
# call: columns(f32(uniform(129)), 129, 1)
# call: boxes(uniform(300), 300, 1, 1)
# call: boxes(uniform(300), 20, 15, 1)
# call: boxes(uniform(300), 20, 1, 15)
# call: boxes(uniform(300), 1, 20, 15)
# call: boxes(uniform(300), 10, 10, 3)
# call: boxes(f32(uniform(300)), 150, 1, 2)
# call: boxes(f32(uniform(300)), 150, 2, 1)
# call: called(uniform((100, 1)), uniform((1, 100)))
# call: of_numbers(2.5, -3)
# call: of_zero_rank(full((), -0.0))
# call: signs(full((3, 2), -0.0))


def columns(x, n, m):
    y = np.empty((n, m), x.dtype)
    for i in range(n):
        for j in range(m):
            y[i, j] = x[i * m + j]
    return y.sum(axis=0), y.sum(axis=1), (y * 3).sum(axis=0), y.mean(axis=0), y.var(axis=0), y.prod(axis=0)


def boxes(x, n, m, k):
    y = np.empty((n, m, k), x.dtype)
    for i in range(n):
        for j in range(m):
            for l in range(k):
                y[i, j, l] = x[(i * m + j) * k + l]
    return (
        y.sum(axis=0),
        y.sum(axis=1),
        y.sum(axis=(0, 1)),
        y.sum(axis=(0, 2)),
        y.sum(axis=(0, 1), keepdims=True),
        y.sum(axis=0, keepdims=True).sum(axis=1),
    )


def total_of_columns(x):
    if len(x) < 0:
        return total_of_columns(x)
    return x.sum(axis=0)


def called(x, y):
    return total_of_columns(x), total_of_columns(y)


def of_numbers(x, i):
    return (
        np.sum(x),
        np.prod(i),
        np.min(x),
        np.max(i),
        np.mean(i),
        np.var(x),
        np.std(i),
        np.any(x),
        np.all(0.0),
        np.sum(x, axis=0),
        np.max(i, axis=-1),
        np.sum(-0.0),
        np.ptp(x),
    )


def of_zero_rank(x):
    return x.sum(), x.max(), np.mean(x, keepdims=True), x.any(), x.sum(axis=0)


def signs(x):
    return x.sum(axis=0), x.sum(axis=1), x.sum(axis=()), x.sum(), x.prod(axis=0), x.sum(axis=0, initial=-0.0)
