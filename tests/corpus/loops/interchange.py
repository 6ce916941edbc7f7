"""Loops that may change places so that the innermost runs along memory, and loops that must not."""

# call: jki(uniform((5, 40)), uniform((40, 40)), uniform((5, 40)))
# call: jki(uniform((0, 3)), uniform((3, 40)), uniform((0, 40)))
# call: jki(uniform((3, 0)), uniform((0, 40)), uniform((3, 40)))
# call: jki(uniform((3, 4)), uniform((4, 1)), uniform((3, 1)))
# call: jki(uniform((33, 33)), full((33, 33), np.nan), uniform((33, 33)))
# call: jki(uniform((3, 7)), uniform((6, 40)), uniform((3, 40)))
# call: kji(uniform((7, 9)), uniform((9, 33)), uniform((7, 33)))
# call: ijk(uniform((8, 7)), uniform((7, 129)), uniform((8, 129)))
# call: kij(uniform((9, 8)), uniform((8, 32)), uniform((9, 32)))
# call: itself(uniform((33, 33)))
# call: square(uniform((33, 33)))
# call: sums(uniform((5, 40)), uniform((40, 33)), uniform((5, 33)))
# call: sums(uniform((5, 0)), uniform((0, 33)), uniform((5, 33)))
# call: sums(uniform((5, 3)), uniform((3, 1)), uniform((5, 1)))
# call: sums_in_order(uniform((7, 5)), uniform((5, 33)), uniform((7, 33)))
# call: sums_from_elements(uniform((7, 5)), uniform((5, 33)), uniform((7, 33)))
# call: two_sums(uniform((7, 33)), uniform(33), uniform(33))
# call: rounded_sums(uniform((5, 9)).astype(f32), uniform((9, 33)).astype(f32), uniform((5, 33)).astype(f32))
# call: sums_that_go_on(uniform((7, 33)), uniform(33))
# call: sums_read_later(uniform((7, 33)), uniform(33))
# call: sums_of_own(uniform((33, 33)))
# call: some(uniform((7, 33)), uniform(33))
# call: gemm(uniform((5, 40)), uniform((40, 33)), uniform((5, 33)), 2.5, 0.5)
# call: started(uniform((5, 9)), uniform((9, 40)), uniform((5, 40)))
# call: wrong_inside(uniform((9, 33)), uniform((9, 33)))
# call: wrong_inside(uniform((9, 8)), uniform((9, 8)))
# call: wrong_inside(uniform((0, 33)), uniform((0, 33)))
# call: constant_inside(uniform((9, 33)), uniform((9, 33)))
# call: stencil(uniform((9, 40)), uniform((9, 40)))
# call: stencil(uniform((2, 2)), uniform((2, 2)))
# call: in_place(uniform((9, 40)))
# call: diagonal(uniform((9, 40)))
# call: falls(uniform((9, 40)))
# call: reversed_rows(uniform((9, 40)), uniform((9, 40)))
# call: triangle(uniform((40, 40)), uniform((40, 40)))
# call: triangle_outside(uniform((9, 40)), uniform((9, 40)), uniform((9, 40)))
# call: leaves(uniform((9, 40)), uniform((9, 40)), 0.9)
# call: by_index(uniform((9, 40)), uniform((9, 40)), np.arange(8, -1, -1))
# call: by_index(uniform((9, 40)), uniform((9, 40)), np.array([0, 1, 1, 3, 0, 4, 5, 8, 7]))
# call: by_index(uniform((9, 40)), uniform((9, 40)), np.array([0, 1, 1, 3, 0, 4, 5, 9, 7]))
# call: within_prange(uniform((3, 9)), uniform((9, 40)), uniform((3, 40)))
# call: time_outside(uniform((4, 9, 40)))
# call: integers(np.arange(7 * 33).reshape((7, 33)), np.arange(33))
# call: branches(uniform((9, 40)), uniform((9, 40)))
# call: shorter(uniform((9, 40)), uniform((9, 33)))
# call: steps(uniform((9, 80)), uniform((9, 80)))
# call: columns_depend(uniform((9, 40)))
# call: rows_of_other(uniform((40, 33)), uniform((33, 40)))


def ijk(a, b, c):
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            for k in range(a.shape[1]):
                c[i, j] += a[i, k] * b[k, j]


def jki(a, b, c):
    for j in range(b.shape[1]):
        for k in range(a.shape[1]):
            for i in range(a.shape[0]):
                c[i, j] += a[i, k] * b[k, j]


def kji(a, b, c):
    for k in range(a.shape[1]):
        for j in range(b.shape[1]):
            for i in range(a.shape[0]):
                c[i, j] -= a[i, k] * b[k, j]


def kij(a, b, c):
    for k in range(a.shape[1]):
        for i in range(a.shape[0]):
            for j in range(b.shape[1]):
                c[i, j] += a[i, k] * b[k, j]


def itself(c):
    """Each product is of elements that are being updated."""
    ijk(c, c, c)


def square(a):
    c = np.zeros_like(a)
    jki(a, a, c)
    return c


def sums(a, b, c):
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            s = 0.0
            for k in range(a.shape[1]):
                s += a[i, k] * b[k, j]
            c[i, j] = s


def sums_in_order(a, b, c):
    for j in range(b.shape[1]):
        for i in range(a.shape[0]):
            s = 1.0
            for k in range(a.shape[1]):
                s = a[i, k] - s * b[k, j]
            c[i, j] = s


