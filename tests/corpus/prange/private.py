"""What an iteration makes for itself: arrays allocated in the body, rebound, under a condition; faults on the way."""

# call: scratch(arange(30), i64(zeros(30)))
# call: sized(arange(30), i64(zeros(30)))
# call: rebound(arange(30), i64(zeros(30)))
# call: conditional(arange(30), i64(zeros(30)))
# call: swapped(arange(30), i64(zeros(30)))
# call: copied(arange(30), i64(zeros(30)))
# call: grows(arange(9), i64(zeros(9)))
# call: aliased(arange(30), i64(zeros(30)))
# call: outside_or_own(arange(30), i64(zeros(30)))
# call: matrix(uniform((9, 4)), zeros(9))
# call: in_inner_loop(arange(20), i64(zeros(20)))
# call: nested(arange(9), i64(zeros((9, 5))))
# call: negative_size(arange(30), i64(zeros(30)), 17)
# call: out_of_range(arange(30), i64(zeros(30)), 17)
# call: out_of_range(arange(30), i64(zeros(30)), 170)
# call: asserts(arange(3000), 1777)
# call: raises(arange(3000), 1777, 2500)
# call: raises(arange(3000), 2500, 1777)
# call: skips(arange(30), i64(zeros(30)))
# call: tuples(arange(30), i64(zeros(30)))
# call: scalars(arange(30), i64(zeros(30)))
# call: reused_name(arange(30), i64(zeros(30)))
# call: with_reduction(arange(300))


def scratch(x, y):
    for i in prange(len(x)):
        t = np.zeros(3, np.int64)
        t[1] = x[i]
        t[2] = t[1] + t[0]
        y[i] = np.sum(t)


def sized(x, y):
    for i in prange(len(x)):
        t = np.ones(x[i], np.int64)
        for j in range(1, len(t)):
            t[j] = t[j - 1] + j
        y[i] = t[len(t) - 1] if len(t) > 0 else -1


def rebound(x, y):
    for i in prange(len(x)):
        t = np.zeros(4, np.int64)
        t = t + x[i]
        t = t * t
        y[i] = np.max(t)


def conditional(x, y):
    for i in prange(len(x)):
        if x[i] % 3 == 0:
            t = np.zeros(2, np.int64)
        elif x[i] % 3 == 1:
            t = np.ones(3, np.int64)
        else:
            t = np.full(4, x[i])
        y[i] = np.sum(t)


def swapped(x, y):
    for i in prange(len(x)):
        a = np.zeros(2, np.int64)
        b = np.ones(2, np.int64)
        for j in range(x[i] % 3):
            a, b = b, a
        y[i] = a[0] * 10 + b[1]


def copied(x, y):
    for i in prange(len(x)):
        t = np.copy(x)
        t[0] = i
        y[i] = np.sum(t)


def grows(x, y):
    for i in prange(len(x)):
        t = np.zeros(1, np.int64)
        while len(t) < x[i]:
            u = np.zeros(2 * len(t), np.int64)
            for j in range(len(t)):
                u[j] = t[j] + 1
            t = u
        y[i] = np.sum(t)


def aliased(x, y):
    for i in prange(len(x)):
        t = np.zeros(2, np.int64)
        u = t
        u[1] = x[i]
        t[0] = 5
        y[i] = u[0] + t[1]


def outside_or_own(x, y):
    for i in prange(len(x)):
        if i % 2 == 0:
            t = x
        else:
            t = np.zeros(30, np.int64)
        y[i] = t[i]


def matrix(x, y):
    for i in prange(x.shape[0]):
        m = np.zeros((4, 4))
        for j in range(4):
            for k in range(4):
                m[j, k] = x[i, j] * x[i, k]
        for j in range(1, 4):
            m[j, j] = m[j - 1, j - 1] + m[j, j]
        y[i] = m[3, 3]


def in_inner_loop(x, y):
    for i in prange(len(x)):
        s = 0
        for j in range(3):
            t = np.full(j + 1, x[i])
            s += np.sum(t)
        y[i] = s


def nested(x, y):
    for i in prange(len(x)):
        t = np.full(5, x[i])
        for j in prange(5):
            u = np.zeros(2, np.int64)
            u[1] = t[j] * j
            y[i, j] = u[1]
            t[j] = -1
        y[i, 0] = np.sum(t)


def negative_size(x, y, k):
    for i in prange(len(x)):
        t = np.zeros(k - x[i])
        y[i] = len(t)


def out_of_range(x, y, k):
    for i in prange(len(x)):
        t = np.zeros(k)
        t[x[i]] = 1.0
        y[i] = int(t[x[i]])


def asserts(x, k):
    for i in prange(len(x)):
        t = np.zeros(4)
        assert x[i] < k
        t[0] = x[i]


def raises(x, a, b):
    s = 0
    for i in prange(len(x)):
        t = np.full(4, x[i])
        if x[i] == a:
            raise ValueError("a")
        if x[i] == b:
            raise ZeroDivisionError("b")
        s += t[3]
    return s


def skips(x, y):
    for i in prange(len(x)):
        t = np.zeros(3, np.int64)
        if x[i] % 2 == 0:
            continue
        u = np.ones(3, np.int64)
        if x[i] % 3 == 0:
            continue
        y[i] = t[0] + u[1]


def tuples(x, y):
    for i in prange(len(x)):
        a, b = np.zeros(2, np.int64), x[i]
        p = (a, b)
        a[0] = b * 2
        y[i] = p[0][0] + p[1]


def scalars(x, y):
    t = 100
    for i in prange(len(x)):
        t = x[i]
        if t > 5:
            t = -t
        u = t
        y[i] = t + u
    t = 3
    return t


def reused_name(x, y):
    t = 0
    for i in prange(len(x)):
        t = np.full(2, x[i])
        y[i] = t[1]
    t = 1.5
    return t


def with_reduction(x):
    s = 0
    for i in prange(len(x)):
        t = np.full(3, x[i])
        t[1] = 0
        for j in prange(3):
            s += t[j]
    return s
