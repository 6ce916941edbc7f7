"""Reductions over leading axes of wide arrays, which run by blocks of columns and several rows at a time."""

# call: sums(uniform((19, 2100)))
# call: sums(uniform((3, 257)))
# call: sums(uniform((8, 1)))
# call: functions(normal((17, 1030)))
# call: functions(normal((17, 1030)).astype(f32))
# call: integers((uniform((21, 600)) * 100.0).astype(u8))
# call: deep(uniform((5, 3, 300)))
# call: deep(uniform((9, 300, 3)))
# call: weighted(uniform((13, 700)), uniform(13))
# call: weighted(uniform((0, 700)), uniform(0))
# call: weighted(uniform((3, 0)), uniform(3))
# call: moved(uniform((13, 9)))
# call: own_rows(uniform((13, 9)))


def sums(x):
    t = x.sum(axis=0)
    return t[::97], t.sum()


def functions(x):
    parts = (x.min(axis=0), x.max(axis=0), x.mean(axis=0), x.prod(axis=0), np.argmax(x, axis=0), (x > 0.0).any(axis=0))
    return parts[0][::131], parts[1][::131], parts[2][::131], parts[3][::131], parts[4][::131], parts[5][::131]


def integers(x):
    return x.sum(axis=0)[::67], x.max(axis=0)[::67], x.mean(axis=0)[::67]


def deep(x):
    t, u = x.sum(axis=0), x.sum(axis=(0, 1))
    return t.ravel()[::101], u[::31], u.sum()


def weighted(x, w):
    t = np.zeros(x.shape[1])
    for i in range(len(w)):
        t += w[i] * x[i]
    return t[::97]


def moved(x):
    for i in range(1, len(x)):
        x[i, :-1] = x[i - 1, 1:] + x[i, :-1]
    return x.copy()


def own_rows(x):
    for i in range(1, len(x)):
        x[i] += x[i - 1]
    return x.copy()
