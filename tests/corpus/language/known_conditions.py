"""Branches that the types decide: only the live one is typed."""

# call: weighted(arange(4) * 1.0, None)
# call: weighted(arange(4) * 1.0, ones(4))
# call: default_none(arange(4) * 1.0)
# call: fills_in(arange(4) * 1.0)
# call: nested(None, 2)
# call: nested(3, None)
# call: nested(3, 2)
# call: ternary(None)
# call: ternary(2.5)
# call: logic(None)
# call: logic(arange(3))
# call: switched(4)
# call: constant_loop(4)
# call: not_bound_otherwise(2)
# call: evaluated(arange(3))
# call: early(None)
# call: early(2.5)
# call: operands(0.0, 2.5)
# call: operands(3.0, 2.5)
# call: operands(3.0, 0.0)
# call: none_or(None, 3)
# call: while_none(None)

DEBUG = False


def weighted(x, w):
    s = 0.0
    for i in range(len(x)):
        if w is None:
            s += x[i]
        else:
            s += w[i] * x[i]
    return s


def default_none(x, w=None, k=2):
    return weighted(x, w) * k


def fills_in(x, w=None):
    if w is None:
        w = np.ones(len(x))
    return x * w


def nested(a, b):
    if a is None:
        r = b
    elif b is not None:
        r = a + b
    else:
        r = a * 1.0
    return r


def ternary(w):
    return 1 if w is None else w * 2


def logic(w):
    a = w is None or w[0] >= 0
    b = w is not None and len(w) > 2
    return a, b, not w is None


def switched(n):
    if DEBUG:
        n = n + "text"
    elif 1 > 2:
        n = undefined_name
    if True:
        k = n
    else:
        k = (1, 2)
    return k


def constant_loop(n):
    while False:
        n = n[0]
    while None:
        n = n[0]
    return n


def not_bound_otherwise(n):
    if ():
        pass
    else:
        m = n
    return m


def evaluated(x):
    r = 0
    if (touch(x), 1):
        r = 1
    if touch(x) is None:
        r += 2
    return x, r


def touch(x):
    x[0] += 1


def early(w):
    if w is None:
        return -1
    return w * 2


def operands(a, b):
    return a and b, a or b, not a, a and b and 3.0, a or 0.0 or b, (a or b) and b, a and 1.5 or b


def none_or(w, k):
    return w or k, w and k, None or k


def while_none(w):
    n = 0
    while w is None:
        n += 1
        if n > 5:
            break
    return n
