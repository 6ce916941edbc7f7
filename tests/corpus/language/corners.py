"""Corners: arrays in short-lived tuples, effects in their order, jumps and types that meet late."""

# call: fresh_arrays(arange(4) * 1.0)
# call: fresh_slices(arange(4) * 1.0)
# call: fresh_in_loops(arange(4) * 1.0, 3)
# call: fresh_choice(arange(4) * 1.0, 3)
# call: fresh_choice(arange(4) * 1.0, -3)
# call: shape_once(arange(3))
# call: shape_of_temporary(arange(4) * 1.0)
# call: order_of_chains(arange(3))
# call: order_of_unpacking(arange(4))
# call: targets_in_order(arange(6))
# call: loop_variable_survives(4)
# call: rebinding_tuples(5)
# call: tuples_of_rows(ones((3, 3)))
# call: many_breaks(9)
# call: else_in_else(3)
# call: else_in_else(0)
# call: returns_from_copies(arange(5), 3)
# call: returns_from_copies(arange(5), 30)
# call: recursion_in_loops(4)
# call: growing(4)
# call: arrays_per_copy(arange(4) * 1.0)
# call: while_with_tuples(10)
# call: unbound_target(0)
# call: unbound_target(2)
# call: unbound_in_copy(2)
# call: unbound_in_copy(5)
# call: nested_indices(3)
# call: product(arange(3), arange(4) * 2.0)
# call: reversed_effects(arange(3))
# call: assertion((1, 2))
# call: assertion((2, 2))
# call: raising(2)
# call: raising(-1)
# call: raising_in_copy(3)
# call: zero_step(0)
# call: zero_step(2)
# call: negative_extent(-1)
# call: swap_in_loop(arange(4) * 1.0, ones(4), 3)
# call: mixed_returns(1)
# call: mixed_returns(2)
# call: enumerate_strings_of_tuples(3)


def fresh_arrays(x):
    t = (x + 1, 2)[:1]
    u = ((x * 2,) + (x, x - 1)) * 2
    a, b = (x + 5, x + 6)[::-1]
    return t[0], u[3], a, b, (x * 3, 1)[0], len((x * 3, 1))


def fresh_slices(x):
    for v in (x[1:], x * 2, (x + 1)[::-1]):
        v[0] = 100
        w = v
    return x, w, ((x + 7)[1:], 1)[0]


def fresh_in_loops(x, n):
    t = (x, x)
    for i in range(n):
        t = (t[1] + i, t[0] * 2)
        u = t[::-1]
    return t, u


def fresh_choice(x, n):
    t = (x + 1, x) if n > 0 else (x, x * 2)
    u = (x * 3, 4) if n > 0 else (x, 6)
    return t, u


def shape_once(x):
    y = np.zeros(counted_shape(x))
    z = np.ones(counted_shape(x)[1:] + (2,))
    return x, y, z


def counted_shape(x):
    x[0] += 1
    return x[0] + 1, 3


def shape_of_temporary(x):
    return np.zeros((x + 1).shape), np.ones((2,) + (x[1:] * 2).shape)


def bump(x):
    x[0] += 1
    return x[0]


def order_of_chains(x):
    a = bump(x) < bump(x) < bump(x)
    b = bump(x) > bump(x) < bump(x)
    c = bump(x), (bump(x), bump(x))
    d = bump(x) - bump(x) * bump(x)
    return a, b, c, d, x


def order_of_unpacking(x):
    x[bump(x)], x[bump(x)] = bump(x) * 10, bump(x) * 100
    return x


def targets_in_order(x):
    i = 1
    i, x[i], (x[i + 1], i) = 2, 20, (30, 4)
    x[i], i = i, x[i]
    return i, x


def loop_variable_survives(n):
    for i, j in ((1, 2), (n, 4)):
        for j in range(n):
            if j == i:
                break
        k = j
    return i, j, k


