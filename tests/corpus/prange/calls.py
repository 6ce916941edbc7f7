"""Calls inside a prange: inlined, and out of line because they are recursive; arrays passed on, made and returned."""

# call: inlined(arange(50), i64(zeros(50)))
# call: recursive_scalar(arange(12), i64(zeros(12)))
# call: reads(arange(20), arange(40), i64(zeros(20)))
# call: reads_own_row(i64(uniform((6, 9)) * 50), i64(zeros(6)))
# call: writes_private(arange(20), i64(zeros(20)))
# call: writes_shared(arange(20), i64(zeros(20)))
# call: fills_and_reads(arange(9), i64(zeros(9)))
# call: returns_array(arange(12), i64(zeros(12)))
# call: returns_argument(arange(12), i64(zeros(12)))
# call: of_reductions(i64(uniform((20, 9)) * 50))
# call: faults_inside(arange(20), 13)
# call: faults_deep(arange(20))
# call: prange_in_call(i64(zeros((7, 9))))
# call: histogram_in_call(i64(uniform((5, 300)) * 9), i64(zeros(9)))
# call: private_histograms(i64(uniform((5, 2100)) * 9), i64(zeros(5)))
# call: mutual(arange(15), i64(zeros(15)))


def square(x):
    return x * x


def put(y, i, v):
    y[i] = v


def inlined(x, y):
    for i in prange(len(x)):
        put(y, i, square(x[i]))


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def recursive_scalar(x, y):
    for i in prange(len(x)):
        y[i] = fib(x[i])


def search(x, value, lo, hi):
    if lo >= hi:
        return lo
    mid = (lo + hi) // 2
    if x[mid] < value:
        return search(x, value, mid + 1, hi)
    return search(x, value, lo, mid)


def reads(x, table, y):
    for i in prange(len(x)):
        y[i] = search(table, 2 * x[i] + 1, 0, len(table))


def total(m, i, j):
    if j == m.shape[1]:
        return 0
    return m[i, j] + total(m, i, j + 1)


def reads_own_row(m, y):
    for i in prange(m.shape[0]):
        y[i] = total(m, i, 0)


def fill(t, k, v):
    if k < len(t):
        t[k] = v * k
        fill(t, k + 1, v)


def writes_private(x, y):
    for i in prange(len(x)):
        t = np.zeros(5, np.int64)
        fill(t, 0, x[i])
        y[i] = np.sum(t)


def writes_shared(x, y):
    for i in prange(len(x)):
        fill(y, i, x[i])


def first(t, k):
    return t[k] if k == 0 else first(t, k - 1)


def fills_and_reads(x, y):
    for i in prange(len(x)):
        t = np.zeros(3, np.int64)
        fill(t, 0, x[i])
        t[0] = 7
        y[i] = first(t, 2) + first(x, 2)


def powers(n):
    if n == 0:
        return np.ones(3, np.int64)
    return powers(n - 1) * 2


def returns_array(x, y):
    for i in prange(len(x)):
        p = powers(x[i])
        p[1] = 5
        y[i] = p[0] + p[1]


def itself(t, n):
    if n == 0:
        return t
    return itself(t, n - 1)


def returns_argument(x, y):
    for i in prange(len(x)):
        t = np.zeros(2, np.int64)
        u = itself(t, 3)
        u[0] = x[i]
        y[i] = t[0] + itself(x, 2)[i]


def of_reductions(m):
    s = 0
    for i in prange(m.shape[0]):
        s += total(m, i, 0)
    return s


def checked(x, i, k):
    if i == k:
        raise ValueError("k")
    return x[i]


def faults_inside(x, k):
    s = 0
    for i in prange(len(x)):
        s += checked(x, i, k)
    return s


def faults_deep(x):
    s = 0
    for i in prange(len(x)):
        s += search(x, 100, i, len(x) + i // 10)
        s += first(x, i - 1 if i > 15 else 0)
    return s


def set_row(m, i):
    for j in prange(m.shape[1]):
        m[i, j] = i * j


def prange_in_call(m):
    for i in prange(m.shape[0]):
        set_row(m, i)


def count_row(m, i, h):
    for j in prange(m.shape[1]):
        h[m[i, j]] += 1


def histogram_in_call(m, h):
    for i in prange(m.shape[0]):
        count_row(m, i, h)


def private_histograms(m, y):
    for i in prange(m.shape[0]):
        h = np.zeros(9, np.int64)
        count_row(m, i, h)
        y[i] = np.max(h)


def even(n):
    return True if n == 0 else odd(n - 1)


def odd(n):
    return False if n == 0 else even(n - 1)


def mutual(x, y):
    for i in prange(len(x)):
        y[i] = 1 if even(x[i]) else -1
