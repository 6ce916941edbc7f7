"""Reductions along axes: functions and methods, negative axes, `keepdims`, extents of 0 and 1."""

# call: products(uniform((1, 1)) + 0.5)
# call: products(uniform((1, 7)) + 0.5)
# call: products(uniform((7, 1)) + 0.5)
# call: products(uniform((3, 5)) + 0.5)
# call: products(uniform((9, 8)) + 0.5)
# call: products(uniform((8, 9)) + 0.5)
# call: products(uniform((2, 129)) + 0.5)
# call: products(uniform((129, 2)) + 0.5)
# call: products(f32(normal((9, 13))))
# call: products(f32(normal((130, 3))))
# call: products(i32(normal((6, 5)) * 3))
# call: products(normal((4, 7)) / 0.0)
# call: extremes(uniform((1, 1)) + 0.5)
# call: extremes(uniform((1, 7)) + 0.5)
# call: extremes(uniform((7, 1)) + 0.5)
# call: extremes(uniform((3, 5)) + 0.5)
# call: extremes(uniform((9, 8)) + 0.5)
# call: extremes(uniform((8, 9)) + 0.5)
# call: extremes(uniform((2, 129)) + 0.5)
# call: extremes(uniform((129, 2)) + 0.5)
# call: extremes(f32(normal((9, 13))))
# call: extremes(f32(normal((130, 3))))
# call: extremes(i32(normal((6, 5)) * 3))
# call: extremes(normal((4, 7)) / 0.0)
# call: truths(uniform((1, 1)) + 0.5)
# call: truths(uniform((1, 7)) + 0.5)
# call: truths(uniform((7, 1)) + 0.5)
# call: truths(uniform((3, 5)) + 0.5)
# call: truths(uniform((9, 8)) + 0.5)
# call: truths(uniform((8, 9)) + 0.5)
# call: truths(uniform((2, 129)) + 0.5)
# call: truths(uniform((129, 2)) + 0.5)
# call: truths(f32(normal((9, 13))))
# call: truths(f32(normal((130, 3))))
# call: truths(i32(normal((6, 5)) * 3))
# call: truths(normal((4, 7)) / 0.0)
# call: means(uniform((1, 1)) + 0.5)
# call: means(uniform((1, 7)) + 0.5)
# call: means(uniform((7, 1)) + 0.5)
# call: means(uniform((3, 5)) + 0.5)
# call: means(uniform((9, 8)) + 0.5)
# call: means(uniform((8, 9)) + 0.5)
# call: means(uniform((2, 129)) + 0.5)
# call: means(uniform((129, 2)) + 0.5)
# call: means(f32(normal((9, 13))))
# call: means(f32(normal((130, 3))))
# call: means(i32(normal((6, 5)) * 3))
# call: means(normal((4, 7)) / 0.0)
# call: deviations(uniform((1, 1)) + 0.5)
# call: deviations(uniform((1, 7)) + 0.5)
# call: deviations(uniform((7, 1)) + 0.5)
# call: deviations(uniform((3, 5)) + 0.5)
# call: deviations(uniform((9, 8)) + 0.5)
# call: deviations(uniform((8, 9)) + 0.5)
# call: deviations(uniform((2, 129)) + 0.5)
# call: deviations(uniform((129, 2)) + 0.5)
# call: deviations(f32(normal((9, 13))))
# call: deviations(f32(normal((130, 3))))
# call: deviations(i32(normal((6, 5)) * 3))
# call: deviations(normal((4, 7)) / 0.0)
# call: spans(uniform((1, 1)) + 0.5)
# call: spans(uniform((1, 7)) + 0.5)
# call: spans(uniform((7, 1)) + 0.5)
# call: spans(uniform((3, 5)) + 0.5)
# call: spans(uniform((9, 8)) + 0.5)
# call: spans(uniform((8, 9)) + 0.5)
# call: spans(uniform((2, 129)) + 0.5)
# call: spans(uniform((129, 2)) + 0.5)
# call: spans(f32(normal((9, 13))))
# call: spans(f32(normal((130, 3))))
# call: spans(i32(normal((6, 5)) * 3))
# call: spans(normal((4, 7)) / 0.0)
# call: products(zeros((0, 3)))
# call: products(zeros((3, 0)))
# call: products(zeros((0, 0)))
# call: truths(zeros((0, 3)))
# call: truths(zeros((3, 0)))
# call: truths(zeros((0, 0)))
# call: means(zeros((0, 3)))
# call: means(zeros((3, 0)))
# call: means(zeros((0, 0)))
# call: deviations(zeros((0, 3)))
# call: deviations(zeros((3, 0)))
# call: deviations(zeros((0, 0)))
# call: extremes_0(uniform((0, 3)))
# call: extremes_0(uniform((3, 0)))
# call: extremes_0(uniform((0, 0)))
# call: extremes_0(uniform((2, 3)))
# call: extremes_1(uniform((0, 3)))
# call: extremes_1(uniform((3, 0)))
# call: extremes_1(uniform((0, 0)))
# call: extremes_1(uniform((2, 3)))
# call: extremes_all(uniform((0, 3)))
# call: extremes_all(uniform((3, 0)))
# call: extremes_all(uniform((0, 0)))
# call: extremes_all(uniform((2, 3)))
# call: cubes(uniform((3, 4, 5)))
# call: cubes(f32(uniform((5, 1, 9))))
# call: cubes(u8(uniform((4, 3, 7)) * 300))
# call: cubes(uniform((2, 9, 17)))
# call: with_nan(uniform((4, 9)), 2, 0)
# call: with_nan(uniform((4, 9)), 0, 8)
# call: with_nan(f32(uniform((9, 4))), 8, 3)


