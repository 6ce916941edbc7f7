"""Loops of few, long rows: blocks of columns run in parallel, in the order of the serial program."""

# call: elements(uniform((1, 3000)), zeros((1, 3000)))
# call: elements(uniform((2, 2501)), zeros((2, 2501)))
# call: elements(uniform((3, 2049)), zeros((3, 2049)))
# call: elements(uniform((3, 4)), zeros((3, 4)))
# call: elements(uniform((0, 4)), zeros((0, 4)))
# call: elements(uniform((2, 2501)), zeros((2, 2000)))
# call: elements(uniform((2, 2501)), zeros((1, 2501)))
# call: nested(uniform((2, 2501)), zeros((2, 2501)))
# call: nested(uniform((2, 2501)), zeros((2, 2500)))
# call: expression(uniform((2, 2501)), uniform((2, 2501)))
# call: part(uniform((3, 3001)), zeros((3, 3001)), 100, 2900)
# call: part(uniform((3, 3001)), zeros((3, 3001)), 1, 1)
# call: part(uniform((3, 3001)), zeros((3, 3001)), 0, 3002)
# call: scaled(uniform((2, 3000)), zeros((2, 3000)), uniform(2) + 1.0)
# call: own_scale(uniform((2, 3000)), zeros((2, 3000)) + 0.5)
# call: branches(uniform((2, 3000)), zeros((2, 3000)))
# call: cubes(uniform((1, 200, 40)), zeros((1, 200, 40)))
# call: sums(uniform((2, 40, 60)), zeros((2, 40)))
# call: triangle(uniform((60, 60)), zeros((60, 60)))
# call: running(uniform((2, 3000)), zeros((2, 3000)))
# call: until(uniform((2, 3000)), zeros((2, 3000)), 0.999)
# call: tested(uniform((2, 3000)), zeros((2, 3000)), 0.5)
# call: tested(uniform((2, 3000)), zeros((2, 3000)), 2.0)


def elements(x, y):
    for i in prange(x.shape[0]):
        for j in range(x.shape[1]):
            v = x[i, j]
            y[i, j] = np.sqrt(v * v + 1.0) / (v + 2.0) / (v + 3.0)


def nested(x, y):
    for i in prange(x.shape[0]):
        for j in prange(x.shape[1]):
            v = x[i, j]
            y[i, j] = np.sqrt(v * v + 1.0) / (v + 2.0) / (v + 3.0)


def expression(x, y):
    return np.sqrt(x[:, 1:] / (y[:, :-1] + 1.0)) / (x[:, :-1] + 2.0)


def part(x, y, low, high):
    for i in prange(1, x.shape[0]):
        for j in range(low, high):
            v = x[i, j]
            y[i, j] = np.sqrt(v * v + 1.0) / (v + 2.0) / (v + 3.0)


def scaled(x, y, s):
    for i in prange(x.shape[0]):
        scale = np.sqrt(s[i])
        for j in range(x.shape[1]):
            y[i, j] = np.sqrt(x[i, j] / scale) / (x[i, j] + scale)


def own_scale(x, y):
    for i in prange(x.shape[0]):
        scale = y[i, 0]
        for j in range(x.shape[1]):
            y[i, j] = np.sqrt(x[i, j] / scale) / (x[i, j] + scale)


def branches(x, y):
    for i in prange(x.shape[0]):
        for j in range(x.shape[1]):
            v = x[i, j]
            if v > 0.5:
                v = np.sqrt(v)
            if v > 0.8:
                y[i, j] = 1.0 / v
            else:
                y[i, j] = v / 3.0 / (v + 1.0)


def cubes(x, y):
    for i in prange(x.shape[0]):
        for j in range(x.shape[1]):
            for k in range(x.shape[2]):
                y[i, j, k] = x[i, j, k] / (j + 1.0) + k


def sums(x, y):
    for i in prange(x.shape[0]):
        for j in range(x.shape[1]):
            total = 0.0
            for k in range(x.shape[2]):
                total += np.sqrt(x[i, j, k]) / 3.0
            y[i, j] = total


def triangle(x, y):
    for i in prange(x.shape[0]):
        for j in range(i):
            y[i, j] = np.sqrt(x[i, j]) / (x[i, j] + 2.0)


def running(x, y):
    for i in prange(x.shape[0]):
        total = 0.0
        for j in range(x.shape[1]):
            total += np.sqrt(x[i, j]) / (x[i, j] + 2.0)
            y[i, j] = total


def until(x, y, limit):
    for i in prange(x.shape[0]):
        for j in range(x.shape[1]):
            if x[i, j] > limit:
                break
            y[i, j] = np.sqrt(x[i, j]) / (x[i, j] + 2.0)


def tested(x, y, limit):
    for i in prange(x.shape[0]):
        for j in range(x.shape[1]):
            v = np.sqrt(x[i, j]) / (x[i, j] + 2.0) / 3.0
            assert x[i, j] < limit, "too large"
            y[i, j] = v
