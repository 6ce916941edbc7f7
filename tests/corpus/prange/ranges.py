"""prange over any bounds and step; the loop variable afterwards."""

# call: stepped(zeros(20), 0, 20, 1)
# call: stepped(zeros(20), 0, 20, 3)
# call: stepped(zeros(20), 19, -1, -1)
# call: stepped(zeros(20), 19, -1, -3)
# call: stepped(zeros(20), 5, 5, 1)
# call: stepped(zeros(20), 7, 3, 1)
# call: stepped(zeros(20), 3, 7, -1)
# call: stepped(zeros(20), 0, 20, 0)
# call: stepped(zeros(20), 0, 20, 100)
# call: stepped(zeros(20), 0, 20, 9223372036854775807)
# call: stepped(zeros(20), 19, -1, -9223372036854775808)
# call: stepped(zeros(20), -20, 20, 7)
# call: stepped(zeros(20), -20, 21, 41)
# call: extreme(-9223372036854775808, -9223372036854775800)
# call: extreme(9223372036854775800, 9223372036854775807)
# call: extreme(9223372036854775807, -9223372036854775808)
# call: extreme_steps(9223372036854775807, -9223372036854775808, -9223372036854775807)
# call: extreme_steps(-9223372036854775808, 9223372036854775807, 9223372036854775807)
# call: extreme_steps(-9223372036854775808, 9223372036854775807, 4611686018427387904)
# call: extreme_steps(9223372036854775807, -9223372036854775808, -9223372036854775808)
# call: extreme_steps(0, 100, 0)
# call: zero_step(0)
# call: zero_step(1)
# call: constant_steps(zeros(30))
# call: constant_steps(zeros(1))
# call: constant_steps(zeros(0))
# call: reversed_copy(arange(10), i64(zeros(10)))
# call: reversed_copy(arange(0), i64(zeros(0)))
# call: last(10)
# call: last(0)
# call: last(-5)
# call: last_by_step(10, 3)
# call: last_by_step(10, -3)
# call: after(arange(7))
# call: assigned_in_body(arange(9), i64(zeros(9)))
# call: shifted(arange(20), i64(zeros(20)), 3)
# call: shifted(arange(20), i64(zeros(20)), 0)
# call: shifted(arange(20), i64(zeros(20)), 25)
# call: bounds_once(i64(zeros(9)))
# call: from_elements(arange(9), i64(zeros(9)))
# call: sizes(zeros(0))
# call: sizes(zeros(1))
# call: sizes(zeros(7))
# call: sizes(zeros(8))
# call: sizes(zeros(9))
# call: sizes(zeros(129))
# call: sizes(zeros(10000))
# call: in_loops(arange(6), i64(zeros((4, 6))))
# call: in_while(i64(zeros(30)))
# call: triangle(i64(zeros((9, 9))))
# call: doubly_nested(i64(zeros((5, 6, 7))))
# call: nested_undecided(i64(zeros((5, 6))), arange(6))
# call: nested_last(4, 5)


def stepped(x, start, stop, step):
    for i in prange(start, stop, step):
        x[i] = 2 * i + 1


def extreme(start, stop):
    total = 0
    i = 7
    for i in prange(start, stop):
        total += i & 15
    return total, i


def extreme_steps(start, stop, step):
    total = 0
    count = 0
    i = 7
    for i in prange(start, stop, step):
        total ^= i
        count += 1
    return total, count, i


def zero_step(step):
    count = 0
    for i in prange(0, 10, step):
        count += 1
    return count


def constant_steps(x):
    n = len(x)
    for i in prange(0, n, 2):
        x[i] = i
    for i in prange(n - 1, -1, -3):
        x[i] += 100
    for i in prange(0, n - 1, 2):
        x[i + 1] = x[i] * 2


def reversed_copy(x, y):
    n = len(x)
    for i in prange(n - 1, -1, -1):
        y[n - 1 - i] = x[i]


def last(n):
    i = -1
    for i in prange(n):
        pass
    return i


def last_by_step(n, step):
    i = -1
    for i in prange(0, n if step > 0 else -n, step):
        pass
    return i


def after(x):
    for i in prange(len(x)):
        x[i] *= 2
    return i, x[i]


def assigned_in_body(x, y):
    for i in prange(len(x)):
        y[i] = x[i]
        i = 3
    return y


def shifted(x, y, k):
    for i in prange(k, len(x)):
        y[i - k] = x[i]


def bounds_once(x):
    n = len(x)
    for i in prange(n):
        n = 3
        x[i] = n


def from_elements(x, y):
    for i in prange(x[1], x[7], x[2]):
        y[i] = x[i]


def sizes(x):
    for i in prange(len(x)):
        x[i] = i * 0.5
    total = 0.0
    for i in prange(len(x)):
        total += x[i]
    return total


def in_loops(x, y):
    for k in range(y.shape[0]):
        for i in prange(len(x)):
            y[k, i] = x[i] * k


def in_while(x):
    n = len(x)
    while n > 0:
        for i in prange(n):
            x[i] += 1
        n -= 7


def triangle(x):
    for i in prange(x.shape[0]):
        for j in prange(i, x.shape[1]):
            x[i, j] = i * j
        for j in prange(i - 1, -1, -1):
            x[i, j] = -j


def doubly_nested(x):
    for i in prange(x.shape[0]):
        for j in prange(x.shape[1]):
            for k in prange(x.shape[2]):
                x[i, j, k] = i * 100 + j * 10 + k
                x[i, j, k] += 1000


def nested_undecided(x, index):
    for i in prange(x.shape[0]):
        for j in prange(x.shape[1]):
            x[i, index[j]] = i * j


def nested_last(n, m):
    total = 0
    for i in prange(n):
        for j in prange(m):
            total += 1
        total += j * 100
    return total, i
