"""Updates of elements that belong to no single iteration: in blocks where there are enough, integers so that order cannot show."""

# fixed-layout
# call: counts(i64(uniform(0) * 10), i64(zeros(10)))
# call: counts(i64(uniform(1) * 10), i64(zeros(10)))
# call: counts(i64(uniform(7) * 10), i64(zeros(10)))
# call: counts(i64(uniform(129) * 10), i64(zeros(10)))
# call: counts(i64(uniform(2047) * 10), i64(zeros(10)))
# call: counts(i64(uniform(2048) * 10), i64(zeros(10)))
# call: counts(i64(uniform(4100) * 10), i64(zeros(10)))
# call: counts(i64(uniform(2100) * 10), i64(zeros(1000)))
# call: counts(i64(uniform(2100) * 10), i64(zeros(2051)))
# call: counts(i64(uniform(6000) * 10), i64(zeros(10)))
# call: counts(u8(uniform(2100) * 10), i64(zeros(10)))
# call: counts(i64(uniform(2100) * 10) - 10, i64(zeros(10)))
# call: counts(i64(uniform(2100) * 10), u8(zeros(10)))
# call: counts(i64(uniform(2100) * 10), f32(zeros(10)))
# call: counts(i64(uniform(2100) * 10), f64(arange(10) * 10))
# call: counts(i64(uniform(2100) * 10), i64(zeros(9)))
# call: counts(arange(2100), i64(zeros(2099)))
# call: counts(2099 - arange(2100), i64(zeros(9)))
# call: weights(i64(uniform(2100) * 10), f64(i64(uniform(2100) * 50)), zeros(10))
# call: minus(i64(uniform(2100) * 10), f64(i64(uniform(2100) * 50)), zeros(10))
# call: times(i64(uniform(2100) * 10), i64(uniform(2100) * 50), arange(1, 11))
# call: times(i64(uniform(2100) * 10), u8(uniform(2100) * 50), u8(arange(1, 11)))
# call: all_bits(i64(uniform(2100) * 10), i64(uniform(2100) * 1000), i64(zeros(10)), i64(zeros(10)) - 1, i64(zeros(10)))
# call: all_bits(i64(uniform(2100) * 10), u16(uniform(2100) * 1000), u16(zeros(10)), u16(zeros(10)), u16(zeros(10)))
# call: some_true(i64(uniform(2100) * 10), uniform(2100) > 0.9995, zeros(10) > 1)
# call: extremes(i64(uniform(2100) * 10), normal(2100), zeros(10), zeros(10))
# call: extremes(i64(uniform(2100) * 10), f32(normal(2100)), f32(zeros(10)), f32(zeros(10)))
# call: extremes(i64(uniform(2100) * 10), i64(normal(2100) * 100), i64(zeros(10)), i64(zeros(10)))
# call: extremes(i64(uniform(2100) * 10), u8(uniform(2100) * 100), u8(zeros(10)) + u8(50), u8(zeros(10)) + u8(50))
# call: numpy_extremes(i64(uniform(2100) * 10), normal(2100), zeros(10), zeros(10), 77, np.nan)
# call: numpy_extremes(i64(uniform(2100) * 10), normal(2100), zeros(10), zeros(10), 2099, np.inf)
# call: written_out(i64(uniform(2100) * 10), i64(uniform(2100) * 9), i64(zeros(10)), i64(zeros(10)), i64(zeros(10)))
# call: joint(i64(uniform(2100) * 5), i64(uniform(2100) * 7), i64(zeros((5, 7))))
# call: joint(i64(uniform(2100) * 5), i64(uniform(2100) * 8), i64(zeros((5, 7))))
# call: joint_3(i64(uniform(2100) * 3), i64(zeros((3, 3, 3))))
# call: two_axes(i64(uniform(2100) * 3), i64(zeros((3, 2100))))
# call: binned(uniform(2100), i64(zeros(16)))
# call: through_locals(uniform(2100) - 0.5, i64(zeros(16)))
# call: modulo(2100, i64(zeros(7)))
# call: divided(2100, i64(zeros(2500)))
# call: convolve(i64(uniform(300) * 9), i64(uniform(40) * 9), i64(zeros(339)))
# call: columns(i64(uniform((200, 10)) * 9), i64(zeros(10)))
# call: columns(i64(uniform((2100, 3)) * 9), i64(zeros(3)))
# call: pairs(f64(i64(uniform(60) * 9)), zeros(60))
# call: edges(i64(uniform(2100) * 50), i64(uniform(2100) * 50), i64(uniform(2100) * 9), i64(zeros(50)))
# call: sometimes(i64(uniform(2100) * 10), i64(zeros(10)))
# call: skips(i64(uniform(2100) * 10), i64(zeros(10)))
# call: with_sums(i64(uniform(2100) * 10), i64(zeros(10)))
# call: with_sums(i64(uniform(0) * 10), i64(zeros(10)))
# call: with_sums(i64(uniform(100) * 10), i64(zeros(10)))
# call: two(i64(uniform(2100) * 10), i64(zeros(10)), f32(zeros(20)))
# call: with_own(i64(uniform(2100) * 10), i64(zeros(10)), zeros(2100))
# call: backwards(i64(uniform(2100) * 10), i64(zeros(10)))
# call: every_third(i64(uniform(2100) * 10), i64(zeros(10)), 3)
# call: every_third(i64(uniform(2100) * 10), i64(zeros(10)), -3)
# call: every_third(i64(uniform(2100) * 10), i64(zeros(10)), 0)
# call: repeated(i64(uniform(2100) * 10), i64(zeros(10)))
# call: local_array(i64(uniform(2100) * 10))
# call: by_call(i64(uniform(2100) * 10), i64(zeros(10)))
# call: in_nested(i64(uniform((300, 20)) * 10), i64(zeros(10)))
# call: own_rows(i64(uniform((30, 2000)) * 10), i64(zeros((30, 10))))
# call: same_twice(i64(uniform(2100) * 10))
# call: overlapping(i64(uniform(2100) * 10))
# call: fault_in_the_middle(arange(4100), i64(zeros(100)), 2100)
# call: fault_in_the_middle(arange(4100), i64(zeros(100)), 4099)
# call: empty(i64(zeros(2100)), i64(zeros(0)))
# call: all_equal(i64(zeros(2100)), i64(zeros(1)))
# call: one_updated_outside(arange(2100), i64(zeros(4)))


