"""Broadcasting of arrays made inside a kernel, whose extents of 1 show only when it runs."""

# call: pairs(1, 3, 1, 3)
# call: pairs(1, 3, 3, 1)
# call: pairs(1, 3, 3, 3)
# call: pairs(1, 3, 1, 1)
# call: pairs(1, 3, 0, 1)
# call: pairs(1, 3, 1, 0)
# call: pairs(3, 1, 1, 3)
# call: pairs(3, 1, 3, 1)
# call: pairs(3, 1, 3, 3)
# call: pairs(3, 1, 1, 1)
# call: pairs(3, 1, 0, 1)
# call: pairs(3, 1, 1, 0)
# call: pairs(3, 3, 1, 3)
# call: pairs(3, 3, 3, 1)
# call: pairs(3, 3, 3, 3)
# call: pairs(3, 3, 1, 1)
# call: pairs(3, 3, 0, 1)
# call: pairs(3, 3, 1, 0)
# call: pairs(1, 1, 1, 3)
# call: pairs(1, 1, 3, 1)
# call: pairs(1, 1, 3, 3)
# call: pairs(1, 1, 1, 1)
# call: pairs(1, 1, 0, 1)
# call: pairs(1, 1, 1, 0)
# call: pairs(0, 1, 1, 3)
# call: pairs(0, 1, 3, 1)
# call: pairs(0, 1, 3, 3)
# call: pairs(0, 1, 1, 1)
# call: pairs(0, 1, 0, 1)
# call: pairs(0, 1, 1, 0)
# call: pairs(1, 0, 1, 3)
# call: pairs(1, 0, 3, 1)
# call: pairs(1, 0, 3, 3)
# call: pairs(1, 0, 1, 1)
# call: pairs(1, 0, 0, 1)
# call: pairs(1, 0, 1, 0)
# call: pairs(2, 3, 1, 3)
# call: pairs(2, 3, 3, 1)
# call: pairs(2, 3, 3, 3)
# call: pairs(2, 3, 1, 1)
# call: pairs(2, 3, 0, 1)
# call: pairs(2, 3, 1, 0)
# call: pairs(3, 0, 1, 3)
# call: pairs(3, 0, 3, 1)
# call: pairs(3, 0, 3, 3)
# call: pairs(3, 0, 1, 1)
# call: pairs(3, 0, 0, 1)
# call: pairs(3, 0, 1, 0)
# call: pairs(0, 3, 1, 3)
# call: pairs(0, 3, 3, 1)
# call: pairs(0, 3, 3, 3)
# call: pairs(0, 3, 1, 1)
# call: pairs(0, 3, 0, 1)
# call: pairs(0, 3, 1, 0)
# call: lengths(1, 1)
# call: lengths(1, 4)
# call: lengths(4, 1)
# call: lengths(4, 4)
# call: lengths(0, 1)
# call: lengths(1, 0)
# call: lengths(2, 4)
# call: lengths(4, 2)
# call: vectors(1, 9, normal(9))
# call: vectors(9, 1, normal(9))
# call: vectors(9, 9, normal(9))
# call: vectors(1, 1, normal(9))
# call: vectors(8, 9, normal(9))
# call: three(1, 1, 1)
# call: three(3, 1, 1)
# call: three(1, 3, 1)
# call: three(1, 1, 3)
# call: three(3, 3, 1)
# call: three(1, 3, 3)
# call: three(3, 3, 3)
# call: three(3, 1, 3)
# call: three(2, 3, 1)
# call: three(3, 2, 3)
# call: updates(1, 1)
# call: stores(1, 1)
# call: in_place(1, 1)
# call: updates(1, 4)
# call: stores(1, 4)
# call: in_place(1, 4)
# call: updates(4, 1)
# call: stores(4, 1)
# call: in_place(4, 1)
# call: updates(4, 4)
# call: stores(4, 4)
# call: in_place(4, 4)
# call: updates(0, 1)
# call: stores(0, 1)
# call: in_place(0, 1)
# call: updates(1, 0)
# call: stores(1, 0)
# call: in_place(1, 0)
# call: updates(3, 4)
# call: stores(3, 4)
# call: in_place(3, 4)
# call: updates(4, 3)
# call: stores(4, 3)
# call: in_place(4, 3)
# call: rebound(1, 5, 3)
# call: parallel(1, 5)
# call: rebound(5, 1, 3)
# call: parallel(5, 1)
# call: rebound(5, 5, 3)
# call: parallel(5, 5)
# call: rebound(1, 1, 3)
# call: parallel(1, 1)
# call: called(uniform((1, 4)), uniform((3, 1)))
# call: called(uniform((3, 1)), uniform((1, 4)))
# call: called(uniform((3, 4)), uniform(4))
# call: called(uniform((3, 4)), uniform(1))
# call: called(uniform((3, 4)), uniform(3))
# call: called(uniform((1, 1)), uniform((0, 4)))
# call: called(f32(uniform((5, 1))), f32(uniform((1, 9))))
# call: halves(uniform(2), uniform(6))
# call: halves(uniform(12), uniform(12))
# call: halves(uniform(12), uniform(11))
# call: halves(uniform(3), uniform(4))
# call: halves(uniform(1), uniform(0))


def grid(n, m):
    y = np.empty((n, m))
    for i in range(n):
        for j in range(m):
            y[i, j] = 10.0 * i + j + 1.0
    return y


def line(n):
    y = np.empty(n)
    for i in range(n):
        y[i] = i + 0.5
    return y


def pairs(n, m, k, l):
    a = grid(n, m)
    b = grid(k, l)
    return a + b, a * 2 - b * 3, np.where(a > b, a, b + 1), a < b


def lengths(n, m):
    a = line(n)
    b = line(m)
    c = a - b
    return c, c * b, c + a * b, (c + a) / (b - c)


def vectors(n, m, x):
    a = grid(n, m)
    return a + x, x - a, np.minimum(x, a), a * x + a


def three(n, m, k):
    a = np.zeros((n, m)) + 2.0
    b = grid(m, k)
    c = line(k)
    return np.where(a[:, 0:1] > 1, c, c * 3), b * c + c, fma(c, c, b), np.where(b > 2, b, c)


def updates(n, m):
    a = grid(4, 4)
    a[:] = grid(n, m)
    a += grid(n, m)
    a[1:, :] *= grid(1, m)
    return a


def stores(n, m):
    a = np.zeros((5, 4))
    a[1:] = grid(n, m) + 1
    a[0] = line(m)
    a[:, 2] = line(1)
    a[1:, :] = grid(n, m) * line(m) - a[1:, :]
    return a


def in_place(n, m):
    a = grid(n, m)
    a += line(m)
    b = line(n)
    b -= line(m)
    return a, b


def rebound(n, m, times):
    a = line(n)
    b = line(m)
    for t in range(times):
        a = a * 0.5 + b
    return a


def parallel(n, m):
    out = np.zeros((6, 5))
    for i in prange(6):
        out[i] = line(n) + line(m) * i
    return out


def sum_of(x, y, depth):
    if depth > 0:
        return sum_of(x, y, depth - 1)
    return x + y, x * y - x


def called(x, y):
    return sum_of(x, y, 2), sum_of(y, x, 0)


def halves(x, y):
    a = x[: len(x) // 2]
    b = y[len(y) // 2 :]
    z = a * b + a
    z[: len(z) // 2] += b[: len(b) // 2]
    return z, a - b[::-1]
