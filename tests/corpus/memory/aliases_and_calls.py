"""Arrays that pass through calls, recursion, branches and tuples, with writes that several names see."""

# call: recursive_array(uniform(16), 3)
# call: choose_and_write(zeros(4), ones(4), 3)
# call: choose_and_write(zeros(4), ones(4), -3)
# call: nested_tuples(3)
# call: tuple_through_loop(4)
# call: swap_in_branches(arange(4) / 2.0, 5)
# call: same_array_two_names(zeros(5))
# call: write_through_callee(zeros(5))
# call: fresh_per_iteration(4)
# call: held_across_iterations(5)
# call: returns_in_loop(uniform(9), 0.5)
# call: unused_results(uniform(4))
# call: argument_rebound(uniform(4))
# call: temporary_of_call(uniform(6))
# call: conditional_expression(uniform(4), True)
# call: conditional_expression(uniform(4), False)
# call: prange_over_rows_of_local(5)
# call: zero_sized(0)
# call: scalar_and_array(uniform(5), 2)
# call: in_place_of_alias(uniform(5))
# call: element_then_array(uniform(5))
# call: minmax(uniform(9))
# call: three_way(6)
# call: fault_in_callee(zeros(3), 3)
# call: fault_after_swap(zeros(3), 2)
# call: written_then_fused(uniform(9))
# call: matrix_powers(uniform((3, 3)), 4)


def recursive_array(x, n):
    if n == 0:
        return x * 1
    y = recursive_array(x, n - 1)
    y[n] += 1
    return y + x


def choose_and_write(a, b, n):
    c = a
    if n > 0:
        c = b
    for i in range(len(c)):
        c[i] = c[i] * n + i
    return c[0] + a[1] + b[2]


def pair(n):
    return np.full(n, 1.5), n * 2


def nested_tuples(n):
    x, m = pair(n)
    y, k = pair(m)
    return y, (x, k), m


def tuple_through_loop(n):
    both = (0, 1)
    for i in range(n):
        both = (both[1], both[0] + both[1])
    return both


def swap_in_branches(x, n):
    y = x * 2
    for i in range(n):
        if i % 2 == 0:
            x, y = y, x
        else:
            y = x + y
    return x, y


def same_array_two_names(x):
    y = x
    z = y
    for i in range(len(x)):
        y[i] = i
        z[i] += x[i]
    return (x + y + z).sum()


def fill(x, value):
    for i in range(len(x)):
        x[i] = value + i
    return x


def write_through_callee(x):
    y = fill(x, 3)
    z = fill(np.zeros(3), 1)
    y[0] = 10
    return z, x[0]


def fresh_per_iteration(n):
    total = 0.0
    for i in range(n):
        x = np.zeros(3)
        x[i % 3] = i
        y = fill(np.zeros(2), i)
        total = total * 2 + x.sum() + y[1]
    return total


def held_across_iterations(n):
    previous = np.zeros(2)
    older = previous
    for i in range(n):
        current = previous + i
        current[0] += older[1]
        older = previous
        previous = current
    return older, previous


def returns_in_loop(x, bound):
    for i in range(len(x)):
        y = x + i
        if x[i] > bound:
            z = y * 2
            return z
        y[0] = 1
    return x * 0


def unused_results(x):
    y = x + 1
    fill(y, 2)
    x * 3
    return y


def argument_rebound(x):
    x[0] = 5
    x = x + 1
    x[1] = 7
    return x


def temporary_of_call(x):
    return fill(x + 1, 1).sum() + fill(np.ones(3), 2)[1]


def conditional_expression(x, flag):
    y = x + 1 if flag else x
    y[0] = -1
    return y


def prange_over_rows_of_local(n):
    table = np.zeros((n, n))
    for i in prange(n):
        for j in range(n):
            table[i, j] = i * n + j
    other = table * 2
    for i in prange(n):
        table[i, 0] = other[i, n - 1]
    return table


def zero_sized(n):
    x = np.zeros(n)
    y = x + 1
    for i in range(n):
        y[i] = 1
    return y, y.sum(), len(y)


def scalar_and_array(x, n):
    a, b, c = x, n, x * n
    b += 1
    a[0] = b
    c += a
    return a, b, c


def in_place_of_alias(x):
    y = x
    y += 1
    x *= 2
    y -= x * 0.25
    return y


def element_then_array(x):
    first = x[0]
    x += 1
    second = x[0]
    y = x - first
    x[0] = second
    return first, second, y


def minmax(x):
    low, high = x.min(), x.max()
    return (x - low) / (high - low)


def three_way(n):
    a = np.zeros(1)
    b = np.ones(2)
    c = np.full(3, 2.0)
    for i in range(n):
        if i % 3 == 0:
            a, b = b, a
        elif i % 3 == 1:
            b, c = c, b
        else:
            a, b, c = c, a, b
    return a, b, c


def put(x, i):
    t = x * 2
    t[i] = 1
    return t


def fault_in_callee(x, i):
    y = x + 1
    z = put(y, i)
    return z


def fault_after_swap(x, n):
    y = x + 1
    for i in range(n):
        x, y = y, x
        z = x + y
    return z[len(z)]


def written_then_fused(x):
    y = x * 2
    x[0] = 50
    z = y + x
    y[1] = 60
    w = z + y
    x[2] = 70
    return w, z, x.sum()


def matrix_powers(a, n):
    size = a.shape[0]
    result = np.zeros((size, size))
    for i in range(size):
        result[i, i] = 1.0
    for _ in range(n):
        following = np.zeros((size, size))
        for i in prange(size):
            for j in range(size):
                total = 0.0
                for k in range(size):
                    total += result[i, k] * a[k, j]
                following[i, j] = total
        result = following
    return result
