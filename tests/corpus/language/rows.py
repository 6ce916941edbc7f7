"""Loops over arrays of rank 2 and more: rows are views."""

# call: sums(ones((3, 4)))
# call: sums(ones((0, 4)))
# call: sums(ones((3, 0)))
# call: sums(ones((1, 9)))
# call: writes(ones((3, 4)))
# call: with_numbers(ones((4, 3)))
# call: pairs(ones((3, 4)), ones((4, 3)))
# call: backwards(ones((4, 3)))
# call: cube(ones((2, 3, 4)))
# call: last_row(ones((3, 2)))
# call: unpacked(ones((2, 3)))
# call: unpacked(ones((3, 2)))
# call: swapped_rows(ones((2, 3)))
# call: in_prange(ones((5, 9)))
# call: transposed(ones((2, 3)))
# call: sliced(ones((7, 3)))
# call: row_tuple(ones((3, 3)))
# call: row_of_rows(ones((3, 2)))
# call: rank_0_item(ones((2,)))


def fill(m):
    for i, j in np.ndindex(m.shape):
        m[i, j] = i * 10 + j


def sums(m):
    fill(m)
    s = 0.0
    for row in m:
        for v in row:
            s = s * 3 + v
        s += row.sum()
    return s


def writes(m):
    for row in m:
        row[1] = 7
        row[:] += 1
    return m


def with_numbers(m):
    for i, row in enumerate(m):
        row[:] = i
        for j, v in enumerate(row):
            m[i, j] += v * j
    return m


def pairs(a, b):
    fill(a)
    fill(b)
    s = 0.0
    for x, (i, y) in zip(a, enumerate(b)):
        s = s * 2 + x[i] * y[i] + len(x)
        x[0] = y[1]
    return s, a


def backwards(m):
    fill(m)
    s = 0.0
    for row in reversed(m):
        s = s * 10 + row[0]
    return s


def cube(c):
    k = 0
    for plane in c:
        for row in plane:
            for j in range(len(row)):
                row[j] = k
                k += 1
    return c


def last_row(m):
    for row in m:
        pass
    row[0] = 5
    m = np.zeros((2, 2))
    return row, m


def unpacked(m):
    fill(m)
    a, b = m
    a[0] = 100
    return m, b


def swapped_rows(m):
    fill(m)
    a, b = m[0].copy(), m[1].copy()
    m[0], m[1] = b, a
    return m


def in_prange(m):
    r = np.zeros(len(m))
    fill(m)
    for i in prange(len(m)):
        s = 0.0
        for v in m[i]:
            s += v
        r[i] = s
    return r


def transposed(m):
    fill(m)
    s = 0.0
    for column in m.T:
        for v in column[::-1]:
            s = s * 2 + v
    return s


def sliced(m):
    fill(m)
    s = 0.0
    for row in m[1::2, 1:]:
        s = s * 5 + row[0] - row[1]
    for v in m[2]:
        s += v
    return s


def row_tuple(m):
    fill(m)
    t = (m[0], m[1:], m)
    t[0][0] = 50
    t[1][0, 1] = 60
    for view in (m[2], m[:, 2]):
        view[:] = 9
    return m, t[1].shape


def row_of_rows(m):
    fill(m)
    s = 0.0
    for (a, b) in m:
        s = s * 3 + a * b
    for i, (a, b) in enumerate(m):
        s += i * a - b
    return s


def rank_0_item(x):
    for v in x:
        w = v
    return w
