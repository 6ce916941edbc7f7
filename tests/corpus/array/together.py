"""New arrays, products and elementwise functions together."""

# ulp: 16
# call: into_transposed(normal((3, 3)), normal((3, 3)))
# call: into_transposed(normal((9, 9)), normal((9, 9)))
# call: by_own_row(normal((3, 3)))
# call: turned(normal(6))
# call: turned(normal(129))
# call: turned(normal(1))
# call: matrices_of_indices(4)
# call: matrices_of_indices(1)
# call: matrices_of_indices(0)
# call: chosen(normal(5), normal(5))
# call: sums_of_products(np.floor(normal(4) * 9))
# call: growing(uniform(5), 4)
# call: literals_apart(normal((3, 2)))
# call: parts(normal((2, 3)))
# call: parts(i8(arange(5)))


def into_transposed(x, y):
    np.add(x, y, out=x.T)
    return x


def by_own_row(x):
    np.multiply(x[0], x, out=x)
    return x


def turned(x):
    x[:] = np.concatenate((x[1:], x[:1]))
    np.add(x, 1, x)
    return np.stack((x, x[::-1]), axis=1)


def matrices_of_indices(n):
    a = np.eye(n)
    a[:1] = np.arange(n)
    b = np.linspace(0, 1, n)
    b.fill(2)
    return a @ b, a.T @ a, np.outer(b, b)[::2]


def chosen(x, y):
    z = np.array(x)
    z += np.dot(x, y)
    return np.where(np.logical_and(x > 0, y > 0), np.fmax(x, y), np.clip(z, -1, 1))


def sums_of_products(x):
    return np.sum(np.outer(x, x), axis=0) @ x, (x[:, None] @ x[None, :])[0], np.trace(np.diag(x))


def growing(x, n):
    s = 0.0
    for i in range(n):
        y = np.concatenate((x, np.full(i, s)))
        s = np.dot(y, y) / len(y)
    return s


def literals_apart(x):
    a, b = np.arange(3), np.arange(3)
    b[0] = 7
    x @= np.array([[1.0, 2.0], [0.0, 1.0]])
    return a, b, x


def parts(x):
    y = x.real
    y[...] = y + 1
    return x.imag, x, np.real(x), np.imag(x)
