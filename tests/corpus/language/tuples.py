"""Tuples as values: subscripts, slices, operators, comparisons, membership, builtins."""

# call: subscripts(3)
# call: slices(3)
# call: lengths(3)
# call: joined(2, 3.5)
# call: joined(f32(2), u8(3))
# call: repeated(2)
# call: truth(2)
# call: equality(2, 3)
# call: equality(2, 2.0)
# call: order(1, 2)
# call: order(2, 1)
# call: order(2, 2.0)
# call: nested_order(1, 2)
# call: nested_order(2, 2)
# call: lengths_in_order(1)
# call: mixed_kinds(i8(-1), u8(255))
# call: membership(2)
# call: membership(7)
# call: membership(2.5)
# call: membership(i64(2))
# call: side_effects(arange(3))
# call: chained_effects(arange(3))
# call: extremes(3, 7)
# call: extremes(7, 3)
# call: sums(3, 4)
# call: sums(u8(200), u8(100))
# call: sums(1.5, f32(0.1))
# call: sum_of_bools(1.0)
# call: sum_of_arrays(arange(5) * 1.0)
# call: any_all(0, 0.0)
# call: any_all(1, 0.0)
# call: any_all(1, np.nan)
# call: passed(2, 3.5)
# call: returned(2)
# call: merged(True)
# call: merged(False)
# call: merged_arrays(arange(4) * 1.0, 1)
# call: merged_arrays(arange(4) * 1.0, -1)
# call: in_loop(5)
# call: identity(arange(4) * 1.0)
# call: identity_through_calls(arange(4) * 1.0)
# call: swaps(1, 2.5)
# call: shapes(ones((2, 3)))
# call: nones(3)
# call: one_and_none(4)
# call: unpack_array(arange(3))
# call: unpack_swaps(arange(2))
# call: unpack_too_many(arange(3))
# call: unpack_too_many(arange(1))
# call: unpack_too_many(arange(0))
# call: chained_assignment(2)
# call: recursive((1, 2.5), 4)
# call: in_prange(zeros(6), 2.0)
# call: dropped_items(arange(3))
# call: conditions(3)
# call: chained(1, 2, 3)
# call: chained(3, 2, 1)

K = -1
PAIR = (3, (4.5, 6))


def subscripts(n):
    t = (n, 2.5, (True, n + 1), ())
    return t[0], t[-3], t[2][1], t[K], t[1 - 2 + 3][-2], PAIR[1][0], (n, 7)[1]


def slices(n):
    t = (n, 1.5, 2, 3.5, 4)
    return t[1:], t[:2], t[::2], t[::-1], t[-2:], t[3:1:-1], t[10:], t[-100:2], t[4:0:-3], t[:]


def lengths(n):
    t = (n,)
    return len(t), len(()), len((n, n)), len(t + (1, 2)), len(PAIR)


def joined(a, b):
    t = (a,) + (b, a)
    u = t + () + (t,)
    t += (1,)
    return t, u


def repeated(n):
    return (n, 2.5) * 2, 3 * (n,), (n,) * 0, -1 * (n, 1), (n,) * True, () * 5


def truth(n):
    s = 0
    if ():
        s += 1
    if (n,):
        s += 10
    if not ():
        s += 100
    while ():
        s += 1000
    return s, not (n, 1), bool(()), bool((0,)), () or (n, 1), (n,) and 5


def equality(a, b):
    return (
        (a, b) == (b, a),
        (a, b) != (b, a),
        (a,) == (a, b),
        (a, (b, a)) == (a, (b, b)),
        () == (),
        (a,) == a,
        (a, b) == None,
        None != (a,),
        (None, a) == (None, a),
    )


def order(a, b):
    return (
        (a, 1) < (b, 1),
        (a, 1) <= (b, 1),
        (a, 1) > (b, 1),
        (a, 1) >= (b, 1),
        (a, 1) < (b, 2),
        (b, a) >= (b, b),
        (a,) < (a, b),
        (a, b) <= (a,),
        () < (a,),
        () >= (),
    )


def nested_order(a, b):
    return ((a, (b, 1)), 2) < ((a, (b, 2)), 1), (a, (b,)) > (b, (a,)), (1, (a, b)) <= (1, (a, b, 0))


def lengths_in_order(a):
    return (a, 2) < (a, 2, 3), (a, 2, 3) < (a, 2), (a, 3) < (a, 2, 3)


def mixed_kinds(a, b):
    return (a, b) < (b, a), (a, b) == (b, a), (a, 2.5) > (b, True), (b, a) > (255, -2)


def membership(x):
    return x in (1, 2, 2.5), x not in (1, 2), x in (), x not in (), x in [2, x], (x, 1) in ((2, 1), 5, None), None in (x, None)


