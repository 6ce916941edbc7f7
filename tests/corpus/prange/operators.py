"""Every spelling of a reduction, on every dtype, with the accumulator on either side."""

# call: sums(i8(arange(129)))
# call: sums(i16(arange(129)))
# call: sums(i32(arange(129)))
# call: sums(i64(arange(129)))
# call: sums(u8(arange(129)))
# call: sums(u16(arange(129)))
# call: sums(u32(arange(129)))
# call: sums(u64(arange(129)))
# call: sums(f32(arange(129)))
# call: sums(f64(arange(129)))
# call: sums(i64(arange(0)))
# call: sums(f64(arange(1)))
# call: sums(f64(arange(7)))
# call: sums(f64(arange(8)))
# call: sums(f64(arange(9)))
# call: sums(f64(arange(1000)))
# call: products(i8(arange(9)))
# call: products(u16(arange(1, 9)))
# call: products(i64(arange(1, 129)))
# call: products(u64(arange(1, 129)))
# call: products(f32(arange(1, 9)))
# call: products(f64(arange(1, 19)))
# call: extremes(i8(arange(129) - 64))
# call: extremes(i16(arange(129) - 64))
# call: extremes(i32(arange(129) - 64))
# call: extremes(i64(arange(129) - 64))
# call: extremes(u8(arange(129) * 2))
# call: extremes(u16(arange(129)))
# call: extremes(u32(arange(129)))
# call: extremes(u64(arange(129)))
# call: extremes(f32(normal(129)))
# call: extremes(f64(normal(1000)))
# call: extremes(f64(arange(1)))
# call: bits(i8(arange(129)))
# call: bits(i16(arange(129) * 77))
# call: bits(i32(arange(129) * 7777))
# call: bits(i64(arange(129) * 77777))
# call: bits(u8(arange(129)))
# call: bits(u16(arange(129) * 77))
# call: bits(u32(arange(129) * 7777))
# call: bits(u64(arange(129) * 77777))
# call: truths(arange(129), 3)
# call: truths(arange(0), 3)
# call: truths(arange(7), -1)
# call: bool_elements(arange(9) > 3)
# call: bool_elements(arange(9) > -3)
# call: wraps(i64(arange(9)), 9223372036854775800)
# call: wraps(i64(arange(1000)), -9223372036854775808)
# call: negative_zero(zeros(0) * -1.0)
# call: negative_zero(zeros(1) * -1.0)
# call: negative_zero(zeros(9) * -1.0)
# call: negative_zero(zeros(129) * -1.0)
# call: numpy_extremes_of_nan(arange(20) * 1.0, 7, np.nan)
# call: numpy_extremes_of_nan(arange(20) * 1.0, 0, np.inf)
# call: numpy_extremes_of_nan(arange(200) * 1.0, 199, -np.inf)
# call: python_extremes_of_nan(arange(20) * 1.0, 7, np.nan)
# call: python_extremes_of_nan(arange(20) * 1.0, 0, np.nan)
# call: python_extremes_of_nan(arange(200) * 1.0, 199, np.nan)
# call: starts_with_nan(arange(20) * 1.0, np.nan)
# call: long_updates(arange(100))
# call: min_of_three(normal(50), normal(50))
# call: many(arange(300) * 1.0)
# call: skips(arange(100))
# call: skips(arange(0))
# call: branches(arange(100))
# call: inner_loops(arange(40))
# call: inner_while(arange(40))
# call: several_kinds(arange(64))
# call: weak_becomes_strong(f32(arange(100)))
# call: strong_stays(f32(arange(100)))
# call: counts(arange(100), f32(arange(100)))


def sums(x):
    a, b, c, d, e = 0, 0, 0, 0, 0
    for i in prange(len(x)):
        a += x[i]
        b = b + x[i]
        c = x[i] + c
        d -= x[i]
        e = e - x[i]
    return a, b, c, d, e


def products(x):
    a, b, c = 1, 1, 1
    for i in prange(len(x)):
        a *= x[i]
        b = b * x[i]
        c = x[i] * c
    return a, b, c


def extremes(x):
    a, b, c, d = x[0], x[0], x[0], x[0]
    e, f, g, h = x[0], x[0], x[0], x[0]
    for i in prange(len(x)):
        a = min(a, x[i])
        b = min(x[i], b)
        c = max(c, x[i])
        d = max(x[i], d)
        e = np.minimum(e, x[i])
        f = np.minimum(x[i], f)
        g = np.maximum(g, x[i])
        h = np.maximum(x[i], h)
    return a, b, c, d, e, f, g, h


