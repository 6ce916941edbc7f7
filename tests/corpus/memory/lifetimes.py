"""Who holds an array: aliases, swaps, arrays from branches and loops, returned arguments."""

# call: alias(arange(5))
# call: alias_then_rebind(arange(5))
# call: ping_pong(uniform(9), 0)
# call: ping_pong(uniform(9), 1)
# call: ping_pong(uniform(9), 5)
# call: ping_pong_argument(uniform(9), 3)
# call: ping_pong_argument(uniform(9), 4)
# call: rotated(5)
# call: returned_argument(arange(5))
# call: one_of(arange(3), arange(3) + 10, True)
# call: one_of(arange(3), arange(3) + 10, False)
# call: twice_the_same(3)
# call: rebound_in_loop(uniform(6), 4)
# call: rebound_in_loop(uniform(6), 0)
# call: from_branch(4, True)
# call: from_branch(4, False)
# call: early_exit(10)
# call: through_function(uniform(5))
# call: tuple_of_arrays(3)
# call: swapped_arguments(arange(4), arange(4) * 10)
# call: alias_in_loop(zeros(4), 3)
# call: dropped(5)
# call: kept_in_branch(uniform(4), 3)
# call: fault_with_arrays_alive(4)
# call: chain_of_copies(uniform(4))
# call: grows(4)
# call: passed_through(arange(3))
# call: same_twice(arange(3))


def alias(x):
    y = x
    y[0] = 100
    x[1] = 50
    y += 1
    return y[1], x[0]


def alias_then_rebind(x):
    y = x
    y = y + 1
    y[0] = -1
    x[1] = 7
    return y


def ping_pong(x, n):
    a = x.copy()
    b = np.zeros(len(x))
    for _ in range(n):
        for i in range(1, len(x) - 1):
            b[i] = (a[i - 1] + a[i + 1]) * 0.5
        a, b = b, a
    return a


def ping_pong_argument(x, n):
    b = np.zeros(len(x))
    for _ in range(n):
        for i in range(1, len(x) - 1):
            b[i] = (x[i - 1] + x[i + 1]) * 0.5
        x, b = b, x
    return x, b


def rotated(n):
    a = np.zeros(3)
    b = np.ones(3)
    c = np.full(3, 2.0)
    for i in range(n):
        a, b, c = c, a, b
        a[0] += i
    return a, b, c


def returned_argument(x):
    x[0] = 9
    return x


def one_of(x, y, first):
    z = x if first else y
    z[0] = -1
    return z


def twice_the_same(n):
    x = np.ones(n)
    x[0] = 5
    return x, x


def rebound_in_loop(x, n):
    for i in range(n):
        x = x * 0.5 + i
    return x


def from_branch(n, zero):
    if zero:
        x = np.zeros(n)
    else:
        x = np.ones(n)
        x[0] = 3
    return x + 1


def early_exit(n):
    for i in range(n):
        x = np.full(3, float(i))
        if x.sum() > 10:
            return x
    return np.zeros(3)


def doubled(x):
    y = x * 2
    return y


def through_function(x):
    y = doubled(doubled(x))
    return doubled(y) + y


def pair(n):
    return np.zeros(n), np.ones(n)


def tuple_of_arrays(n):
    a, b = pair(n)
    both = pair(n + 1)
    return b, a, both[1]


def swapped_arguments(x, y):
    x, y = y, x
    x[0] = -5
    return y


def alias_in_loop(x, n):
    y = x
    for i in range(n):
        y[i] = i + 1
        y = x
    return y.sum()


def dropped(n):
    total = 0.0
    for i in range(n):
        x = np.full(i + 1, 0.5)
        y = x + i
        total += y.sum()
    return total


def kept_in_branch(x, n):
    best = x
    for i in range(n):
        candidate = x + i
        if i % 2 == 1:
            best = candidate
    return best


def fault_with_arrays_alive(n):
    x = np.ones(n)
    y = x * 2
    total = 0.0
    for i in range(n + 1):
        z = y + i
        total += z[i]
    return total


def chain_of_copies(x):
    a = x
    b = a
    c = b.copy()
    a[0] = 1
    c[1] = 2
    b = c
    b[2] = 3
    return a, b, c


def grows(n):
    x = np.ones(1)
    for i in range(n):
        y = np.zeros(len(x) + 1)
        for j in range(len(x)):
            y[j] = x[j] + y[j]
        y[-1] = i
        x = y
    return x


def identity(x):
    return x


def passed_through(x):
    y = identity(x)
    y[0] = 77
    return identity(identity(y))


def add_into(x, y):
    for i in range(len(x)):
        x[i] += y[len(y) - 1 - i]


def same_twice(x):
    add_into(x, x)
    return x
