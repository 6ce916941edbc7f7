"""Products of matrices that are too large for the cache: blocks of rows read the second one panel after the other."""

# call: product(uniform((2, 260)), uniform((260, 129)), uniform((2, 129)))
# call: product(uniform((1, 9)), uniform((9, 4100)), uniform((1, 4100)))
# call: product(uniform((0, 9)), uniform((9, 5000)), uniform((0, 5000)))
# call: sums(uniform((2, 260)), uniform((260, 129)), uniform((2, 129)))
# call: in_parallel(uniform((9, 260)), uniform((260, 129)))
# call: in_parallel(full((1, 260), np.nan), uniform((260, 129)))
# call: scaled(uniform((2, 260)), uniform((260, 129)), uniform((2, 129)), 0.5)
# call: below(uniform((2, 260)), uniform((260, 129)))
# call: rows_from(uniform((9, 260)), uniform((260, 129)), uniform((9, 129)), 3, 5)
# call: rows_from(uniform((9, 260)), uniform((260, 129)), uniform((9, 129)), 8, 2)
# call: backwards(uniform((1, 260)), uniform((260, 129)), uniform((1, 129)))
# call: least(uniform((2, 260)), uniform((260, 129)), uniform((2, 129)))


def product(a, b, c):
    for i in range(a.shape[0]):
        for k in range(a.shape[1]):
            for j in range(b.shape[1]):
                c[i, j] += a[i, k] * b[k, j]


def sums(a, b, c):
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            s = 0.0
            for k in range(a.shape[1]):
                s += a[i, k] * b[k, j]
            c[i, j] = s


def in_parallel(a, b):
    c = np.zeros((a.shape[0], b.shape[1]))
    for i in prange(a.shape[0]):
        for k in range(a.shape[1]):
            scale = a[i, k]
            for j in range(b.shape[1]):
                c[i, j] += scale * b[k, j]
    return c


def scaled(a, b, c, beta):
    for i in range(a.shape[0]):
        c[i, 0] += 1.0
        for j in range(b.shape[1]):
            c[i, j] *= beta
        for k in range(a.shape[1]):
            for j in range(b.shape[1]):
                c[i, j] -= a[i, k] * b[k, j]


def below(a, b):
    """Rows of the result are those above them, too: they must come in order."""
    c = np.ones((a.shape[0] + 1, b.shape[1]))
    for i in range(a.shape[0]):
        for k in range(a.shape[1]):
            for j in range(b.shape[1]):
                c[i + 1, j] += a[i, k] * b[k, j] + 0.001 * c[i, j]
    return c


def rows_from(a, b, c, first, end):
    for i in range(first, end):
        for k in range(2, a.shape[1] - 1):
            for j in range(1, b.shape[1]):
                c[i, j] += a[i, k] * b[k, j]


def backwards(a, b, c):
    product(a, b[::-1, ::-1], c[:, ::-1])
    product(a[::-1], b, c)


def least(a, b, c):
    for i in prange(a.shape[0]):
        for k in range(a.shape[1]):
            for j in range(b.shape[1]):
                c[i, j] = min(c[i, j], a[i, k] + b[k, j])
