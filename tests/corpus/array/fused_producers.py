"""Several operations that become one, and then part of the loop that consumes their elements."""

# call: product_of_new(9)
# call: product_of_new(0)
# call: product_of_chain(linspace(0.5, 1.5, 17))
# call: product_of_chain(zeros(0))
# call: rows(uniform((5, 4)))


def product_of_new(n):
    return np.prod(np.abs(np.ones(n)) + 1.0)


def product_of_chain(x):
    y = np.abs(x - 1.0)
    z = y * 2.0 + 0.5
    return np.prod(z - x)


def rows(x):
    y = x * 2.0
    z = np.sqrt(y) + 1.0
    return np.sum(np.floor(z * 8.0), axis=0)
