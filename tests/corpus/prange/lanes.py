"""Bodies that lanes run in lockstep: branches, inner loops with early exits, masked stores, narrow types, all sizes."""

# call: clamp(normal(0))
# call: clamp(normal(1))
# call: clamp(normal(7))
# call: clamp(f32(normal(130)))
# call: clamp(i8(arange(100) * 3))
# call: escape(linspace(-2.0, 1.0, 67))
# call: escape(f32(linspace(-2.0, 1.0, 67)))
# call: newton(uniform(45) + 0.1)
# call: gcds(arange(1, 60), arange(61, 120))
# call: gcds(i32(arange(1, 60)), i32(arange(61, 120)))
# call: masked_store(normal(50), zeros(50))
# call: masked_store(f32(normal(50)), f32(zeros(50)))
# call: guarded_division(arange(20) % 4, zeros(20))
# call: guarded_access(arange(30), zeros(12))
# call: popcount(u8(arange(256)))
# call: popcount(u64(arange(70)) * u64(11400714819323198485))
# call: nearest(uniform(20), uniform(7))
# call: two_exits(arange(50))
# call: casts(normal(40) * 100)
# call: comparisons(f32(normal(40)), f32(uniform(40)))
# call: shifts(u16(arange(40) * 1000), u16(arange(40) % 20))
# call: selects(normal(33))


def clamp(x):
    for i in prange(len(x)):
        if x[i] > 1:
            x[i] = 1
        elif x[i] < -1:
            x[i] = -1


def escape(c):
    steps = np.zeros(len(c), np.int32)
    for i in prange(len(c)):
        z = c[i] * 0
        n = 0
        while n < 50 and z * z < 4:
            z = z * z + c[i]
            n += 1
        steps[i] = n
    return steps


def newton(x):
    roots = np.empty(len(x))
    for i in prange(len(x)):
        guess = x[i]
        for k in range(60):
            following = 0.5 * (guess + x[i] / guess)
            if abs(following - guess) < 1e-12:
                break
            guess = following
        roots[i] = guess
    return roots


def gcds(a, b):
    for i in prange(len(a)):
        x = a[i]
        y = b[i]
        while y != 0:
            x, y = y, x % y
        a[i] = x


def masked_store(x, y):
    for i in prange(len(x)):
        if x[i] > 0:
            if x[i] < 1:
                y[i] = x[i] * 2
            else:
                y[i] += 5


def guarded_division(x, y):
    for i in prange(len(x)):
        if x[i] != 0:
            y[i] = 12 // x[i] + 12 % x[i]


def guarded_access(x, y):
    for i in prange(len(x)):
        if i < len(y):
            y[i] = x[i]
        else:
            x[i] = -x[i - 1 - len(y)] if False else -i


def popcount(x):
    counts = np.zeros(len(x), np.uint8)
    for i in prange(len(x)):
        v = x[i]
        n = 0
        while v != 0:
            v &= v - 1
            n += 1
        counts[i] = n
    return counts


def nearest(x, centres):
    labels = np.zeros(len(x), np.int64)
    for i in prange(len(x)):
        best = 0
        distance = abs(x[i] - centres[0])
        for k in range(1, len(centres)):
            d = abs(x[i] - centres[k])
            if d < distance:
                distance = d
                best = k
        labels[i] = best
    return labels


def two_exits(x):
    for i in prange(len(x)):
        n = x[i]
        while True:
            if n % 7 == 0:
                break
            n += 3
            if n > 60:
                n = -1
                break
        x[i] = n


def casts(x):
    a = np.zeros(len(x), np.int8)
    b = np.zeros(len(x), np.float32)
    c = np.zeros(len(x), np.uint32)
    for i in prange(len(x)):
        a[i] = i8(x[i])
        b[i] = f32(x[i]) * f32(0.1)
        c[i] = u32(i64(x[i]) * i64(x[i]))
    return a, b, c


def comparisons(x, y):
    r = np.zeros(len(x), bool)
    for i in prange(len(x)):
        r[i] = x[i] < y[i] or (x[i] > 1 and y[i] > 0.5)
    return r


def shifts(x, by):
    for i in prange(len(x)):
        x[i] = (x[i] << by[i]) | (x[i] >> by[i])


def selects(x):
    y = np.zeros(len(x))
    for i in prange(len(x)):
        y[i] = x[i] if x[i] > 0 else 0.0 if x[i] > -1 else -1.0
    return y