def rebinding_tuples(n):
    t = (1, (2, 3.5))
    for i in range(n):
        a, (b, c) = t
        t = (b, (a + i, c * 2))
        if i == 3:
            continue
        t = (t[0] + 1, t[1])
    else:
        t = (t[0], (t[1][0], -t[1][1]))
    return t


def tuples_of_rows(m):
    for i, row in enumerate(m):
        row *= i + 1
    top, middle, bottom = m
    pair = (top, bottom)
    for r in pair:
        r[1] = -1
    (a, b, c), _, d = m
    return m, a + b + c, d


def many_breaks(n):
    log = 0
    for a in (1, 2, 3):
        for b in range(n):
            for c in (b, a):
                if c == 2:
                    break
                if c > 4:
                    continue
                log = log * 3 + c
            else:
                if b > 5:
                    break
                continue
            log += 1
        else:
            log -= 1
            break
    else:
        log *= 2
    return log


def else_in_else(n):
    for i in range(n):
        if i == 5:
            break
    else:
        for v in (n, 2.5):
            if v == 2.5:
                r = v
                break
        else:
            r = -1.0
    return r


def returns_from_copies(x, n):
    for k in (1, 2):
        for i, v in enumerate(x):
            if v * k == n:
                return k, i
    else:
        return -1, -1


def recursion_in_loops(n):
    if n == 0:
        return 1
    s = 0
    for k in (1, 2):
        s += recursion_in_loops(n - 1) * k
    return s


def growing(n):
    s = 0
    for v in (1, 0.5):
        for i in range(n):
            s += v * i
            if s > 3:
                break
        else:
            continue
        s = s + 1
    return s * 1.0


def arrays_per_copy(x):
    s = 0.0
    for a, k in ((x, 1), (x * 2, 2.5), (np.ones(3), 0)):
        for v in a:
            s += v * k
        a[0] = k
    return s, x


def while_with_tuples(n):
    state = (0, 1)
    while state[1] < n:
        for step in (1, 2):
            state = (state[0] + step, state[1] + state[0])
            if state[0] > 5:
                break
        else:
            continue
        break
    else:
        state = state[::-1]
    return state


def unbound_target(n):
    for i, v in enumerate(np.ones(n)):
        pass
    return i + v


def unbound_in_copy(n):
    for v in (1, 2, 3):
        if v == n:
            w = v
            break
    return w


def nested_indices(n):
    s = 0
    for i, j in np.ndindex(n, n):
        for k, in np.ndindex(n):
            if k == j:
                continue
            if k > i:
                break
            s += i * 100 + j * 10 + k
        else:
            s -= 1
    return s


def product(x, y):
    s = 0.0
    for a in x:
        for b in y:
            if b > a:
                break
            s = s * 2 + a * b
        else:
            s += 0.25
    return s


def reversed_effects(x):
    s = 0
    for v in reversed((bump(x), bump(x), bump(x))):
        s = s * 10 + v
    for v in reversed(x):
        x[0] = 7
        s = s * 10 + v
    return s


def assertion(t):
    a, b = t
    assert a != b, "the items differ"
    assert t, "a tuple that has items is true"
    return a - b


def raising(n):
    if n < 0:
        raise ValueError
    elif n == 0:
        raise IndexError("none")
    return n


def raising_in_copy(n):
    for v in (1, n):
        if v == 3:
            raise KeyError("three")
    return v


def zero_step(k):
    s = 0
    for i, v in enumerate(range(0, 6, k)):
        s += i * v
    return s


def negative_extent(n):
    s = 0
    for i, j in np.ndindex(2, n):
        s += 1
    return s


def swap_in_loop(x, y, n):
    for i in range(n):
        x, y = y, x
        x[0], y[1] = y[i], x[i]
    return x, y


def mixed_returns(n):
    for v in (1, 2.5):
        if v >= n:
            return v * 1.0, (v, 1.0)[0] * 1.0
    return 0.0, 0.0


def enumerate_strings_of_tuples(n):
    total = 0
    for i, (a, (b, c)) in enumerate(((1, (2, 3)), (4, (5, n))), 1):
        total += i * a + b * c
    return total
