"""Short loops of constant length inside others."""

# call: distances(uniform((23, 3)))
# call: distances(uniform((2, 2)))
# call: blur(uniform((9, 12)))
# call: blur(ones((2, 2)))
# call: polynomials(normal(131))
# call: first_above(uniform((40, 5)), 0.8)


def distances(points):
    n = len(points)
    out = np.empty((n, n))
    for i in prange(n):
        for j in range(n):
            total = 0.0
            for k in range(3):
                difference = points[i, k] - points[j, k]
                total += difference * difference
            out[i, j] = np.sqrt(total)
    return out


def blur(image):
    height, width = image.shape
    out = np.zeros((height, width))
    for i in range(1, height - 1):
        for j in range(1, width - 1):
            for di in range(-1, 2):
                for dj in range(-1, 2):
                    out[i, j] += image[i + di, j + dj] / 9.0
    return out


def polynomials(x):
    y = np.empty(len(x))
    for i in range(len(x)):
        power, total = 1.0, 0.0
        for k in range(5):
            total += power * (k + 1)
            power *= x[i]
        y[i] = total
    return y[::13]


def first_above(x, least):
    found = np.zeros(len(x), np.int64)
    for i in range(len(x)):
        for k in range(5):
            if x[i, k] > least:
                found[i] = k + 1
                break
    return found