def bits(x):
    a, b, c = x[0], x[0], x[0]
    d, e, f = x[0], x[0], x[0]
    g, h, k = x[0], x[0], x[0]
    for i in prange(len(x)):
        a &= x[i] | 96
        b |= x[i]
        c ^= x[i]
        d = d & (x[i] | 96)
        e = e | x[i]
        f = f ^ x[i]
        g = (x[i] | 96) & g
        h = x[i] | h
        k = x[i] ^ k
    return a, b, c, d, e, f, g, h, k


def truths(x, bound):
    every = True
    some = False
    odd = False
    for i in prange(len(x)):
        every &= bool(x[i] < bound)
        some |= bool(x[i] == bound)
        odd ^= bool(x[i] % 2 == 1)
    return every, some, odd


def bool_elements(x):
    every = np.bool_(True)
    some = np.bool_(False)
    odd = np.bool_(False)
    count = 0
    for i in prange(len(x)):
        every &= x[i]
        some = x[i] | some
        odd = odd ^ x[i]
        count += int(x[i])
    return every, some, odd, count


def wraps(x, start):
    total = np.int64(start)
    product = np.int64(start)
    for i in prange(len(x)):
        total += x[i] * 100000007
        product *= x[i] | 1
    return total, product


def negative_zero(x):
    total = -0.0
    for i in prange(len(x)):
        total += x[i]
    return total


def numpy_extremes_of_nan(x, k, special):
    x[k] = special
    low, high = x[1], x[1]
    for i in prange(len(x)):
        low = np.minimum(low, x[i])
        high = np.maximum(x[i], high)
    return low, high


def python_extremes_of_nan(x, k, special):
    x[k] = special
    low, high = 3.5, 3.5
    for i in prange(len(x)):
        low = min(low, x[i])
        high = max(high, x[i])
    return low, high


def starts_with_nan(x, start):
    low, high = start, start
    for i in prange(len(x)):
        low = min(low, x[i])
        high = np.maximum(high, x[i])
    return low, high


def long_updates(x):
    a, b, c = 0, 0, 5
    for i in prange(len(x)):
        a = a + x[i] - i + 3
        b = x[i] + (b + i) - 1
        c = max(max(x[i], c), 17)
    return a, b, c


def min_of_three(x, y):
    low = 0.0
    for i in prange(len(x)):
        low = min(x[i], low, y[i])
    return low


def many(x):
    a, b, c, d = 0.0, 0.0, 0.0, 1.0
    e, f, g, h = 0, 0, 0, -1
    for i in prange(len(x)):
        a += x[i]
        b -= x[i] * 2
        c = max(c, x[i] % 37)
        d = np.minimum(d, -x[i])
        e ^= i
        f |= i * 3
        g += i & 1
        h &= ~(i & 6)
    return a, b, c, d, e, f, g, h


def skips(x):
    total = 0
    for i in prange(len(x)):
        if x[i] % 3 == 0:
            continue
        total += x[i]
        if x[i] % 5 == 0:
            continue
        total -= 1
    return total


def branches(x):
    total, low = 0, 1000
    for i in prange(len(x)):
        if x[i] % 7 == 0:
            total += x[i]
            low = min(low, x[i] + 5)
        elif x[i] % 5 == 0:
            total = total - 1
        else:
            pass
    return total, low


def inner_loops(x):
    total = 0
    for i in prange(len(x)):
        for j in range(i):
            if j % 4 == 3:
                continue
            if j > 20:
                break
            total += x[j] * i
    return total


def inner_while(x):
    steps = 0
    for i in prange(len(x)):
        n = x[i] + 1
        while n != 1:
            n = n // 2 if n % 2 == 0 else 3 * n + 1
            steps += 1
    return steps


def several_kinds(x):
    a = 0
    b = 0.5
    c = np.float32(0.25)
    for i in prange(len(x)):
        a += x[i]
        b += x[i]
        c += x[i] * np.float32(0.5)
    return a, b, c


def weak_becomes_strong(x):
    total = 0
    for i in prange(len(x)):
        total += x[i]
    return total


def strong_stays(x):
    total = np.float64(0)
    for i in prange(len(x)):
        total += x[i]
    return total


def counts(x, y):
    n = 0
    for i in prange(len(x)):
        n += x[i] == y[i]
    return n
