"""Loops over arrays, enumerate, zip, reversed, np.ndindex and np.ndenumerate."""

# call: elements(arange(5) * 0.5)
# call: elements(arange(0) * 0.5)
# call: elements(f32(arange(9)))
# call: elements(u8(arange(129)))
# call: strong(u8(arange(7)))
# call: modified(arange(6))
# call: rebound(arange(6) * 1.0)
# call: rebinds_target_array(arange(6))
# call: numbered(arange(5) * 2)
# call: numbered_from(arange(5) * 2, 10)
# call: start_keyword(arange(3))
# call: together(arange(5), arange(3) * 2.5)
# call: together(arange(3), arange(7) * 2.5)
# call: together(arange(0), arange(7) * 2.5)
# call: three(arange(5), i8(arange(4)), f32(arange(9)))
# call: enumerate_zip(arange(5) * 1.0, arange(6) * 2.0)
# call: zip_enumerate(arange(5) * 1.0, arange(6) * 2.0)
# call: zip_range(arange(5) * 1.0)
# call: zip_ranges(17, 3)
# call: zip_ranges(-17, -3)
# call: zip_ranges(5, 7)
# call: backwards(arange(5) * 1.5)
# call: backwards(arange(0) * 1.5)
# call: backwards_range(7)
# call: backwards_range(0)
# call: backwards_range(-3)
# call: backwards_steps(1, 20, 3)
# call: backwards_steps(20, 1, -4)
# call: backwards_steps(1, 20, -3)
# call: indices(3, 4)
# call: indices(0, 4)
# call: indices(3, 0)
# call: index_of_shape(ones((2, 3)))
# call: indices_break(4, 5)
# call: indices_else(2, 2)
# call: indices_one(5)
# call: no_axes()
# call: as_tuple(2, 3)
# call: elements_of(arange(6) * 1.0)
# call: elements_2d(ones((2, 3)))
# call: stores_into(arange(4), 0)
# call: target_elements(arange(5))
# call: nested_targets(arange(4), arange(4) * 2.0)
# call: whole_items(arange(4), arange(4) * 2.0)
# call: break_else(arange(5), 3)
# call: break_else(arange(5), 33)
# call: index_after(arange(4))
# call: same_array(arange(5))
# call: in_prange(ones((5, 4)))


def elements(x):
    s = 0.0
    for v in x:
        s += v
    return s


def strong(x):
    s = 0
    for v in x:
        s = v + 250
    return s


def modified(x):
    s = 0
    for v in x:
        x[5] = 40
        if v == 2:
            x[3] = 100
        s += v
    return s


def rebound(x):
    s = 0
    for v in x:
        x = np.ones(2)
        s += v
    return s, x


def rebinds_target_array(x):
    s = 0
    for i, x in enumerate(x):
        s += i * x
    return s


def numbered(x):
    s = 0
    for i, v in enumerate(x):
        s = s * 3 + i * v
        i = 100
    return s, i


def numbered_from(x, k):
    s = 0
    for i, v in enumerate(x, k):
        s += i * v
        k = 0
    return s


def start_keyword(x):
    s = 0
    for pair in enumerate(x, start=5):
        i, v = pair
        s = s * 10 + i + v
    return s


def together(x, y):
    s = 0.0
    n = 0
    for a, b in zip(x, y):
        s += a * b
        n += 1
    return s, n


def three(x, y, z):
    s = 0.0
    for a, b, c in zip(x, y, z):
        s = s * 2 + a * b + c
    return s


def enumerate_zip(x, y):
    s = 0.0
    for i, (a, b) in enumerate(zip(x, y), 1):
        s = s + i * a - b
    return s


def zip_enumerate(x, y):
    s = 0.0
    for (i, a), (j, b) in zip(enumerate(x), enumerate(y, 3)):
        s = s + i * a - b * j
    return s


def zip_range(x):
    s = 0.0
    for i, v in zip(range(10, 0, -3), x):
        s = s * 10 + i * v
    return s


def zip_ranges(n, step):
    s = 0
    count = 0
    for i, j in zip(range(0, n, step), range(1000000)):
        s = s * 7 + i - j
        count += 1
    return s, count


def backwards(x):
    s = 0.0
    for v in reversed(x):
        s = s * 2 + v
    for i, v in enumerate(reversed(x)):
        s += i * v
    return s


def backwards_range(n):
    s = 0
    for i in reversed(range(n)):
        s = s * 10 + i
    for i in reversed(range(2, n)):
        s = s * 10 + i
    return s


def backwards_steps(a, b, c):
    s = 0
    for i in reversed(range(a, b, c)):
        s = s * 31 + i
    for i in reversed(range(a, b, 3)):
        s = s * 31 + i
    for k, i in enumerate(reversed(range(a, b, c))):
        s = s * 31 + i * k
    return s


def indices(n, m):
    s = 0
    for i, j in np.ndindex(n, m):
        s = s * 3 + i * 10 + j
    return s


def index_of_shape(x):
    s = 0
    for i, j in np.ndindex(x.shape):
        x[i, j] = s
        s += i + j
    return s, x.sum()


def indices_break(n, m):
    s = 0
    for i, j in np.ndindex(n, m):
        if j == 3:
            continue
        if i == 2:
            break
        s += 10 * i + j
    else:
        s = -1
    return s, i, j


def indices_else(n, m):
    for i, j in np.ndindex(n, m):
        if i + j == 10:
            break
    else:
        i = 5
    return i, j


def indices_one(n):
    s = 0
    for (i,) in np.ndindex(n):
        s = s * 10 + i
    return s


def no_axes():
    n = 0
    for t in np.ndindex(()):
        n += 1 + len(t)
    for t in np.ndindex():
        n += 1 + len(t)
    return n


def as_tuple(n, m):
    s = 0
    for t in np.ndindex(n, m):
        s = s * 10 + t[0] + t[-1]
    return s, t


def elements_of(x):
    s = 0.0
    for (i,), v in np.ndenumerate(x):
        s += i * v
    return s


def elements_2d(x):
    s = 0.0
    for (i, j), v in np.ndenumerate(x):
        x[1, j] = 5.0
        s = s * 2 + i - j + v
    for t, v in np.ndenumerate(x):
        s += t[1] * v
    return s


def stores_into(x, k):
    for x[k] in range(3):
        pass
    for i, x[i] in enumerate(x):
        pass
    return x


def target_elements(x):
    for x[0], x[1] in zip(x, reversed(x)):
        x[2] += 1
    return x


def nested_targets(x, y):
    s = 0.0
    for (i, [a, b]) in enumerate(zip(x, y)):
        s += i + a * b
    return s


def whole_items(x, y):
    s = 0.0
    for t in zip(x, y, range(7)):
        s += t[0] * t[1] + t[2]
        last = t
    return s, last


def break_else(x, v):
    for i, a in enumerate(x):
        if a == v:
            break
    else:
        return -1
    return i


def index_after(x):
    for i, v in enumerate(x):
        pass
    for j, w in zip(range(5), x):
        if j == 2:
            break
    return i, v, j, w


def same_array(x):
    s = 0
    for a, b in zip(x, x):
        x[3] = 7
        s = s * 10 + a * b
    return s


def in_prange(x):
    r = np.zeros(x.shape[0])
    for i in prange(x.shape[0]):
        s = 0.0
        for j, k in zip(range(x.shape[1]), range(3)):
            if j == 2:
                break
            s += x[i, j] * k
        else:
            s = -1.0
        r[i] = s
    return r
