"""How many loops and checks are left of code with views."""
# call: stencil(uniform(9))
# loops: stencil 1
# checks: stencil 0
# call: stencil_in_place(uniform(9))
# loops: stencil_in_place 2
# checks: stencil_in_place 0
# call: laplace(uniform((5, 7)))
# loops: laplace 1
# checks: laplace 0
# call: rows(uniform((4, 5)), uniform((4, 5)))
# checks: rows 0
# call: named_rows(uniform((4, 5)), uniform((4, 5)))
# checks: named_rows 0
# call: windows(uniform(12), 3)
# checks: windows 0
# call: reversed_sum(uniform(9))
# loops: reversed_sum 1
# call: transposed(uniform((4, 5)), uniform((5, 4)))
# loops: transposed 1
# call: twice(uniform(9))
# loops: twice 1
# call: row_update(uniform((4, 5)))
# loops: row_update 2
# call: gradient(uniform(9))
# loops: gradient 1
# call: two_outputs(uniform(9))
# loops: two_outputs 1
# call: shifted_chain(uniform(9))
# loops: shifted_chain 1


def stencil(x):
    y = np.empty_like(x)
    y[1:-1] = (x[:-2] + x[2:]) * 0.5
    return y


def stencil_in_place(x):
    x[1:-1] = (x[:-2] + x[2:]) * 0.5


def laplace(u):
    v = np.empty_like(u)
    v[1:-1, 1:-1] = 0.25 * (u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:])
    return v


def rows(x, y):
    for i in prange(len(x)):
        y[i] = x[i] * 2.0
        y[i, 1:] += x[i, :-1]


def named_rows(x, y):
    for i in prange(len(x)):
        source, target = x[i], y[i]
        for j in range(1, len(source)):
            target[j] = source[j] - source[j - 1]


def windows(x, k):
    y = np.zeros(len(x))
    for i in prange(len(x)):
        y[i] = x[i : i + k].sum()
    return y


def reversed_sum(x):
    return np.sum(x[::-1] * x)


def transposed(x, y):
    y[:] = x.T * 2.0


def twice(x):
    y = x[1:-1] * 3.0
    y += x[2:]
    y *= x[:-2]
    return y


def row_update(x):
    for i in range(len(x)):
        x[i] = x[i] * 2.0 + 1.0


def gradient(x):
    d = x[1:] - x[:-1]
    return np.sum(d * d)


def two_outputs(x):
    y, z = np.empty_like(x), np.empty_like(x)
    y[1:] = x[1:] - x[:-1]
    z[1:] = x[1:] + x[:-1]
    y[1:] *= z[1:]
    return y, z


def shifted_chain(x):
    a = x[1:] * 2.0
    b = a + x[:-1]
    return b[:] * 0.5
