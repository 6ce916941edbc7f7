"""Products of floats that round: the library and NumPy's add in different orders."""

# ulp: 16
# call: vectors(uniform(129), uniform(129))
# call: vectors(f32(uniform(1000)), f32(uniform(1000)))
# call: matrices(uniform((4, 33)), uniform((33, 5)))
# call: matrices(uniform((3, 200)), uniform((200, 3)))
# call: matrices(f32(uniform((8, 300))), f32(uniform((300, 7))))
# call: corner(uniform((300, 20)), uniform((20, 600)))
# call: corner(uniform((70, 40)), uniform((40, 50)))
# call: corner(f32(uniform((270, 9))), f32(uniform((9, 520))))
# call: matrices(uniform((20, 20)), uniform((20, 1)))
# call: matrices(uniform((1, 20)), uniform((20, 20)))
# call: by_vector(uniform((17, 129)), uniform(129))
# call: fused(uniform((9, 9)), uniform(9))


def vectors(x, y):
    return x @ y, np.dot(x, x)


def matrices(a, b):
    return a @ b, b.T @ a.T


def by_vector(a, x):
    return a @ x, x @ a.T


def fused(a, x):
    return (a * 2.0) @ (x + 1.0), np.sqrt(x @ x)


def corner(a, b):
    c = a @ b
    return c[-1, -5:], c[0, :5], np.sum(c)