def counts(x, h):
    for i in prange(len(x)):
        h[x[i]] += 1


def weights(x, w, h):
    for i in prange(len(x)):
        h[x[i]] += w[i]


def minus(x, w, h):
    for i in prange(len(x)):
        h[x[i]] -= w[i]


def times(x, w, h):
    for i in prange(len(x)):
        h[x[i]] *= w[i] | 1


def all_bits(x, w, a, b, c):
    for i in prange(len(x)):
        a[x[i]] |= w[i]
        b[x[i]] &= w[i]
        c[x[i]] ^= w[i]


def some_true(x, w, h):
    for i in prange(len(x)):
        h[x[i]] |= w[i]


def extremes(x, w, low, high):
    for i in prange(len(x)):
        low[x[i]] = min(low[x[i]], w[i])
        high[x[i]] = max(w[i], high[x[i]])


def numpy_extremes(x, w, low, high, k, special):
    w[k] = special
    for i in prange(len(x)):
        low[x[i]] = np.minimum(low[x[i]], w[i])
        high[x[i]] = np.maximum(w[i], high[x[i]])


def written_out(x, w, a, b, c):
    for i in prange(len(x)):
        k = x[i]
        a[k] = a[k] + w[i]
        b[k] = w[i] + b[k] + 1
        c[k] = c[k] - w[i]


def joint(x, y, h):
    for i in prange(len(x)):
        h[x[i], y[i]] += 1


def joint_3(x, h):
    for i in prange(len(x) - 2):
        h[x[i], x[i + 1], x[i + 2]] += 1


def two_axes(x, h):
    for i in prange(len(x)):
        h[x[i], i] += 1
        h[1, i] += 1


