"""Order of evaluation, rebinding, and other corners of views."""
# call: target_changes_value(uniform(5))
# call: value_faults_first(3)
# call: rebound_in_prange(uniform((4, 9)))
# call: chain(uniform(12))
# call: chain_2(uniform((9, 9)))
# call: loop_of_temporaries(30)
# call: conditional_view(uniform(9), 3)
# call: conditional_view(uniform(9), -3)
# call: alternate(uniform(9), uniform(9), 5)
# call: alternate(uniform(9), uniform(9), 0)
# call: while_true(uniform(9))
# call: nested_functions(uniform((4, 4)))
# call: constant_bounds(uniform(9))
# call: dtypes(5)
# call: compare_views(uniform(9))
# call: reductions(uniform((5, 6)))
# call: indices_from_arrays(uniform(6))
# call: unsigned_bounds(uniform(9), 7)
# call: shapes_of_views(uniform((3, 8)), 2)
# call: empty_everything(uniform((0, 3)))
# call: empty_everything(uniform((3, 0)))
# call: break_and_continue(uniform((6, 3)))
# call: recursion_with_views(uniform((8, 8)))
# call: keeps_alive(6)
# call: unbound_view(uniform(5), 3)
# call: unbound_view(uniform(5), 0)
# call: store_row_of_ints(4)
# call: order_of_faults(uniform((3, 3)), 7, 9, 0)
# call: order_of_faults(uniform((3, 3)), 1, 9, 0)
# call: order_of_faults(uniform((3, 3)), 1, 1, 0)
# call: order_of_faults(uniform((3, 3)), 1, 1, 1)
# call: index_before_shape(uniform((3, 3)), 9)


def target_changes_value(x):
    a = np.ones(5)
    x[bump(a) :] = a[1:] * 2.0
    x[bump(a) - 1 :] = a[1:]
    return x, a


def bump(a):
    a += 1.0
    return 1 if a[0] == 2.0 else 2


def value_faults_first(n):
    x = np.ones((n, n), np.int64)
    y = np.zeros(n, np.int64) - 1
    x[7, :] = x[0] ** y
    return x


def rebound_in_prange(x):
    total = 0.0
    for i in prange(len(x)):
        row = x[i]
        while len(row) > 1:
            row[1:] += row[:-1]
            row = row[::2]
        total += row[0]
    return total


def chain(x):
    v = x[1:]
    w = v[:-1]
    u = w[::2]
    t = u[::-1]
    s = t[1:]
    r = s[:, None]
    q = r.T
    q[0, 1:] = 7.0
    return v, w, u, t, s, r, q


def chain_2(x):
    v = x[1:-1, 1:-1]
    w = v.T[::-1, ::2]
    u = w[1:, ::-1]
    u[:] = u + w[:-1]
    u += v[0, 0]
    w[0] -= u[0]
    return v, w, u


def loop_of_temporaries(n):
    total = 0.0
    for i in range(n):
        part = np.ones(1000)[i : 2 * i]
        other = (part * 2.0)[::-1]
        total += np.sum(other) + len(part)
    return total


def conditional_view(x, k):
    if k > 0:
        part = x[k:]
        part *= 2.0
    else:
        part = x[:k]
        part *= 3.0
    return part, (x[1:] if k > 0 else x[:-1])[0]


def alternate(a, b, n):
    for i in range(n):
        a[1:], b[:-1] = b[1:], a[:-1]
        a, b = b[::-1], a
    return a, b


def while_true(x):
    n = 0
    while True:
        part = x[n:]
        n += 2
        if len(part) < 3:
            break
    return part


def nested_functions(m):
    swap_rows(m, 0, 1)
    swap_rows(m.T, 1, 2)
    swap_rows(m[1:, ::-1], 0, -1)
    return diagonal(m), diagonal(m[::-1])


def swap_rows(m, i, j):
    t = m[i].copy()
    m[i] = m[j]
    m[j] = t


