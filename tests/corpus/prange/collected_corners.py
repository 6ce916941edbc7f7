"""Corners of what a prange collects: names, scopes and loops around."""

# fixed-layout
# call: fresh_each_time(i64(uniform(2100) * 4), 3)
# call: swapped_each_time(i64(uniform(2100) * 4), 3)
# call: by_branch(i64(uniform(2100) * 4), True)
# call: by_branch(i64(uniform(2100) * 4), False)
# call: maybe_bound(i64(uniform(2100) * 4), True)
# call: maybe_bound(i64(uniform(2100) * 4), False)
# call: in_tuple(i64(uniform(2100) * 4))
# call: recursive(i64(uniform(2100) * 4), i64(zeros(4)), 3)
# call: own_by_local(arange(2100), i64(zeros(2101)))
# call: neighbours(arange(2100), i64(zeros(2101)))
# call: interleaved(arange(2100), i64(zeros(4200)))
# call: interleaved_wrongly(arange(2100), i64(zeros(4201)))
# call: reversed_own(arange(2100), i64(zeros(2100)))
# call: own_and_constant(arange(2100), i64(zeros(2100)))
# call: index_reassigned(arange(2100), i64(zeros(2100)))
# call: symbolic_stride(arange(2100), i64(zeros(6300)), 3)
# call: symbolic_stride(arange(2100), i64(zeros(6300)), 0)
# call: symbolic_offset(arange(2100), i64(zeros(2200)), 100)
# call: product_of_two(arange(60), i64(zeros(3600)))
# call: with_inner_prange(i64(uniform((150, 10)) * 4), i64(zeros(4)), i64(zeros((150, 10))))
# call: inner_accumulates_private(i64(uniform((9, 300)) * 4), i64(zeros(9)))
# call: three_deep(i64(uniform((9, 10, 11)) * 4), i64(zeros(4)))
# call: negative_indices(i64(uniform(2100) * 4), i64(zeros(4)))
# call: whole_and_elements(i64(uniform(300) * 4), i64(zeros(40)), i64(zeros(4)))
# call: continue_in_while(i64(uniform(2100) * 40), i64(zeros(4)))
# call: index_is_read_after(i64(uniform(2100) * 4), i64(zeros(4)))
# call: sizes_of_it(i64(uniform(2100) * 4), i64(zeros(4)))
# call: reads_copy(i64(uniform(2100) * 4))
# call: read_before_and_after(i64(uniform(2100) * 4), i64(zeros(4)))
# call: scalar_and_array_fault(arange(3000), i64(zeros(4)), 2000)
# call: fault_in_block(arange(3000), i64(zeros(4)), 2999)
# call: fault_in_block(arange(3000), i64(zeros(4)), 0)
# call: unbound_in_block(arange(3000), i64(zeros(4)), 1500)
# call: computed_twice(i64(uniform(2100) * 4), i64(zeros(4)))
# call: nothing_to_do(i64(uniform(2100) * 4), i64(zeros(4)))
# call: zero_sized(2100, i64(zeros((0, 3))))
# call: min_in_two_branches(i64(uniform(2100) * 4), i64(zeros(4)) + 9)
# call: weak_values(2100, zeros(4))
# call: one_iteration_each(16, i64(zeros(3)))
# call: large_steps(i64(zeros(3)), 0, 9223372036854775807, 1152921504606846976)
# call: far_bounds(i64(zeros(3)), 9223372036854770000, 9223372036854775807)
# call: far_bounds(i64(zeros(3)), -9223372036854775808, -9223372036854770000)


def fresh_each_time(x, n):
    total = np.zeros(4, np.int64)
    for k in range(n):
        h = np.zeros(4, np.int64)
        for i in prange(len(x)):
            h[x[i]] += k + 1
        total += h
    return total


def swapped_each_time(x, n):
    a = np.zeros(4, np.int64)
    b = np.ones(4, np.int64)
    for k in range(n):
        for i in prange(len(x)):
            a[x[i]] += 1
        a, b = b, a
    return a, b


def by_branch(x, first):
    a = np.zeros(4, np.int64)
    b = np.ones(4, np.int64)
    if first:
        h = a
    else:
        h = b
    for i in prange(len(x)):
        h[x[i]] += 1
    return a, b


def maybe_bound(x, bound):
    if bound:
        h = np.zeros(4, np.int64)
    for i in prange(len(x)):
        h[x[i]] += 1
    return h


def in_tuple(x):
    h = np.zeros(4, np.int64)
    p = (h, 2)
    for i in prange(len(x)):
        h[x[i]] += p[1]
    return p[0]