def binned(x, h):
    for i in prange(len(x)):
        h[int(x[i] * len(h))] += 1


def through_locals(x, h):
    n = h.shape[0]
    for i in prange(len(x)):
        k = int(x[i] * n)
        if k < 0:
            k += n
        h[min(k, h.size - 1)] += 1


def modulo(n, h):
    for i in prange(n):
        h[i % len(h)] += i


def divided(n, h):
    for i in prange(n):
        h[i // 4] += i


def convolve(x, w, y):
    for i in prange(len(x)):
        for j in range(len(w)):
            y[i + j] += x[i] * w[j]


def columns(x, h):
    for i in prange(x.shape[0]):
        for j in range(x.shape[1]):
            h[j] += x[i, j]


def pairs(x, f):
    for i in prange(len(x)):
        for j in range(i):
            d = x[i] - x[j]
            f[i] += d
            f[j] -= d


def edges(a, b, w, degree):
    for e in prange(len(a)):
        degree[a[e]] += w[e]
        degree[b[e]] += w[e]


def sometimes(x, h):
    for i in prange(len(x)):
        if x[i] % 2 == 0:
            h[x[i]] += 1
        else:
            h[-1] += 2


def skips(x, h):
    for i in prange(len(x)):
        if x[i] == 3:
            continue
        h[x[i]] += 1
        if x[i] == 4:
            continue
        h[0] += 1


def with_sums(x, h):
    total = 0.5
    highest = -1
    for i in prange(len(x)):
        if x[i] == 5:
            continue
        h[x[i]] += 1
        total += x[i]
        highest = max(highest, x[i])
    return total, highest, i if len(x) > 0 else -1


def two(x, h, g):
    for i in prange(len(x)):
        h[x[i]] += 1
        g[2 * x[i] + 1] -= 0.5


def with_own(x, h, y):
    for i in prange(len(x)):
        t = np.zeros(2)
        t[1] = x[i]
        h[x[i]] += 1
        y[i] = t[1] * 2
        y[i] += t[0]


def backwards(x, h):
    for i in prange(len(x) - 1, -1, -1):
        h[x[i]] += i
    return i


def every_third(x, h, step):
    for i in prange(0 if step > 0 else len(x) - 1, len(x) if step > 0 else -1, step):
        h[x[i]] += i
    return i


def repeated(x, h):
    for k in range(3):
        for i in prange(len(x)):
            h[x[i]] += k + 1


def local_array(x):
    h = np.zeros(10, np.int64)
    for i in prange(len(x)):
        h[x[i]] += 1
    g = h
    g[0] = -1
    for i in prange(len(x)):
        g[x[i]] += 1
    return h


def tally(x, h):
    for i in prange(len(x)):
        h[x[i]] += 1


def by_call(x, h):
    tally(x, h)
    for i in range(3):
        tally(x, h)


def in_nested(x, h):
    for i in prange(x.shape[0]):
        for j in prange(x.shape[1]):
            h[x[i, j]] += 1


def own_rows(x, h):
    for i in prange(x.shape[0]):
        for j in prange(x.shape[1]):
            h[i, x[i, j]] += 1


def same_twice(x):
    h = np.zeros(20, np.int64)
    g = h
    for i in prange(len(x)):
        h[x[i]] += 1
        g[x[i] + 5] += 2
    return h


def add_into(x, h):
    for i in prange(len(x)):
        h[x[i] % 7] += 1


def overlapping(x):
    add_into(x, x)
    return x


def fault_in_the_middle(x, h, k):
    for i in prange(len(x)):
        h[x[i] % 100] += 1
        if i >= k:
            h[x[i]] += 1


def empty(x, h):
    for i in prange(len(x)):
        h[x[i]] += 1


def all_equal(x, h):
    for i in prange(len(x)):
        h[x[i]] += 1
        h[0] += 2


def one_updated_outside(x, h):
    h[1] = 7
    for i in prange(len(x)):
        h[x[i] & 3] += 1
    h[1] -= 7
    return h[1]