def side_effects(x):
    a = (bump(x), bump(x)) == (bump(x), bump(x))
    b = (bump(x), 1)[1]
    c = (bump(x), bump(x))[0]
    d = (bump(x),) < (bump(x),) < (bump(x),)
    return a, b, c, d, x


def chained_effects(x):
    a = bump(x) in (bump(x), bump(x), 3)
    b = ((bump(x),) + (bump(x),)) * 2
    c = (bump(x),) * 0
    d = bool((bump(x),))
    e = (bump(x), 2) is None
    return a, b, c, d, e, x


def bump(x):
    x[0] += 1
    return x[0]


def extremes(a, b):
    t = (a, b, 5)
    return min(t), max(t), min((b,)), max([a, b]), max(t[:2]), min(t + (1,))


def sums(a, b):
    return sum((a, b)), sum((a, b, a), b), sum((a, b), start=a), sum([a, a, a]), sum(())


def sum_of_bools(x):
    return sum((True, False, True)), sum((x > 0, x > 5)), sum((x == 1,), 2.5)


def sum_of_arrays(x):
    return sum((x, x * 2, x + 1))


def any_all(a, b):
    return any((a, b)), all((a, b)), any(()), all(()), any([a]), all((a, 1, (b,)))


def passed(a, b):
    return total((a, (b, a))) + total(((1, 2)[0], (a, b)))


def total(t):
    a, (b, c) = t
    return a + b * c


def returned(n):
    a, (b, c) = made(n)
    t = made(n)
    return a, b, c, t[1][0], made(n)[1], t


def made(n):
    return n, (n + 0.5, True)


def merged(flag):
    if flag:
        t = (1, 2.5)
    else:
        t = (1, 3.5)
    t = t if flag else (5, t[1])
    return t


def merged_arrays(x, k):
    y = np.ones(3)
    if k > 0:
        t = (x, y)
    else:
        t = (y, x)
    t[0][0] = 50
    return x, y, t


def in_loop(n):
    t = (0, 1)
    for i in range(n):
        t = (t[1], t[0] + t[1])
    u = (0.5,)
    while u[0] < n:
        u = (u[0] * 2,)
    return t, u


def identity(x):
    t = (x, (x, 2))
    t[0][1] = 10
    t[1][0][2] = 20
    a, (b, k) = t
    b[0] = 30
    t[1][0][3] += 5
    x = np.zeros(1)
    return a, t[0], x


def identity_through_calls(x):
    y = pair_with(x)[0]
    y[0] = 7
    write((x, 1))
    for a in (x, y):
        a[3] *= 2
    return x


def pair_with(x):
    return x, 5


def write(t):
    t[0][t[1]] = 9


def swaps(a, b):
    t = (a, b)
    (a, b), c = (t[1], t[0]), t
    a, b = b, a
    [a, b] = b, a
    return a, b, c


def shapes(x):
    y = np.zeros(x.shape)
    z = np.ones((4,) + x.shape)
    w = np.zeros(x.shape[::-1])
    v = np.zeros(x.shape * 2)
    return y, z.shape, w.shape, v.shape, z.shape[1:] == x.shape


def nones(n):
    t = (None, n)
    return t[0] is None, t[1] is None, t[0] is not None, t == (None, n), n == None, None == None, None != n


def one_and_none(n):
    t = ((), ((),), (n,))
    return t, t[1] == ((),)


def unpack_array(x):
    a, b, c = x
    (d, e), f = (x[0], x[1]), x[2]
    a += 1
    return a, b, c, d, e, f, x


def unpack_swaps(x):
    x[1], x[0] = x
    a, b = u8(x)
    return a, b, x


def unpack_too_many(x):
    a, b = x
    return a + b


def chained_assignment(n):
    a = b, c = n, n + 1
    d = e = a
    return a, b, c, d, e


def recursive(t, n):
    if n == 0:
        return t
    a, b = t
    return recursive((a + n, b * 2), n - 1)


def in_prange(out, s):
    scale = (s, 2.5)
    for i in prange(len(out)):
        pair = (i, out[i])
        a, b = pair[1], pair[0]
        out[i] = a + b * scale[0] + scale[-1]
    return out


def dropped_items(x):
    (bump(x), bump(x))
    a = (bump(x), 3)[1]
    b = (bump(x), (bump(x), 4))[1][1]
    return a, b, x


def conditions(n):
    t = (1, 2) if n > 2 else (3, 4)
    u = t and (5, 6)
    v = () or t
    return t, u, v


def chained(a, b, c):
    return (a,) < (b,) < (c,), a in (a, b) == True, a < b in (b, c), not a in (b,)
