"""What fuses with what: across statements, into reductions, not across what another statement still needs."""

# loops: polynomial_of_five 1
# loops: into_reduction 1
# loops: two_reductions 1
# loops: siblings 1
# call: polynomial_of_five(uniform(40), normal(40), 2.0)
# call: into_reduction(uniform(1000), normal(1000))
# call: two_reductions(uniform(300))
# call: siblings(uniform(50))
# call: reread(uniform(33))
# call: between(uniform(33), 5)
# call: partly_used(uniform(20))
# call: with_loop(uniform(20))
# call: in_branch(uniform(20), True)
# call: in_branch(uniform(20), False)
# call: in_loop(uniform(20), 4)
# call: matrix(uniform((5, 7)), uniform(7))
# call: normalised(uniform(129))
# call: normalised(f32(uniform(129)))
# call: standardised(normal(1000))
# call: softplus_like(normal(64))
# call: faulting_producer(uniform(5), uniform(5), 7)


def polynomial_of_five(x, y, a):
    return a * x * x + y - x / a


def into_reduction(x, y):
    d = x - y
    return (d * d).sum()


def two_reductions(x):
    y = x * 2
    return y.sum(), y.max()


def siblings(x):
    return x + 1, x * 2, x - 3


def reread(x):
    y = x + 1
    x[0] = 100
    z = x + y
    return z, y


def between(x, i):
    y = x * 2
    y[i] = -1
    z = y + 1
    return z, x[i]


def partly_used(x):
    y = x * 2
    z = y + x
    return y[3], z[4]


def with_loop(x):
    y = x * 2
    total = 0.0
    for i in range(len(y)):
        total += y[i] * i
    return total


def in_branch(x, flag):
    y = x * 2
    if flag:
        y = y + 1
    return y - x


def in_loop(x, n):
    for _ in range(n):
        y = x * 0.5 + 1
        x = y - x
    return x


def matrix(a, x):
    b = a * x
    c = b + a
    return c.sum(), (b - c).max()


def normalised(x):
    return x / x.sum()


def standardised(x):
    d = x - x.mean()
    return d / np.sqrt((d * d).mean())


def softplus_like(x):
    return np.maximum(x, 0.0) + np.where(x > 0, 1.0, x * x)


def faulting_producer(x, y, i):
    z = x + y
    w = z[i]
    return w * z
