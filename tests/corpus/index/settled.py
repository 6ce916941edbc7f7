"""An element that a loop returns to, beside others of the same array: which of them may meet."""

# call: eliminate(uniform((9, 9)) + 9.0 * eye(9))
# call: eliminate(uniform((37, 37)) + 37.0 * eye(37))
# call: eliminate(zeros((0, 0)))
# call: forward(uniform((17, 17)), uniform(17))
# call: backward(uniform((17, 17)) + 1.0, uniform(17))
# call: itself_too(uniform((9, 9)), uniform(9))
# call: itself_alone(uniform(9), 1)
# call: itself_alone(uniform(9), 5)
# call: at(uniform(20), 0, 3, 9)
# call: at(uniform(20), 5, 3, 9)
# call: at(uniform(20), 3, 3, 4)
# call: at(uniform(20), 9, 3, 9)
# call: stored_before(uniform(9), 4)
# call: stored_before(uniform(9), 0)
# call: two_elements(uniform(12), 3)
# call: two_elements(uniform(12), 0)
# call: columns(uniform((7, 9)))
# call: prefix(arange(33))
# checks: forward 0
# checks: eliminate 0


def eliminate(a):
    n = len(a)
    for k in range(n):
        for i in prange(k + 1, n):
            a[i, k] /= a[k, k]
            for j in range(k + 1, n):
                a[i, j] -= a[i, k] * a[k, j]
    return a


def forward(a, x):
    for i in range(len(x)):
        for j in range(i):
            x[i] -= a[i, j] * x[j]
    return x


def backward(a, x):
    n = len(x)
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            x[i] -= a[i, j] * x[j]
        x[i] /= a[i, i]
    return x


def itself_too(a, x):
    for i in range(len(x)):
        for j in range(i + 1):
            x[i] -= a[i, j] * x[j]
    return x


def itself_alone(x, n):
    """The loop runs once or more often, from the element itself on."""
    for j in range(3, 3 + n):
        x[3] += x[j] * 0.5
    return x


def at(x, k, lo, hi):
    """Whether `k` is in the range is not known."""
    for j in range(lo, hi):
        x[j] += x[k]
    return x


def stored_before(x, n):
    """The load comes after the store, in the only iteration where they meet."""
    total = 0.0
    for j in range(n + 1):
        x[j + 2] = j * 1.0
        total += x[2]
    return total


def two_elements(x, n):
    for j in range(n):
        x[0] += x[j + 2]
        x[1] -= x[j + 2] * x[0]
    return x


def columns(a):
    for i in range(1, a.shape[0]):
        for j in range(1, a.shape[1]):
            a[i, 0] += a[i, j]
            a[0, j] += a[i, 0]
    return a


def prefix(x):
    for i in range(1, len(x)):
        for j in range(i):
            x[i] ^= x[j] & 7
            if j == 5:
                x[i] += 1
    return x
