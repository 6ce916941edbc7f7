"""Integers that loops in order update: those that may be combined in any order, and those that may not."""

# call: count_above(uniform(0), 0.5)
# call: count_above(uniform(1), 0.5)
# call: count_above(uniform(7), 0.5)
# call: count_above(uniform(9), 0.5)
# call: count_above(uniform(1000), 0.5)
# call: total(arange(129) * 1234567890123456789)
# call: total((arange(300) * 77 % 251).astype(u8))
# call: total((arange(1000) * 7 - 3000).astype(i32))
# call: difference(arange(137) * 3)
# call: checksum(arange(261) * 2654435761)
# call: product(arange(40) * 2 + 1)
# call: extremes((arange(131) * 7919) % 1009 - 500)
# call: extremes(arange(1))
# call: flags(arange(130) * 3)
# call: flags(arange(7) * 3)
# call: two(normal(259))
# call: twice(arange(150))
# call: branches(normal(257))
# call: of_rows(arange(35 * 13).reshape((35, 13)) % 17)
# call: of_rows(arange(0).reshape((0, 13)))
# call: per_row(arange(35 * 13).reshape((35, 13)) % 17)
# call: used(arange(50))
# call: mixed(arange(50))
# call: stale(arange(20))
# call: swapped(arange(33))
# call: scaled(arange(65), 3)
# call: until(arange(100), 20)
# call: fault(arange(100), arange(100))
# call: fault(arange(100), arange(100) * 2)
# call: halves(arange(100) * 0.5)
# call: narrow((arange(999) % 256).astype(u8))


def count_above(x, t):
    n = 0
    for i in range(len(x)):
        if x[i] > t:
            n += 1
    return n


def total(x):
    s = 0
    for i in range(len(x)):
        s += x[i]
    return s


def difference(x):
    s = 5
    for i in range(len(x)):
        s -= x[i]
    return s


def checksum(x):
    c = 12345
    for i in range(len(x)):
        c ^= x[i] << (i % 8)
    return c


def product(x):
    p = 1
    for i in range(len(x)):
        p *= x[i]
    return p


def extremes(x):
    low = x[0]
    high = x[0]
    for i in range(len(x)):
        low = min(low, x[i])
        high = max(x[i], high)
    return low, high


def flags(x):
    every = True
    some = False
    bits = 0
    for i in range(len(x)):
        every &= x[i] % 3 == 0
        some |= x[i] == 21
        bits |= x[i]
    return every, some, bits


def two(x):
    positive = 0
    negative = 0
    for i in range(len(x)):
        if x[i] > 0:
            positive += 1
        elif x[i] < -1:
            negative += i
    return positive, negative


def twice(x):
    s = 0
    for i in range(len(x)):
        s += x[i]
        if x[i] % 3 == 1:
            s += 100
        s -= i // 2
    return s


def branches(x):
    s = 7
    for i in range(len(x)):
        if x[i] > 0.0:
            s += 1
        else:
            s -= 3
    return s


def of_rows(x):
    s = 0
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            s += x[i, j]
    return s


def per_row(x):
    out = np.zeros(x.shape[0], np.int64)
    for i in prange(x.shape[0]):
        n = 0
        for j in range(x.shape[1]):
            if x[i, j] > 8:
                n += 1
        out[i] = n
    return out


def used(x):
    """The count so far is an index."""
    n = 0
    out = np.zeros(len(x), np.int64)
    for i in range(len(x)):
        if x[i] % 3 == 0:
            out[n] = x[i]
            n += 1
    return out, n


def mixed(x):
    s = 1
    for i in range(len(x)):
        s += x[i]
        s *= 3
    return s


def stale(x):
    s = 1
    for i in range(len(x)):
        before = s
        s += x[i]
        s = before + 2 * x[i] + (s > 50)
    return s


def swapped(x):
    a = 0
    b = 1
    for i in range(len(x)):
        a, b = b, a + x[i]
    return a, b


def scaled(x, k):
    s = 1
    for i in range(len(x)):
        s = x[i] + k * s
    return s


def until(x, most):
    s = 0
    for i in range(len(x)):
        if s > most:
            break
        s += x[i]
    return s


def fault(x, k):
    s = 0
    for i in range(len(x)):
        s += x[k[i]]
    return s


def halves(x):
    s = 0.0
    n = 0
    for i in range(len(x)):
        s += x[i]
        n += 1
    return s, n


def narrow(x):
    s = np.uint8(3)
    for i in range(len(x)):
        s += x[i]
    return s