def recursive(x, h, n):
    for i in prange(len(x)):
        h[x[i]] += n
    return recursive(x, h, n - 1) + 1 if n > 0 else 0


def own_by_local(x, y):
    for i in prange(len(x)):
        k = i + 1
        y[k] += x[i]
        y[1 + i] -= 2


def neighbours(x, y):
    for i in prange(len(x)):
        y[i] += x[i]
        y[i + 1] -= x[i] * 3


def interleaved(x, y):
    for i in prange(len(x)):
        y[2 * i] += x[i]
        y[2 * i + 1] -= x[i] * 3


def interleaved_wrongly(x, y):
    for i in prange(len(x)):
        y[2 * i] += x[i]
        y[2 * i + 2 if i < 2099 else 0] -= x[i] * 3


def reversed_own(x, y):
    n = len(x)
    for i in prange(n):
        y[n - 1 - i] += x[i]
        y[-1 - i] *= 2


def own_and_constant(x, y):
    for i in prange(len(x)):
        y[i] += x[i]
        y[0] += 1


def index_reassigned(x, y):
    for i in prange(len(x)):
        i = i // 2
        y[i] += x[i]


def symbolic_stride(x, y, m):
    for i in prange(len(x)):
        y[i * m] += x[i]


def symbolic_offset(x, y, m):
    for i in prange(len(x)):
        y[i + m] += x[i]


def product_of_two(x, y):
    for i in prange(len(x)):
        for j in range(len(x)):
            y[i * j] += x[i]


def with_inner_prange(x, h, y):
    for i in prange(x.shape[0]):
        for j in prange(x.shape[1]):
            y[i, j] = x[i, j] * 2
            h[x[i, j]] += 1


def inner_accumulates_private(x, y):
    for i in prange(x.shape[0]):
        h = np.zeros(4, np.int64)
        for j in prange(x.shape[1]):
            h[x[i, j]] += j
        y[i] = h[1] * h[2]


def three_deep(x, h):
    for i in prange(x.shape[0]):
        for j in prange(x.shape[1]):
            for k in prange(x.shape[2]):
                h[x[i, j, k]] += 1


def negative_indices(x, h):
    for i in prange(len(x)):
        h[-1 - x[i]] += i


def whole_and_elements(x, acc, h):
    for i in prange(len(x)):
        acc += x[i]
        h[x[i]] -= 1


def continue_in_while(x, h):
    for i in prange(len(x)):
        n = x[i]
        while n > 0:
            n -= 1
            if n % 3 == 0:
                continue
            if n % 11 == 10:
                break
            h[n % 4] += 1


def index_is_read_after(x, h):
    for i in prange(5, len(x), 2):
        h[x[i]] += i
    return i


def sizes_of_it(x, h):
    for i in prange(len(x)):
        h[x[i] % len(h)] += h.shape[0] + h.size * h.ndim


def reads_copy(x):
    h = np.zeros(4, np.int64)
    g = np.copy(h)
    for i in prange(len(x)):
        h[x[i]] += g[x[i]] + 1
    return h


def read_before_and_after(x, h):
    before = h[0]
    for i in prange(len(x)):
        h[x[i]] += 1 + before
    return before, h[0]


def scalar_and_array_fault(x, h, k):
    s = 0
    for i in prange(len(x)):
        h[x[i] % 4] += 1
        s += 100 // int(x[i] - k)
    return s


def fault_in_block(x, h, k):
    for i in prange(len(x)):
        assert x[i] != k
        h[x[i] % 4] += 1


def unbound_in_block(x, h, k):
    for i in prange(len(x)):
        h[x[i] if x[i] > k else 0] += 1


def computed_twice(x, h):
    for i in prange(len(x)):
        h[(x[i] + 1) % 4] = h[(x[i] + 1) % 4] + 1


def nothing_to_do(x, h):
    for i in prange(len(x)):
        if x[i] > 10:
            h[x[i]] += 1


def zero_sized(n, h):
    for i in prange(n):
        h += i


def min_in_two_branches(x, h):
    for i in prange(len(x)):
        if i % 2 == 0:
            h[x[i]] = min(h[x[i]], i)
        else:
            h[x[i]] = min(i, h[x[i]], 7)


def weak_values(n, h):
    for i in prange(n):
        h[i % 4] += i
        h[0] += 1


def one_iteration_each(n, h):
    for i in prange(n):
        for j in range(3):
            h[j] += i


def large_steps(h, start, stop, step):
    for i in prange(start, stop, step):
        h[i % 3] += 1
    return i


def far_bounds(h, start, stop):
    for i in prange(start, stop):
        h[i % 3] += 1
    return i
