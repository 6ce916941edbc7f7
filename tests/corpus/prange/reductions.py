"""Reductions in a prange: every operator, exactly representable floats and integers of every width."""

# call: add(arange(1000))
# call: add(f64(arange(1000)))
# call: add(f32(arange(1000)))
# call: add(i8(arange(10)))
# call: add(arange(0))
# call: add(f64(arange(10007)))
# call: subtract(arange(100))
# call: subtract(f64(arange(100)) * 0.5)
# call: multiply(arange(1, 15))
# call: multiply(f64(arange(1, 15)))
# call: multiply(u32(arange(1, 15)))
# call: extremes(normal(500))
# call: extremes(f32(normal(500)))
# call: extremes(arange(500) - 250)
# call: extremes(i16(arange(500) * 17))
# call: extremes(u8(arange(500)))
# call: bits(arange(1, 200) * 7)
# call: bits(u8(arange(1, 200)))
# call: bits(i32(arange(1, 200) * 77777))
# call: conditional(arange(1000))
# call: conditional(f64(arange(1000)))
# call: with_inner_loop(f64(i64(uniform((20, 30)) * 100)))
# call: two_at_once(f64(arange(300)))
# call: several_updates(arange(50))
# call: other_spellings(arange(50))
# call: nested(30, 20)
# call: nested(0, 20)
# call: nested(20, 0)
# call: nested_matrix(f64(i64(uniform((20, 30)) * 100)))
# call: nested_extremes(normal((20, 30)))
# call: nested_in_branches(f64(arange(40)))
# call: starts_elsewhere(arange(20), 1000)
# call: starts_elsewhere(f64(arange(20)), 0.5)
# call: counted(normal(1000))
# call: typed(f32(arange(100)))
# call: in_loop(arange(50), 3)
# call: of_calls(arange(100))
# call: histogram(i64(uniform(1000) * 10), i64(zeros(10)))
# call: histogram(u8(uniform(300) * 10), i64(zeros(10)))
# call: weighted_histogram(i64(uniform(200) * 10), f64(i64(uniform(200) * 50)), zeros(10))
# call: bools(arange(9))
# call: result_used(arange(100))


def add(x):
    total = 0
    for i in prange(len(x)):
        total += x[i]
    return total


def subtract(x):
    total = 5
    for i in prange(len(x)):
        total -= x[i]
    return total


def multiply(x):
    product = 1
    for i in prange(len(x)):
        product *= x[i]
    return product


def extremes(x):
    low = x[0]
    high = x[0]
    for i in prange(len(x)):
        low = min(low, x[i])
        high = max(high, x[i])
    return low, high


def bits(x):
    every = x[0]
    some = x[0]
    odd = x[0]
    for i in prange(len(x)):
        every &= x[i] | 64
        some |= x[i]
        odd ^= x[i]
    return every, some, odd


def conditional(x):
    total = 0
    count = 0
    for i in prange(len(x)):
        if x[i] % 3 == 0:
            total += x[i]
            count += 1
    return total, count


def with_inner_loop(x):
    total = 0.0
    for i in prange(x.shape[0]):
        for j in range(x.shape[1]):
            total += x[i, j]
    return total


def two_at_once(x):
    total = 0.0
    highest = 0.0
    for i in prange(len(x)):
        total += x[i] * 2
        highest = max(highest, x[i] % 37)
    return total, highest


def several_updates(x):
    total = 0
    for i in prange(len(x)):
        total += x[i]
        total += 2
        if i > 10:
            total -= 1
    return total


def other_spellings(x):
    a = 0
    b = 0
    c = 1
    for i in prange(len(x)):
        a = a + x[i]
        b = x[i] + b
        c = max(c, x[i])
    return a, b, c


def nested(n, m):
    total = 0
    for i in prange(n):
        for j in prange(m):
            total += i * j
    return total


def nested_matrix(x):
    total = 0.5
    for i in prange(x.shape[0]):
        total += i
        for j in prange(x.shape[1]):
            total += x[i, j]
        total -= 1
    return total


def nested_extremes(x):
    low = np.inf
    high = -np.inf
    for i in prange(x.shape[0]):
        for j in prange(x.shape[1]):
            low = min(low, x[i, j])
            high = max(high, x[i, j])
    return low, high


def nested_in_branches(x):
    total = 0.0
    for i in prange(len(x)):
        if i % 3 == 0:
            for j in prange(i):
                total += x[j]
        else:
            for j in prange(i, len(x)):
                if j % 2 == 0:
                    total -= x[j]
    return total


def starts_elsewhere(x, start):
    total = start
    for i in prange(len(x)):
        total += x[i]
    return total


def counted(x):
    count = 0
    for i in prange(len(x)):
        count += x[i] > 0
    return count


def typed(x):
    total = f32(0)
    wide = f64(0)
    for i in prange(len(x)):
        total += x[i]
        wide += x[i]
    return total, wide


def in_loop(x, n):
    total = 0
    for k in range(n):
        part = 0
        for i in prange(len(x)):
            part += x[i] * k
        total += part
    return total


def square(x):
    return x * x


def of_calls(x):
    total = 0
    for i in prange(len(x)):
        total += square(x[i])
    return total


def histogram(x, counts):
    for i in prange(len(x)):
        counts[x[i]] += 1


def weighted_histogram(x, weights, sums):
    for i in prange(len(x)):
        sums[x[i]] += weights[i]


def bools(x):
    every = True
    some = False
    for i in prange(len(x)):
        every &= bool(x[i] >= 0)
        some |= bool(x[i] > 7)
    return every, some


def result_used(x):
    total = 0
    for i in prange(len(x)):
        total += x[i]
    for i in prange(len(x)):
        x[i] = total - x[i]
    return total * 2