def diagonal(m):
    d = np.zeros(len(m))
    for i in range(len(m)):
        d[i] = m[i][i]
    return d


HALO = 2


def constant_bounds(x):
    h = 1 + HALO
    x[h:-h] = x[: -2 * h] + x[2 * h :]
    x[HALO:-HALO] *= 0.5
    return x[h - 3 :], x[-h:]


def dtypes(n):
    a = np.zeros(n, np.uint8)
    a[1:] = a[:-1] + 200
    a[1:] += a[1:]
    b = np.zeros((n, 2), np.float32)
    b[:, 1] = a
    c = np.ones(n, bool)
    c[::2] = a[::2] > 3
    d = np.full(n, -3, np.int16)
    d[1:-1] //= 2
    return a, b, c, d, b[:, ::-1][1:]


def compare_views(x):
    y = x[1:] > x[:-1]
    z = np.where(x[::-1] > x, x, x[::-1])
    return y, z, np.maximum(x[1:], x[:-1]), (x[:-1] < x[1:]).sum()


def reductions(x):
    # Small integers: sums of views of rank 2 are exact in any order.
    x = np.floor(x * 16.0)
    return (
        x[1:, ::2].sum(),
        np.max(x[:, 1]),
        x.T[::-1].mean(),
        np.prod(x[1:3, 1:3]),
        x[::-1, ::-1].sum(),
        x[0].min(),
        np.sum(x[:0]),
    )


def indices_from_arrays(x):
    n = np.zeros(2, np.int64)
    n[1] = 4
    return x[n[0] : n[1]], x[n[1] :], x[n[0] :: n[1]]


def unsigned_bounds(x, k):
    a = np.uint8(k)
    b = np.uint64(2)
    c = np.int8(-k)
    return x[b:a], x[c:], x[:a:b], x[a::c], x[np.uint64(2**63) :]


def shapes_of_views(x, k):
    return x[1:].shape, len(x[:, k:]), x[:, k::3].T.shape, x[k].size, x[None, 1:, ..., :k].shape, x[1:].nbytes


def empty_everything(x):
    y = x[::-1, 1:]
    y[:] = 5.0
    y += y
    x[:, ::-1] = x
    return y, x.T, x[:, :0], x.reshape(-1), y.sum(), x[1:][1:][1:]


def break_and_continue(x):
    total = 0.0
    for i in range(len(x)):
        row = (x[i] * 2.0)[::-1]
        if row[0] > 1.0:
            continue
        for j in range(len(row)):
            part = row[j:]
            if part[0] > 1.2:
                break
            total += part.sum()
    return total


def recursion_with_views(m):
    fill_quarters(m, 1.0)
    return m


def fill_quarters(m, v):
    n = len(m)
    if n == 1:
        m[0, 0] = v
        return
    h = n // 2
    fill_quarters(m[:h, :h], v)
    fill_quarters(m[h:, :h].T, v * 2.0)
    fill_quarters(m[:h, h:][::-1], v + 1.0)
    m[h:, h:] = m[:h, :h]


def keeps_alive(n):
    v = slice_of_new(n)
    w = slice_of_new(n)[::-1]
    x = np.zeros(n)
    v += x[1:] + 1.0
    return v, w


def slice_of_new(n):
    a = np.ones(n)
    for i in range(n):
        a[i] = i
    return a[1:]


def unbound_view(x, n):
    for i in range(n):
        part = x[i:]
    return part


def store_row_of_ints(n):
    m = np.zeros((n, n), np.int32)
    for i in range(n):
        m[i] = i
        m[i, i:] += i * 10
        m[i, ::-2] *= -1
    return m, m[:, 0] // 2, m[1] % 3


def order_of_faults(x, i, j, step):
    return x[i, ::step][j]


def index_before_shape(x, i):
    x[i, 1:] = x[0]
