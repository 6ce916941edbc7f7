"""Loops over rows, columns and blocks that are proved to be parallel (tests/diagnostics/views.py shows that none warns)."""
# call: blocks(uniform(12), 4)
# call: blocks(uniform(10), 4)
# call: blocks(uniform(13), 4)
# call: blocks(uniform(0), 2)
# call: block_views(uniform(12), 4)
# call: block_views(uniform(10), 4)
# call: columns(uniform((4, 5)))
# call: columns(uniform((1, 1)))
# call: transposed_rows(uniform((4, 5)))
# call: halves(uniform(9))
# call: halves(uniform(8))
# call: inner(uniform((5, 6)))
# call: inner(uniform((3, 2)))
# call: called(uniform((5, 6)))
# call: view_outside(uniform((5, 6)))
# call: rows_of_blocks(uniform(12), uniform(12))
# call: private(uniform((6, 9)))
# call: smooth(uniform((9, 17)), 3)
# call: row_sums(uniform((129, 8)))
# call: normalise(uniform((7, 129)))
# call: planes(uniform((3, 4, 5)))


def blocks(y, n):
    for i in prange(n):
        y[i * 3 : i * 3 + 3] = i
        y[3 * i : 3 * (i + 1)] += y[3 * i : 3 * (i + 1)] * 0.5


def block_views(y, n):
    for i in prange(n):
        part = y[i * 3 : (i + 1) * 3]
        part[::-1] = part
        for j in range(len(part)):
            part[j] += j


def columns(y):
    for j in prange(y.shape[1]):
        y[:, j] = y[:, j] + j
        c = y[:, j]
        c[1:] += c[:-1]


def transposed_rows(y):
    for j in prange(y.shape[1]):
        c = y.T[j]
        for i in range(len(c)):
            c[i] += j


def halves(y):
    for i in prange(len(y) // 2):
        y[::2][i] = y[1::2][i]


def inner(y):
    for i in prange(1, y.shape[0] - 1):
        row = y[i]
        tmp = row[1:-1] * 2.0
        row[1:-1] = tmp + row[:-2]


def called(y):
    for i in prange(len(y)):
        add_to(y[i], i)
        add_to(y[i, ::2], 0.5)


def add_to(row, v):
    for j in range(len(row)):
        row[j] += v


def view_outside(y):
    v = y[1:, ::2]
    for i in prange(len(v)):
        v[i] = i + v[i]


def rows_of_blocks(x, y):
    a, b = x.reshape(4, -1), y.reshape(4, 3)
    for i in prange(4):
        b[i] += a[i]
        b[i, ::-1] = b[i]


def private(x):
    total = 0.0
    for i in prange(len(x)):
        row = x[i, 1:-1]
        copy = row.copy()
        copy[1:] += row[:-1]
        view = copy[::-1]
        total += view[0] * view[-1]
    return total


def smooth(x, steps):
    a, b = x.copy(), x.copy()
    for step in range(steps):
        for i in prange(1, len(a) - 1):
            b[i, 1:-1] = (a[i - 1, 1:-1] + a[i + 1, 1:-1] + a[i, :-2] + a[i, 2:]) * 0.25
        a, b = b, a
    return a


def row_sums(x):
    out = np.zeros(len(x))
    for i in prange(len(x)):
        out[i] = x[i].sum() + np.max(x[i, ::-1])
    return out


def normalise(x):
    for i in prange(len(x)):
        row = x[i]
        row -= np.mean(row)
        row /= np.sqrt(np.sum(row * row))
    return x


def planes(x):
    for i in prange(len(x)):
        plane = x[i]
        plane[1:] += plane[:-1] * 2.0
        plane.T[0] = i
        plane[:, 1:][:, ::-1] *= 2.0
    return x
