"""Sums and extremes of whole arrays over the iterations of a prange; integral values, so that order cannot show."""

# call: add(f64(i64(uniform(150) * 50)), zeros(40))
# call: add(f64(i64(uniform(2100) * 50)), zeros(4))
# call: add(f64(i64(uniform(150) * 50)), zeros(0))
# call: add(f64(i64(uniform(0) * 50)), zeros(40))
# call: add(f64(i64(uniform(150) * 50)), zeros((5, 8)))
# call: add(f32(i64(uniform(150) * 50)), f32(zeros(129)))
# call: add(i64(uniform(150) * 50), i16(zeros(40)))
# call: add_array(f64(i64(uniform(150) * 50)), arange(33) * 1.0, zeros(33))
# call: add_array(f64(i64(uniform(150) * 50)), arange(33) * 1.0, zeros(32))
# call: colon(f64(i64(uniform(150) * 50)), arange(33) * 1.0, zeros(33))
# call: dots(f64(i64(uniform(150) * 50)), arange(33) * 1.0, zeros(33))
# call: subtract(f64(i64(uniform(150) * 50)), arange(33) * 1.0, zeros(33))
# call: multiply(i64(uniform(150) * 50), arange(33), i64(zeros(33)) + 1)
# call: bits(i64(uniform(150) * 50), arange(33), i64(zeros(33)), i64(zeros(33)) - 1, i64(zeros(33)))
# call: extremes(normal(300), arange(1, 34) * 0.01, zeros(33), zeros(33))
# call: local(f64(i64(uniform(150) * 50)), arange(33) * 1.0)
# call: with_scalar(f64(i64(uniform(150) * 50)), arange(33) * 1.0)
# call: sometimes(f64(i64(uniform(150) * 50)), arange(33) * 1.0, zeros(33))
# call: inner(f64(i64(uniform(150) * 50)), arange(33) * 1.0, zeros(33))
# call: nested(f64(i64(uniform(30) * 50)), arange(33) * 1.0, zeros(33))
# call: private(f64(i64(uniform(150) * 50)), arange(33) * 1.0, zeros(300))
# call: calls(f64(i64(uniform(150) * 50)), arange(33) * 1.0, zeros(33))
# call: mixed(i64(uniform(150) * 33), arange(33) * 1.0, zeros(33))
# call: broadcast(f64(i64(uniform(150) * 50)), arange(8) * 1.0, zeros((5, 8)))
# call: with_itself(f64(i64(uniform(9) * 3)), arange(5) * 1.0)


def add(x, acc):
    for i in prange(len(x)):
        acc += x[i]


def add_array(x, row, acc):
    for i in prange(len(x)):
        acc += row * x[i]


def colon(x, row, acc):
    for i in prange(len(x)):
        acc[:] += row * x[i]


def dots(x, row, acc):
    for i in prange(len(x)):
        acc[...] += row * x[i]


def subtract(x, row, acc):
    for i in prange(len(x)):
        acc -= row * x[i]


def multiply(x, row, acc):
    for i in prange(len(x)):
        acc *= (row + x[i]) | 1


def bits(x, row, a, b, c):
    for i in prange(len(x)):
        a |= row + x[i]
        b &= row | x[i]
        c ^= row * x[i]


def extremes(x, row, low, high):
    for i in prange(len(x)):
        low[:] = np.minimum(low, row * x[i])
        high[:] = np.maximum(row * x[i], high)


def local(x, row):
    total = np.zeros(len(row))
    for i in prange(len(x)):
        total += row * x[i]
    return total * 2


def with_scalar(x, row):
    total = np.zeros(len(row))
    s = 0.0
    for i in prange(len(x)):
        total += row * x[i]
        s += x[i]
    return total, s


def sometimes(x, row, acc):
    for i in prange(len(x)):
        if x[i] > 20:
            acc += row
        elif x[i] > 10:
            continue
        acc -= 1


def inner(x, row, acc):
    for i in prange(len(x)):
        for j in range(3):
            acc += row * j


def nested(x, row, acc):
    for i in prange(len(x)):
        for j in prange(3):
            acc += row * x[j]


def private(x, row, y):
    for i in prange(len(x)):
        t = np.zeros_like(row)
        for j in range(3):
            t += row * j
        t *= x[i]
        y[i] = np.sum(t)


def twice(row):
    return row + row


def calls(x, row, acc):
    for i in prange(len(x)):
        acc += twice(row) * x[i]


def mixed(x, row, acc):
    for i in prange(len(x)):
        acc += row
        acc[x[i]] += 1


def broadcast(x, row, acc):
    for i in prange(len(x)):
        acc += row * x[i]


def add_scaled(x, row, acc):
    for i in prange(len(x)):
        acc += row * x[i]


def with_itself(x, acc):
    add_scaled(x, acc, acc)
    return acc
