"""Independent iterations: maps, stencils between two arrays, rows, columns, conditions, inner loops, calls."""

# checks: squares 0
# checks: stencil 0
# call: squares(arange(100))
# call: squares(uniform(0))
# call: squares(f32(uniform(1)))
# call: squares(i8(arange(5)))
# call: stencil(uniform(50), zeros(50))
# call: stencil(uniform(1), zeros(1))
# call: rows(uniform((9, 7)), zeros(9))
# call: rows(uniform((0, 7)), zeros(0))
# call: columns(uniform((9, 7)))
# call: conditional(normal(40))
# call: with_continue(arange(40))
# call: inner_while(arange(1, 40))
# call: collatz_steps(i64(zeros(60)))
# call: calls(normal(20), zeros(20))
# call: nested(uniform((6, 5)), zeros((6, 5)))
# call: stepped(zeros(30), 3)
# call: stepped(zeros(30), 7)
# call: shifted(zeros(30), 5)
# call: backwards(zeros(20))
# call: several_writes(zeros(20), zeros(20))
# call: own_row(zeros((8, 5)))
# call: triangle(zeros((9, 9)))
# call: interleaved(zeros(20))
# call: last_value(7)
# call: last_value(0)
# call: last_value_bound_before(0)
# call: last_value_bound_before(5)
# call: private_scalars(uniform(30))
# call: private_array(uniform((12, 5)))
# call: private_array_of_branch(uniform(12))
# call: array_expression(uniform(10))
# call: bounds(3, 17, 4)
# call: bounds(17, 3, 4)
# call: bounds(17, 3, -4)
# call: in_range_loop(uniform(20), zeros(20), 5)
# call: integers(i32(arange(200) * 7919))
# call: reads_scalar_before(uniform(20), 3)


def squares(x):
    y = np.empty(len(x), f64)
    for i in prange(len(x)):
        y[i] = x[i] * x[i]
    return y


def stencil(x, y):
    for i in prange(1, len(x) - 1):
        y[i] = (x[i - 1] + x[i] + x[i + 1]) / 3


def rows(x, y):
    for i in prange(x.shape[0]):
        total = 0.0
        for j in range(x.shape[1]):
            total += x[i, j]
        y[i] = total


def columns(x):
    y = np.zeros(x.shape[1])
    for j in prange(x.shape[1]):
        for i in range(x.shape[0]):
            y[j] += x[i, j]
    return y


def conditional(x):
    for i in prange(len(x)):
        if x[i] > 0:
            x[i] = x[i] * 2
        elif x[i] < -1:
            x[i] = 0.0


def with_continue(x):
    for i in prange(len(x)):
        if x[i] % 3 == 0:
            continue
        x[i] = -x[i]


def inner_while(x):
    for i in prange(len(x)):
        n = x[i]
        while n % 2 == 0:
            n //= 2
        x[i] = n


def collatz_steps(steps):
    for i in prange(len(steps)):
        n = i + 1
        count = 0
        while n != 1:
            if n % 2 == 0:
                n //= 2
            else:
                n = 3 * n + 1
            count += 1
            if count > 100:
                break
        steps[i] = count


def polynomial(x):
    return (x * 0.5 + 1) * x


def calls(x, y):
    for i in prange(len(x)):
        y[i] = polynomial(polynomial(x[i]))


def nested(x, y):
    for i in prange(x.shape[0]):
        for j in prange(x.shape[1]):
            y[i, j] = x[i, j] + i * j


def stepped(x, step):
    for i in prange(0, len(x), step):
        x[i] = i


def shifted(x, k):
    for i in prange(len(x) - k):
        x[i + k] = i


def backwards(x):
    n = len(x)
    for i in prange(n):
        x[n - 1 - i] = i * i


def several_writes(x, y):
    for i in prange(len(x)):
        x[i] = i
        y[i] = x[i] + 1
        x[i] += y[i]


def own_row(x):
    for i in prange(x.shape[0]):
        for j in range(1, x.shape[1]):
            x[i, j] = x[i, j - 1] + i + 1


def triangle(x):
    for i in prange(len(x)):
        for j in range(i):
            x[i, j] = i - j


def interleaved(x):
    for i in prange(len(x) // 2):
        x[2 * i] = i
        x[2 * i + 1] = -i


def last_value(n):
    x = np.zeros(n)
    i = -1
    for i in prange(n):
        x[i] = i
    return i


def last_value_bound_before(n):
    i = 100
    total = 0
    for i in prange(n):
        total += i
    return i, total


def private_scalars(x):
    for i in prange(len(x)):
        a = x[i] * 2
        b = a + 1
        if b > 2:
            a = b
        x[i] = a


def private_array(x):
    result = np.zeros(x.shape[0])
    for i in prange(x.shape[0]):
        row = np.zeros(x.shape[1])
        for j in range(x.shape[1]):
            row[x.shape[1] - 1 - j] = x[i, j]
        total = 0.0
        for j in range(len(row)):
            total = total * 0.5 + row[j]
        result[i] = total
    return result


def private_array_of_branch(x):
    for i in prange(len(x)):
        if i % 2 == 0:
            t = np.full(3, x[i])
        else:
            t = np.ones(3) * i
        t[1] += 1
        x[i] = t.sum()


def array_expression(x):
    y = np.zeros(len(x))
    for i in prange(len(x)):
        y[i] = (x * i).sum()
    return y


def bounds(a, b, step):
    x = np.zeros(20)
    for i in prange(a, b, step):
        x[i] = i + 1
    return x


def in_range_loop(x, y, n):
    for _ in range(n):
        for i in prange(1, len(x) - 1):
            y[i] = x[i - 1] + x[i + 1]
        for i in prange(len(x)):
            x[i] = y[i] * 0.5


def integers(x):
    for i in prange(len(x)):
        x[i] = (x[i] ^ (x[i] >> 3)) * 5 + i


def reads_scalar_before(x, k):
    scale = x[k] + 1
    for i in prange(len(x)):
        x[i] = x[i] / scale