def products(x):
    return x.prod(axis=0), np.prod(x, axis=-1), x.prod(1, keepdims=True), np.prod(x, keepdims=True), x.prod(axis=(1, 0))


def extremes(x):
    return (
        x.min(axis=0),
        np.max(x, axis=-1),
        np.amin(x, 1, keepdims=True),
        np.amax(x, keepdims=True),
        x.max(axis=(0, 1)),
        np.max(a=x, axis=-2, keepdims=False),
    )


def truths(x):
    return (
        (x > 0.7).any(axis=0),
        np.all(x > 0.1, axis=1),
        np.any(x, axis=-1, keepdims=True),
        np.all(x),
        x.any(),
        x.all(axis=(0, 1), keepdims=True),
        np.count_nonzero(x > 0.7),
        np.count_nonzero(x, axis=0),
        np.count_nonzero(x, axis=1, keepdims=True),
    )


def means(x):
    return x.mean(axis=0), np.mean(x, axis=-1), np.mean(x, 1, keepdims=True), x.mean(keepdims=True), x.mean(axis=(1, 0))


def deviations(x):
    return (
        x.var(axis=0),
        np.var(x, axis=-1, ddof=1),
        x.std(1, keepdims=True),
        np.std(x),
        np.std(x, ddof=2.5),
        np.std(x, axis=0, correction=1),
        x.var(axis=(0, 1), keepdims=True),
    )


def spans(x):
    return np.ptp(x), np.ptp(x, axis=0), np.ptp(x, axis=-1, keepdims=True)


def extremes_0(x):
    return x.min(axis=0)


def extremes_1(x):
    return x.max(axis=1)


def extremes_all(x):
    return x.max()


def cubes(x):
    return (
        x.sum(axis=1, keepdims=True),
        x.sum(axis=(0, -1)),
        x.mean(axis=(0, 2), keepdims=True),
        x.max(axis=1),
        x.min(axis=(0, 1)),
        x.std(axis=1),
        x.var(axis=(1, 2)),
        x.prod(axis=2),
        x.any(axis=(0, 2)),
    )


def with_nan(x, i, j):
    x[i, j] = np.nan
    return x.min(axis=0), x.max(axis=1), x.sum(axis=0), x.mean(axis=1), x.any(axis=0), x.var(axis=1)
