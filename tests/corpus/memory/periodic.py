"""Loops over rings: the middle runs without remainders and without indices that wrap around."""

# call: own_divisor(zeros(12, i64))
# call: ring(uniform(9), 1)
# call: ring(uniform(9), 4)
# call: ring(uniform(1), 1)
# call: ring(uniform(3), 7)
# call: ring(uniform(0), 1)
# call: torus((uniform((7, 11)) * 50.0).astype(u8))
# call: torus(ones((1, 2), u8))
# call: torus(ones((2, 1), u8))
# call: other_sizes(uniform(40), 7)
# call: other_sizes(uniform(40), 40)
# call: other_sizes(uniform(40), 64)
# call: in_parallel(uniform(300))
# call: rows(uniform((3, 131)))
# call: rows(uniform((131, 3)))
# call: rows(normal((4, 128)).astype(f32))


def ring(x, steps):
    n = len(x)
    for _ in range(steps):
        y = np.empty(n)
        for i in range(n):
            y[i] = 0.5 * x[i] + 0.25 * (x[i - 1] + x[(i + 1) % n])
        x = y
    return x.copy()


def torus(cells):
    height, width = cells.shape
    sums = np.zeros_like(cells)
    for i in prange(height):
        above, below = (i - 1 + height) % height, (i + 1) % height
        for j in range(width):
            left, right = (j + width - 1) % width, (j + 1) % width
            sums[i, j] = cells[above, left] + cells[i, j - 1] - cells[below, right] + cells[i, right]
    return sums


def other_sizes(x, m):
    y = np.zeros(40)
    for i in range(40):
        if i % 3 != 1:
            y[i] = x[i % m] + x[(i + 2) % m] - x[(i - 5) % m]
    return y


def in_parallel(x):
    y = np.zeros(len(x))
    for i in prange(len(x)):
        y[i] = x[(i + 3) % len(x)] - x[i - 2]
    return y[::17], y.sum()


def rows(x):
    totals = np.zeros(len(x))
    for i in range(len(x)):
        totals[i] = x[i].sum() + x[i, 1:].min()
    return totals[::13], x.sum(axis=1)[::13], x.max(axis=1)[::13], np.argmin(x, axis=1)[::13]


def own_divisor(x):
    for j in range(1, len(x)):
        x[j] = j % j + 10 * ((j + 1) % j)
    return x
