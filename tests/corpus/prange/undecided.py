"""What cannot be proved independent runs serially and gives Python's answer."""

# call: scatter(arange(9), i64(uniform(9) * 9), zeros(9))
# call: gather_scatter(uniform(20), i64(uniform(20) * 20))
# call: symbolic_shift(uniform(20), 3)
# call: symbolic_shift(uniform(20), 0)
# call: symbolic_stride(zeros(40), 3)
# call: symbolic_stride(zeros(40), 0)
# call: modulo(zeros(5), 23)
# call: through_call(zeros(10), i64(uniform(10) * 10))


def scatter(x, index, out):
    for i in prange(len(x)):
        out[index[i]] = x[i]


def gather_scatter(x, index):
    for i in prange(len(x)):
        x[index[i]] = x[i] * 2


def symbolic_shift(x, k):
    for i in prange(len(x) - k):
        x[i] = x[i + k] + 1


def symbolic_stride(x, k):
    for i in prange(10):
        x[i * k] = i


def modulo(x, n):
    for i in prange(n):
        x[i % len(x)] = i


def put(x, i, value):
    x[i] = value


def through_call(x, index):
    for i in prange(len(x)):
        put(x, index[i], i)
