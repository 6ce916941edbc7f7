"""Loops over tuples: a copy of the body per item, with jumps, `else` and types of their own."""

# call: items(2)
# call: items(f32(2.5))
# call: kinds(3)
# call: kept_types(3)
# call: with_break(1)
# call: with_break(2)
# call: with_break(9)
# call: with_continue(2)
# call: nested(2)
# call: inner_loops(4)
# call: returns(1.0)
# call: returns(7.5)
# call: arrays(arange(4) * 1.0)
# call: swapped(arange(4) * 1.0, ones(4))
# call: binds(0)
# call: binds(1)
# call: binds(7)
# call: with_else(1)
# call: with_else(5)
# call: zipped(arange(2))
# call: zipped(arange(5))
# call: zipped(arange(0))
# call: zip_break(arange(5), 1)
# call: zip_break(arange(5), 30)
# call: zip_tuples(3)
# call: numbered(5)
# call: backwards(5)
# call: listed(3)
# call: shape(ones((3, 4)))
# call: empty(5)
# call: unpacked(3)
# call: in_a_loop(5)
# call: in_prange(zeros(9))
# call: loop_types(3)
# call: nested_loops_of_copies(3)
# call: pairs(2.0)
# call: evaluated_once(arange(4))
# call: continue_joins(arange(5) * 1.0, 2)
# call: fixed_point(3)


def items(x):
    s = 0
    for v in (1, x, 2):
        s = s * 10 + v
    return s, v


def kinds(x):
    s = 0.0
    for v in (1, 2.5, x, True):
        s = s * 10 + v
    return s


def kept_types(x):
    for v in (1.5, x):
        w = v * 2
    return v, w


def with_break(n):
    s = 0
    for v in (1, 2, 3):
        if v == n:
            break
        s += v
    return s, v


def with_continue(n):
    s = 0
    for v in (1, 2, 3):
        if v == n:
            t = 5
            continue
        t = v
        s += v
    return s, t


def nested(n):
    s = 0
    for a in (1, 2, 3):
        for b in (4, 5):
            if a == n:
                break
            if b == 4 and a == 1:
                continue
            s = s * 10 + a * b
        else:
            s += 1000
        if a == 3:
            continue
        s += 1
    return s


def inner_loops(n):
    s = 0.0
    for step in (1, 2, 0.5):
        for i in range(n):
            if i == 3:
                break
            s += i * step
        while s < 2:
            s += step
    return s


def returns(x):
    for limit in (2, 5.5):
        if x < limit:
            return limit * x
    return -1.0


def arrays(x):
    y = np.zeros(4)
    for a in (x, y, x):
        a[0] += 1
    return x, y


def swapped(x, y):
    for a, b in ((x, y), (y, x)):
        a[0] = b[1] + 10
        x, y = y, x
    return x, y


def binds(n):
    for v in (0, 1):
        if v == n:
            r = v * 2.0
            break
    else:
        r = -1.0
    return r


def with_else(n):
    k = 0
    for v in (1, 2):
        k += 1
        if v == n:
            break
    else:
        k += 100
    return k


def zipped(x):
    s = 0.0
    for k, v in zip((1, 2.5, 3), x):
        s += k * v
    else:
        s += 100
    return s


def zip_break(x, n):
    s = 0.0
    for v, k in zip(x, (1, 2.5, 3)):
        if v == n:
            break
        s += k * v
    else:
        s += 100
    return s


def zip_tuples(n):
    s = 0.0
    for a, b, c in zip((1, n, 3), (n, 2.5), range(10)):
        s = s * 10 + a * b + c
    return s


def numbered(n):
    s = 0.0
    for i, v in enumerate((n, 2.5, 1), n):
        s = s * 10 + i * v
    return s


def backwards(n):
    s = 0.0
    for v in reversed((n, 2.5, 1)):
        s = s * 10 + v
    return s


def listed(n):
    s = 0.0
    for v in [n, 2.5, 1]:
        s = s * 10 + v
    return s


def shape(x):
    s = 0
    for n in x.shape:
        s = s * 10 + n
    return s


def empty(n):
    for v in ():
        n = 0
    else:
        n += 1
    return n


def unpacked(n):
    s = 0.0
    for (a, b), c in (((1, n), 2.5), ((3, 4.5), n)):
        s = s * 3 + a * b - c
    return s


def in_a_loop(n):
    s = 0.0
    for i in range(n):
        for v in (i, 2.5):
            if v == 3:
                break
            if v == 1:
                continue
            s += v
        else:
            s += 10
            if i == 0:
                continue
        s += 0.5
    return s


def in_prange(out):
    for i in prange(len(out)):
        for v in (1, 2.5, i):
            if v > i:
                break
            out[i] += v
        else:
            out[i] += 100
    return out


def loop_types(n):
    s = 0
    for v in (2, 2.5):
        for i in range(n):
            s = s + v
    return s


def nested_loops_of_copies(n):
    first = 0
    for v in (2, 2.5):
        for i in range(n):
            for w in (v, i):
                if w == 1:
                    continue
                first = first + w
            else:
                if i == 1:
                    break
    return first


def pairs(x):
    for a, b in ((1, 2), (x, 4)):
        c = a + b
    return a, b, c


def evaluated_once(x):
    s = 0
    for v in (bump(x), bump(x)):
        x[1] = 100
        s = s * 1000 + v
    return s, x


def bump(x):
    x[0] += 1
    return x[0] + x[1]


def continue_joins(x, n):
    s = 0.0
    for i in range(len(x)):
        for k in (1, 2):
            if i == n:
                w = k * 1.5
                continue
            w = x[i]
        s += w
    return s


def fixed_point(n):
    a = 1
    for i in range(n):
        for v in (1, 0.5):
            if i == 1:
                break
            a = a * v
            if i == 2:
                continue
            a = a + v
    return a * 1.0
