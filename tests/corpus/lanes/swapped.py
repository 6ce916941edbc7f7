"""Arrays behind variables that change: swapped each step, or perhaps one and the same; lanes only where they are apart."""

# call: life_like(i64(uniform((9, 40)) * 2), 3)
# call: life_like(i64(uniform((1, 1)) * 2), 3)
# call: life_like(i64(uniform((4, 0)) * 2), 3)
# call: relax(uniform((11, 37)), 4)
# call: relax(uniform((2, 2)), 4)
# call: heat(uniform(100), 5)
# call: heat(uniform(3), 5)
# call: whole(uniform((6, 33)), 3)
# call: rotate(uniform(70), 4)
# call: perhaps_same(uniform(100), True)
# call: perhaps_same(uniform(100), False)
# call: smeared(uniform(100), True)
# call: smeared(uniform(100), False)
# call: views(uniform(200), 0)
# call: views(uniform(200), 1)
# call: views(uniform(200), 64)
# call: prefix(uniform(100), 1)
# call: prefix(uniform(100), 5)
# call: bumped(uniform(100), True, 3)
# call: bumped(uniform(100), False, 3)


def life_like(cells, steps):
    old, new = cells.copy(), np.zeros_like(cells)
    for _ in range(steps):
        h, w = old.shape
        for i in prange(h):
            above = i - 1
            for j in range(w):
                left, right = j - 1, (j + 1) % w
                new[i, j] = old[above, left] + old[i, right] == 1
        old, new = new, old
    return old


def relax(x, steps):
    old, new = x.copy(), x.copy()
    for _ in range(steps):
        for i in prange(1, old.shape[0] - 1):
            for j in range(1, old.shape[1] - 1):
                new[i, j] = 0.25 * (old[i - 1, j] + old[i + 1, j] + old[i, j - 1] + old[i, j + 1])
        old, new = new, old
    return old


def heat(x, steps):
    old, new = x.copy(), x.copy()
    for _ in range(steps):
        for i in range(1, len(old) - 1):
            new[i] = old[i] + 0.1 * (old[i - 1] - 2.0 * old[i] + old[i + 1])
        old, new = new, old
    return old


def whole(x, steps):
    old, new = x.copy(), x.copy()
    for _ in range(steps):
        new[1:-1, 1:-1] = 0.5 * (old[:-2, 1:-1] + old[1:-1, 2:])
        old, new = new, old
    return old


def rotate(x, steps):
    a, b, c = x.copy(), np.zeros_like(x), np.ones_like(x)
    for _ in range(steps):
        for i in range(len(a) - 1):
            c[i] = a[i + 1] + b[i]
        a, b, c = c, a, b
    return a, b, c


def perhaps_same(x, same):
    old = x.copy()
    new = np.zeros_like(x)
    if same:
        new = old
    for i in range(1, len(old)):
        new[i] = old[i - 1] + 1.0
    return new


def smeared(x, same):
    old = x.copy()
    new = np.zeros_like(x)
    if same:
        new = old
    for i in range(len(old) - 1):
        new[i + 1] = old[i] * 0.5 + new[i]
    return new


def views(x, shift):
    a = x[:100]
    b = x[shift : shift + 100]
    for i in range(1, 100):
        b[i] = a[i - 1] + 1.0
    return b.copy()


def prefix(x, steps):
    a, b = x.copy(), x.copy()
    step = 1
    for _ in range(steps):
        for i in prange(step, len(a)):
            b[i] = a[i] + a[i - step]
        for i in prange(step):
            b[i] = a[i]
        a, b = b, a
        step *= 2
    return a


def bumped(x, same, steps):
    old = x.copy()
    new = np.zeros_like(x)
    if same:
        new = old
    for _ in range(steps):
        for i in range(2, len(old)):
            v = old[i - 2]
            if v > 0.5:
                v -= old[i - 1] * 0.25
            new[i] = v
        old, new = new, old
    return old
