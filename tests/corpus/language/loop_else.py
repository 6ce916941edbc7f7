"""`else` of loops: what binds, types and jumps."""

# call: find(arange(8), 3)
# call: find(arange(8), 30)
# call: find(arange(0), 3)
# call: while_else(5, 3)
# call: while_else(5, 9)
# call: while_else(0, 9)
# call: types(arange(4) * 1.0, 2.0)
# call: types(arange(4) * 1.0, 9.0)
# call: bound_by_else(3)
# call: bound_by_else(0)
# call: primes(30)
# call: nested(4)
# call: continues(6)
# call: returns(arange(5), 3)
# call: returns(arange(5), 7)
# call: else_without_break(3)
# call: endless(5)
# call: in_prange(zeros(7), 3)
# call: inner_break_outer_else(3)
# call: ends_with_else_return(arange(4), 2)
# call: ends_with_else_return(arange(4), 9)
# call: arrays(arange(5) * 1.0, 3)
# call: arrays(arange(5) * 1.0, 8)


def find(x, v):
    for i in range(len(x)):
        if x[i] == v:
            break
    else:
        i = -1
    return i


def while_else(n, stop):
    k = 0
    while k < n:
        k += 1
        if k == stop:
            where = 1
            break
    else:
        where = 2
        k += 100
    return k, where


def types(x, v):
    found = 0
    for i in range(len(x)):
        if x[i] == v:
            found = x[i]
            break
    else:
        found = 1.0
    return found


def bound_by_else(n):
    for i in range(n):
        if i == 2:
            r = 2.5
            break
    else:
        r = 7.0
    return r


def primes(n):
    count = 0
    total = 0
    for i in range(2, n):
        for k in range(2, i):
            if i % k == 0:
                break
        else:
            count += 1
            total += i
    return count, total


def nested(n):
    log = 0
    for i in range(n):
        j = 0
        while j < i:
            j += 1
            if j == 2:
                break
        else:
            log = log * 10 + 1
            continue
        log = log * 10 + 2
    else:
        log = log * 10 + 9
    return log


def continues(n):
    s = 0
    for i in range(n):
        if i % 2 == 0:
            continue
        s += i
    else:
        s *= 10
    return s


def returns(x, v):
    for i in range(len(x)):
        if x[i] == v:
            return i
    else:
        return -1


def else_without_break(n):
    for i in range(n):
        last = i
    else:
        last = -n
    return last


def endless(n):
    k = 0
    while True:
        k += 1
        if k > n:
            break
    else:
        k = "never"
    return k


def in_prange(out, n):
    for i in prange(len(out)):
        for k in range(n):
            if k * k > i:
                out[i] = k
                break
        else:
            out[i] = -1
    else:
        out[0] += 100
    return out.sum()


def inner_break_outer_else(n):
    hits = 0
    for i in range(n):
        for j in range(n):
            if j == i:
                break
            hits += 1
        else:
            hits += 1000
    else:
        hits += 100
    return hits


def ends_with_else_return(x, v):
    i = 0
    while i < len(x):
        if x[i] == v:
            break
        i += 1
    else:
        return -1.0
    return i * 1.0


def arrays(x, n):
    y = np.zeros(2)
    for i in range(len(x)):
        y = x * i
        if i == n:
            z = y + 1
            break
    else:
        z = np.ones(3)
    return y, z