def sums_from_elements(a, b, c):
    """Begins with what the sum becomes: the element is touched elsewhere."""
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            s = c[i, j]
            for k in range(a.shape[1]):
                s += a[i, k] * b[k, j]
            c[i, j] = s


def two_sums(x, s, t):
    for j in range(x.shape[1]):
        a = 0.0
        b = 1.0
        for i in range(x.shape[0]):
            a += x[i, j]
            b = b * x[i, j] + a
        s[j] = a
        t[j] = b


def rounded_sums(a, b, c):
    """The sum is wider than its element."""
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            s = np.float64(0.0)
            for k in range(a.shape[1]):
                s += np.float64(a[i, k]) * np.float64(b[k, j])
            c[i, j] = s


def sums_that_go_on(x, s):
    t = 0.0
    for j in range(x.shape[1]):
        for i in range(x.shape[0]):
            t += x[i, j]
        s[j] = t


def sums_read_later(x, s):
    t = 0.0
    for j in range(x.shape[1]):
        t = 0.0
        for i in range(x.shape[0]):
            t += x[i, j]
        s[j] = t
    return t


def sums_of_own(c):
    """Sums of elements that earlier sums have replaced."""
    for j in range(c.shape[1]):
        s = 0.0
        for i in range(c.shape[0]):
            s += c[i, j]
        c[0, j] = s


def some(x, s):
    for j in range(x.shape[1]):
        t = 0.0
        for i in range(x.shape[0]):
            if x[i, j] > 0.5:
                t += x[i, j]
        s[j] = t


def gemm(a, b, c, alpha, beta):
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            c[i, j] *= beta
            for k in range(a.shape[1]):
                c[i, j] += alpha * a[i, k] * b[k, j]


def started(a, b, c):
    for j in range(b.shape[1]):
        for i in range(a.shape[0]):
            c[i, j] = 0.0
            for k in range(a.shape[1]):
                c[i, j] += a[i, k] * b[k, j]


def wrong_inside(x, y):
    for j in range(x.shape[1]):
        for i in range(x.shape[0]):
            y[i, j] = 2.0 * x[i, j] + 1.0


def constant_inside(x, y):
    for j in range(33):
        for i in range(9):
            y[i, j] = 2.0 * x[i, j] + 1.0
    for j in range(12):
        for i in range(9):
            y[i, j] += x[i, j]


def stencil(a, b):
    height, width = a.shape
    for j in range(1, width - 1):
        for i in range(1, height - 1):
            b[i, j] = 0.25 * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])


def in_place(a):
    height, width = a.shape
    for j in range(1, width - 1):
        for i in range(1, height - 1):
            a[i, j] = 0.25 * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])


def diagonal(a):
    """Each element is made of one that a later column has to leave alone until then."""
    height, width = a.shape
    for j in range(1, width):
        for i in range(height - 1):
            a[i, j] = a[i + 1, j - 1] + 1.0


def falls(a):
    height, width = a.shape
    for j in range(width):
        for i in range(1, height):
            a[i, j] += a[i - 1, j]


def reversed_rows(x, y):
    wrong_inside(x[::-1, ::-1], y)
    wrong_inside(x, y[::-1, ::-1])


def triangle(x, y):
    for j in range(x.shape[1]):
        for i in range(j):
            y[i, j] = 2.0 * x[i, j]


def triangle_outside(a, b, c):
    """The bound changes outside of the loops that change places."""
    for k in range(a.shape[1]):
        for j in range(k):
            for i in range(a.shape[0]):
                c[i, j] += a[i, k] * b[i, j]


def leaves(x, y, most):
    for j in range(x.shape[1]):
        for i in range(x.shape[0]):
            if x[i, j] > most:
                break
            y[i, j] = x[i, j]


def by_index(x, y, rows):
    for j in range(x.shape[1]):
        for i in range(x.shape[0]):
            y[rows[i], j] = y[rows[i], j] * 0.5 + x[i, j]


def within_prange(a, b, c):
    for i in prange(a.shape[0]):
        for j in range(b.shape[1]):
            for k in range(a.shape[1]):
                c[i, j] += a[i, k] * b[k, j]


def time_outside(x):
    """The columns of one time are made of those of the time before."""
    steps, height, width = x.shape
    for t in range(1, steps):
        for j in range(1, width - 1):
            for i in range(height):
                x[t, i, j] = x[t - 1, i, j - 1] + x[t - 1, i, j + 1]


def integers(x, s):
    for j in range(x.shape[1]):
        for i in range(x.shape[0]):
            s[j] = s[j] * 31 + x[i, j]


def branches(x, y):
    for j in range(x.shape[1]):
        for i in range(x.shape[0]):
            if x[i, j] > 0.5:
                y[i, j] = x[i, j]
            else:
                y[i, j] -= 1.0


def shorter(x, y):
    """The second array ends first: the fault is that of the order written."""
    for j in range(x.shape[1]):
        for i in range(x.shape[0]):
            y[i, j] = x[i, j]


def steps(x, y):
    for j in range(0, x.shape[1], 2):
        for i in range(x.shape[0]):
            y[i, j] = x[i, j] + y[i, j + 1]


def columns_depend(a):
    height, width = a.shape
    for j in range(1, width):
        for i in range(height):
            a[i, j] += a[i, j - 1]


def rows_of_other(x, y):
    for j in range(y.shape[1]):
        for i in range(y.shape[0]):
            y[i, j] = y[i, j] + x[j, i] * y[i, j]
