"""Loops over elements: what is proved in range, what is read twice, what is written where."""

# loops: axpy 1
# checks: axpy 0
# checks: add 0
# checks: stencil 0
# checks: transpose 0
# checks: matmul 0
# checks: guarded 0
# call: axpy(2.0, uniform(129), normal(129))
# call: axpy(2.0, uniform(0), normal(0))
# call: axpy(2.0, uniform(1), normal(1))
# call: add(uniform(127), normal(127), zeros(127))
# call: stencil(uniform(128), zeros(128))
# call: stencil(uniform(2), zeros(2))
# call: stencil(uniform(0), zeros(0))
# call: periodic(uniform(9), zeros(9))
# call: periodic(uniform(1), zeros(1))
# call: transpose(uniform((5, 7)), zeros((7, 5)))
# call: matmul(uniform((4, 5)), uniform((5, 6)), zeros((4, 6)))
# call: matmul(uniform((4, 0)), uniform((0, 6)), zeros((4, 6)))
# call: guarded(uniform(10), zeros(10))
# call: prefix(uniform(20))
# call: fibonacci(i64(zeros(30)))
# call: reverse(arange(9))
# call: reverse(arange(8))
# call: sieve(np.ones(60, bool))
# call: histogram(i32(uniform(100) * 8), np.zeros(8, i64))
# call: bubble(uniform(12))
# call: strided(zeros(20), 3)
# call: strided(zeros(20), 7)
# call: diagonal(uniform((6, 6)))
# call: triangular(uniform((6, 6)))
# call: matrix_vector(f32(uniform((7, 9))), f32(uniform(9)))


def axpy(a, x, y):
    for i in range(len(x)):
        y[i] += a * x[i]


def add(x, y, out):
    for i in range(len(x)):
        out[i] = x[i] + y[i]


def stencil(x, out):
    for i in range(1, len(x) - 1):
        out[i] = x[i - 1] - 2 * x[i] + x[i + 1]


def periodic(x, out):
    n = len(x)
    for i in range(n):
        out[i] = x[i - 1] + x[(i + 1) % n]


def transpose(x, out):
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[j, i] = x[i, j]


def matmul(a, b, c):
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            total = 0.0
            for k in range(a.shape[1]):
                total += a[i, k] * b[k, j]
            c[i, j] = total


def guarded(x, out):
    for i in range(len(x)):
        if 0 < i < len(x) - 1:
            out[i] = x[i - 1] + x[i + 1]


def prefix(x):
    for i in range(1, len(x)):
        x[i] += x[i - 1]


def fibonacci(x):
    x[0] = 1
    x[1] = 1
    for i in range(2, len(x)):
        x[i] = x[i - 1] + x[i - 2]


def reverse(x):
    for i in range(len(x) // 2):
        x[i], x[-1 - i] = x[-1 - i], x[i]


def sieve(prime):
    n = len(prime)
    prime[0] = False
    prime[1] = False
    for i in range(2, n):
        if prime[i]:
            for j in range(i * i, n, i):
                prime[j] = False


def histogram(x, counts):
    for i in range(len(x)):
        counts[x[i]] += 1


def bubble(x):
    n = len(x)
    for i in range(n):
        for j in range(n - 1 - i):
            if x[j] > x[j + 1]:
                x[j], x[j + 1] = x[j + 1], x[j]


def strided(x, step):
    for i in range(0, len(x), step):
        x[i] = i
    for i in range(len(x) - 1, -1, -step):
        x[i] += 100


def diagonal(x):
    trace = 0.0
    for i in range(len(x)):
        trace += x[i, i]
        x[i, -i - 1] = 0.0
    return trace


def triangular(x):
    for i in range(x.shape[0]):
        for j in range(i):
            x[i, j], x[j, i] = x[j, i], x[i, j] * 2


def matrix_vector(a, x):
    result = np.zeros(a.shape[0], f32)
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            result[i] += a[i, j] * x[j]
    return result
