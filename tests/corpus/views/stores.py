"""Stores into views, and what NumPy makes of operands that overlap them."""
# call: tails(uniform(9), 2.0)
# call: tails(uniform(3), 2.0)
# call: tails(uniform(1), 2.0)
# call: tails(uniform(0), 2.0)
# call: shifts(uniform(0))
# call: shifts(uniform(1))
# call: shifts(uniform(8))
# call: shifts(uniform(129))
# call: reversals(uniform(0))
# call: reversals(uniform(1))
# call: reversals(uniform(9))
# call: transposes(uniform((3, 3)))
# call: transposes(uniform((1, 1)))
# call: transposes(uniform((7, 7)))
# call: rectangle(uniform((2, 3)))
# call: swap_columns(uniform((4, 3)))
# call: swap_rows(uniform((4, 3)))
# call: halves(uniform(8))
# call: halves(uniform(9))
# call: interleaved(uniform(9))
# call: rows_in_loop(uniform((3, 4)))
# call: eliminate(uniform((4, 4)))
# call: row_with_row(uniform((3, 4)), 1, 1)
# call: row_with_row(uniform((3, 4)), 1, 2)
# call: row_with_row(uniform((3, 4)), 0, -3)
# call: augmented(uniform((4, 5)), 1)
# call: augmented(uniform((4, 5)), 4)
# call: evaluated_once(uniform(6))
# call: value_first(uniform((2, 2)), 5, 0)
# call: shape_first(uniform((2, 2)), uniform(3), 5)
# call: too_long(uniform(5), uniform(4))
# call: stretched(uniform((3, 4)), uniform(4))
# call: stretched(uniform((3, 1)), uniform(1))
# call: self_broadcast(uniform((4, 4)))
# call: self_broadcast(uniform((1, 4)))
# call: self_broadcast(uniform((4, 1)))
# call: converts(uniform(6))
# call: through_local(uniform((4, 4)))
# call: scalar_views(uniform((3, 3)))
# call: same_slice_twice(uniform(9), 2)
# call: same_slice_twice(uniform(9), -2)
# call: one_element_source(uniform(6))


def tails(x, v):
    x[1:] = v
    x[:-2] = x[2:] * 2.0
    x[::2] = 7.0
    x[5:2] = 9.0
    x[-1:] -= 1.0
    return x


def shifts(a):
    a[1:] += a[:-1]
    a[:-1] = a[1:]
    a[2:] = a[:-2]
    a[:-2] -= a[2:] * a[:-2]
    return a.copy()


def reversals(a):
    a[::-1] = a
    a += a[::-1]
    a[:] = a[::-1] * 2.0
    a[::-1] -= a[::-1]
    return a.copy()


def transposes(a):
    a.T[...] = a
    a[:] = a.T + 1.0
    a += a.T
    a.T[:] = a.T * 2.0
    return a.copy()


def rectangle(a):
    b = a.T
    b[:] = b + 1.0
    b[1:, 0] = b[:-1, 1]
    return b


def swap_columns(x):
    x[:, 0], x[:, 1] = x[:, 1], x[:, 0]


def swap_rows(x):
    x[0], x[-1] = x[-1].copy(), x[0].copy()


def halves(x):
    n = len(x) // 2
    x[:n] = x[n : 2 * n]
    x[n : 2 * n] += x[:n]


def interleaved(x):
    n = len(x) // 2
    x[1::2] = x[: 2 * n : 2]
    x[: 2 * n : 2] *= x[1::2]


def rows_in_loop(x):
    for i in range(x.shape[0]):
        row = x[i]
        row[0] = i
        row[1:] += row[:-1]
        row *= 2.0
    for i in range(1, x.shape[0]):
        x[i] += x[i - 1]


def eliminate(a):
    n = len(a)
    for k in range(n):
        for i in range(k + 1, n):
            a[i, k] /= a[k, k]
            a[i, k + 1 :] -= a[i, k] * a[k, k + 1 :]


def row_with_row(x, i, j):
    x[i] = x[j] * 2.0 + x[i]
    x[i, ::-1] += x[j]


def augmented(x, i):
    x[i] += 1.0
    x[1:3, ::2] *= 2.0
    x[:, 0] -= x[:, 1]
    x.T[1] += 4.0
    x[::-1][0] += 100.0
    x[..., -1] //= 0.25


def evaluated_once(x):
    count = np.zeros(3)
    x[bump(count) : 4] += 1.0
    x[::2][bump(count) :] = bump(count)
    return count


def bump(count):
    count[0] += 1.0
    return int(count[0])


def value_first(x, i, k):
    x[i, :] = 1 // k


def shape_first(x, y, i):
    x[i, :] = x[0] + y


def too_long(x, y):
    x[1:-1] = y


def stretched(x, y):
    x[1:] = y
    x[:, 1:] = x[:, :1]
    x[:] = y[0]


def self_broadcast(x):
    x[:] = x[0] + x
    x[:] = x[:, :1] - x
    x[:] = x[-1:]
    x *= x[:, 0][:, None]


def converts(x):
    y = np.zeros(6, np.int32)
    y[1:] = x[1:] * 10.0
    y[::2] = 3
    z = np.zeros(3, np.float32)
    z[:] = x[::2]
    return y, z


def through_local(x):
    top = x[:2]
    bottom = x[1:3]
    top[:] = bottom
    bottom += top
    top[0] = bottom[1] * 2.0
    corner = top[:, ::-1].T
    corner[1:] = corner[:-1]
    return top, bottom


def scalar_views(x):
    x[1, ...] = 3.0
    x[0, 0, ...] = 4.0
    x[2, 1:2] = x[0, 0]
    return x[0, 0, ...] + x[2, 1, ...]


def same_slice_twice(x, k):
    x[k:] = x[k:] * 2.0 + x[k:]
    x[k : k + 2] += x[k : k + 2] * x[k : k + 2]
    x[:k:-1] = -x[:k:-1]


def one_element_source(x):
    x[:] = x[:1] + x
    x[1:] = x[1:2]
    x[:] = x[-1:] * x
