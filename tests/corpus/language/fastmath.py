"""Functions that ask for fastmath: near what CPython computes, and the same where NaN, infinities and zeros are."""

# ulp: 16
# call: sums(uniform(1000))
# call: sums(uniform(7) + 1.0)
# call: sums(np.zeros(0))
# call: sums(f32(uniform(300)))
# call: extremes(np.array([3.0, -2.0, np.nan, 8.0, np.inf]))
# call: extremes(np.array([np.nan, 2.0, 1.0]))
# call: guarded(np.array([1.0, np.nan, np.inf, -0.0, 0.0, -np.inf, 2.5]), np.array([2.0, 1.0, -3.0, 4.0, np.nan, 0.0, 8.0]))
# call: divided(np.array([1.0, np.nan, np.inf, -0.0, 1e300, -1e-310, 7.0]))
# call: divided(f32(np.array([1.0, np.nan, np.inf, -0.0, 1e30, -1e-40, 7.0])))
# call: rows(uniform((5, 40)))
# call: distances(uniform((30, 3)))
# call: horner(np.linspace(0.0, 2.0, 30))
# call: counted(np.linspace(-1.0, 1.0, 200))
# call: empty_sum(5)
# call: in_parallel(uniform((6, 33)), zeros(6))
# call: kept(uniform(40))


@njit(fastmath=True)
def sums(x):
    total = 0.0
    squares = 0.0
    product = 1.0
    for v in x:
        total += v
        squares = squares + v * v
        product *= 1.0 + v / 1024.0
    return total, squares, product


@njit(fastmath=True)
def extremes(x):
    low = np.inf
    high = -np.inf
    lowest = x[0]
    highest = x[0]
    for i in range(len(x)):
        low = min(low, x[i])
        high = max(high, x[i])
        lowest = np.minimum(x[i], lowest)
        highest = np.maximum(highest, x[i])
    return low, high, lowest, highest


@njit(fastmath=True)
def guarded(x, y):
    nans = 0.0
    total = 0.0
    out = np.zeros(len(x))
    for i in range(len(x)):
        product = x[i] * y[i]
        if product != product:
            nans += 1.0
        elif abs(product) < np.inf:
            total += product
        out[i] = x[i] * y[i] + 1.0
    return nans, total, out, x * y - 1.0, np.isnan(x * y + x), np.copysign(1.0, x * 2.0 - 0.0)


@njit(fastmath={"arcp"})
def divided(x):
    third = 3.0
    for i in range(len(x)):
        x[i] = x[i] / third
    return x / 10, x / 4, x / 0.0, x / -np.inf


@njit(fastmath={"reassoc"})
def rows(a):
    out = np.zeros(a.shape[0])
    for i in range(a.shape[0]):
        total = 0.0
        for j in range(a.shape[1]):
            total += a[i, j]
        out[i] = total
    return out


@njit(fastmath=True)
def distances(points):
    n = len(points)
    total = 0.0
    for i in range(n):
        near = 0.0
        for j in range(n):
            square = 0.0
            for k in range(3):
                d = points[i, k] - points[j, k]
                square += d * d
            near += np.sqrt(square)
        total += near / n
    return total


@njit(fastmath={"contract"})
def horner(x):
    p = np.zeros(len(x))
    for i in range(len(x)):
        p[i] = ((0.5 * x[i] + 0.25) * x[i] + 0.125) * x[i] + 1.0
    return p, ((0.5 * x + 0.25) * x + 0.125) * x + 1.0


@njit(fastmath=True)
def counted(x):
    total = 0.0
    d = 0.0
    for i in range(len(x)):
        if x[i] < 0.0:
            continue
        d = x[i] * 2.0
        total += d
    for i in range(3, len(x), 7):
        total += x[i] * x[i]
    return total, i


@njit(fastmath=True)
def empty_sum(n):
    total = -0.0
    for i in range(n, 0):
        total += 1.0
    return total, np.copysign(1.0, total)


@njit(fastmath=True)
def in_parallel(a, out):
    whole = 0.0
    for i in prange(a.shape[0]):
        total = 0.0
        for j in range(a.shape[1]):
            total += a[i, j] * a[i, j]
            whole += a[i, j]
        out[i] = total
    return whole


@njit(fastmath={"reassoc": True, "contract": False})
def kept(x):
    running = 0.0
    last = 0.0
    for i in range(len(x)):
        running += x[i]
        last = running
    return running, last
