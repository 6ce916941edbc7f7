"""The fault of a prange is the one the serial program meets first."""

# call: index(zeros(100), 100)
# call: index(zeros(100), 101)
# call: index(zeros(0), 1)
# call: division(arange(100))
# call: late_division(200 - arange(300))
# call: assertion(arange(100), 200)
# call: assertion(arange(100), 50)
# call: raised(arange(100))
# call: two_kinds(arange(100), 40, 60)
# call: two_kinds(arange(100), 60, 40)
# call: two_kinds(arange(100), 200, 40)
# call: two_kinds(arange(100), 200, 300)
# call: in_reduction(arange(100), 50)
# call: in_reduction(arange(100), 500)
# call: in_inner_loop(uniform((10, 5)), 6)
# call: in_call(arange(10))
# call: scattered(zeros(10), arange(12))
# call: with_private_array(arange(20), 7)
# call: unbound(arange(5), 3)
# call: before_and_after(arange(5), 9)


def index(x, n):
    for i in prange(n):
        x[i] = 1.0


def division(x):
    for i in prange(len(x)):
        x[i] = 100 // int(x[i] - 70)


def late_division(x):
    total = 0
    for i in prange(len(x)):
        total += 100 // int(x[i])
    return total


def assertion(x, bound):
    for i in prange(len(x)):
        assert x[i] < bound
        x[i] = 0


def raised(x):
    for i in prange(len(x)):
        if x[i] == 77:
            raise RuntimeError("77")


def two_kinds(x, a, b):
    for i in prange(len(x)):
        if i == a:
            raise ValueError
        if i == b:
            x[1000] = 1


def in_reduction(x, k):
    total = 0
    for i in prange(len(x)):
        assert i != k
        total += x[i]
    return total


def in_inner_loop(x, n):
    for i in prange(x.shape[0]):
        for j in range(n):
            x[i, j] = 1.0


def third(x, i):
    return x[i * 3]


def in_call(x):
    total = 0
    for i in prange(len(x)):
        total += third(x, i)
    return total


def scattered(x, at):
    for i in prange(len(at)):
        x[at[i]] = i


def with_private_array(x, k):
    for i in prange(len(x)):
        t = np.zeros(k)
        t[i] = 1
        x[i] = t.sum()


def unbound(x, k):
    for i in prange(len(x)):
        if i < k:
            v = 1
        else:
            v = 2
        x[i] = v
    return x.sum()


def before_and_after(x, n):
    for i in prange(len(x)):
        x[i] += 1
    return x[n]
