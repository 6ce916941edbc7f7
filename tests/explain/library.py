"""Functions of the library with loops of their own, and some without: where they are called, what became of them."""

# call: divisors(arange(10), arange(10))
# call: roots(np.arange(9))
# call: factorials(5)
# call: chosen(9, 4)
# call: arranged(9, 4)
# call: mathematics(linspace(0.1, 0.9, 20))
# call: powers(linspace(0.1, 0.9, 20), 1.5)
# call: one(0.5)
# call: diagonal(uniform((5, 4)))
# call: repeated(linspace(0, 1, 5), 3)
# call: tiled(linspace(0, 1, 5), 3)


def divisors(x, y):
    return np.gcd(x, y)


def roots(x):
    out = np.empty_like(x)
    for i in prange(len(x)):
        out[i] = math.isqrt(x[i])
    return out


def factorials(n):
    return math.factorial(n)


def chosen(n, k):
    return math.comb(n, k)


def arranged(n, k):
    return math.perm(n, k)


def mathematics(x):
    return np.exp(x) + np.log(x) + np.sin(x) + np.tanh(x)


def powers(x, y):
    return x**y


def one(x):
    return math.exp(x)


def diagonal(x):
    return np.diag(x)


def repeated(x, n):
    return np.repeat(x, n)


def tiled(x, n):
    return np.tile(x, n)
