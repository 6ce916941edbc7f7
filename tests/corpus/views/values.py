"""Views as values: in variables, across merges and loops, through calls."""
# call: shrink(uniform(0))
# call: shrink(uniform(1))
# call: shrink(uniform(9))
# call: halve(uniform(9))
# call: rotate(uniform(5), 3)
# call: chosen(uniform(7), True)
# call: chosen(uniform(7), False)
# call: merged(uniform(7), 0)
# call: merged(uniform(7), 1)
# call: merged(uniform(7), 2)
# call: rebound(uniform((3, 4)))
# call: freed(4)
# call: freed(0)
# call: freed_in_loop(5)
# call: through_calls(uniform((4, 5)))
# call: recursive_sum(uniform(0))
# call: recursive_sum(uniform(1))
# call: recursive_sum(uniform(13))
# call: recursive_view(uniform(13))
# call: recursive_view(uniform(1))
# call: fill_halves(uniform(11))
# call: sorted_halves(uniform(12))
# call: in_tuples(uniform((4, 4)))
# call: unbound(uniform(4), 0)
# call: unbound(uniform(4), 1)
# call: two_names(uniform(6))
# call: returned_alias(uniform(5))
# call: rows_of_new(3, 4)
# call: fault_in_row(uniform((3, 4)), 4)
# call: fault_in_row(uniform((3, 4)), 3)
# call: fault_in_slice(uniform(6), 3)
# call: early(uniform((5, 3)))


def shrink(v):
    s = 0.0
    while len(v) > 0:
        s += v[0] * len(v)
        v = v[1:]
    return s, v


def halve(v):
    n = 0
    while len(v) > 1:
        v = v[::2]
        v += 1.0
        n += 1
    return v, n


def rotate(x, k):
    for i in range(k):
        x = np.zeros(5) + x[::-1]
        x[1:] += x[:-1]
    return x


def chosen(x, flag):
    v = x[1:] if flag else x[::2]
    v[0] = 100.0
    return v, x


def merged(x, k):
    if k == 0:
        v = x
    elif k == 1:
        v = x[1:-1]
    else:
        v = x[::-2]
    v[1] = -1.0
    return v.sum(), x


def rebound(x):
    v = x[0]
    v[0] = 1.0
    v = x[1, ::-1]
    v[0] = 2.0
    v = v[1:]
    v[0] = 3.0
    x = x[2:]
    x[0, 0] = 4.0
    return v, x


def freed(n):
    v = (np.zeros(n) + 1.0)[1:]
    w = np.ones((n, n))[::-1].T
    u = np.ones(n)
    u = u[1:]
    return v, w, u, np.ones((n, 2))[:, 0]


def freed_in_loop(n):
    keep = np.zeros(1)[:]
    total = 0.0
    for i in range(n):
        block = np.zeros((i + 2, 3)) + i
        keep = block[i]
        row = block[1:, 1]
        row += keep[0]
        total += row.sum()
    return keep, total


def through_calls(x):
    scale(x[1], 2.0)
    scale(x[:, 0], 3.0)
    scale(x.T[1:, ::2], 0.5)
    y = tail(x[0])
    y[0] = 9.0
    tail(tail(x)[0])[-1] = 8.0
    return y, middle(x), middle(x.T), middle(tail(x))


def scale(a, k):
    a *= k


def tail(a):
    return a[1:]


def middle(a):
    if len(a) > 2:
        return a[1:-1]
    return a


def recursive_sum(x):
    if len(x) == 0:
        return 0.0
    if len(x) == 1:
        return x[0]
    half = len(x) // 2
    return recursive_sum(x[:half]) + recursive_sum(x[half:])


def recursive_view(x):
    if len(x) <= 2:
        return x
    return recursive_view(x[1:-1])


def fill_halves(x):
    fill(x, 1.0)
    return x


def fill(x, depth):
    if len(x) == 0:
        return
    x[len(x) // 2] = depth
    fill(x[: len(x) // 2], depth + 1.0)
    fill(x[len(x) // 2 + 1 :], depth + 1.0)


def sorted_halves(x):
    merge_sort(x)
    return x


def merge_sort(x):
    n = len(x)
    if n < 2:
        return
    merge_sort(x[: n // 2])
    merge_sort(x[n // 2 :])
    a = x[: n // 2].copy()
    b = x[n // 2 :].copy()
    i, j = 0, 0
    for k in range(n):
        if j == len(b) or i < len(a) and a[i] <= b[j]:
            x[k] = a[i]
            i += 1
        else:
            x[k] = b[j]
            j += 1


def in_tuples(x):
    pair = (x[0], x[:, 1])
    pair[0][2] = 50.0
    a, b = x[1], x[2][1:]
    a, b = b, a
    a[0] = 60.0
    return pair, a, b


def unbound(x, k):
    if k > 0:
        v = x[1:]
    return v


def two_names(x):
    v = x[1:]
    w = v
    w[0] = 5.0
    v += 1.0
    return v[0], w, x[:3]


def returned_alias(x):
    return x[::-1], x, x[1:]


def rows_of_new(n, m):
    x = np.zeros((n, m))
    for i in range(n):
        row = x[i]
        for j in range(m):
            row[j] = i * 10 + j
    return x, x[1], x[:, 1]


def fault_in_row(x, n):
    s = 0.0
    for i in range(n):
        row = x[i]
        s += row[i]
    return s


def fault_in_slice(x, n):
    s = 0.0
    for i in range(n):
        part = x[i : i + 3]
        for j in range(4):
            s += part[j]
    return s


def early(x):
    total = 0.0
    for i in range(len(x)):
        row = x[i] * 2.0
        part = row[1:]
        if part[0] > 0.9:
            continue
        if part[1] > 1.9:
            return total, part
        total += part.sum()
    return total, x[0]
