"""Ranks and axes of extent 1 that broadcast as the types of the arguments say."""

# call: add(uniform((3, 4)), uniform(4))
# call: add(uniform(4), uniform((3, 4)))
# call: add(uniform((3, 1)), uniform((3, 4)))
# call: add(uniform((3, 4)), uniform((1, 4)))
# call: add(uniform((3, 1)), uniform((1, 4)))
# call: add(uniform((1, 1)), uniform((3, 4)))
# call: add(uniform(1), uniform(7))
# call: add(uniform(7), uniform(1))
# call: add(uniform((2, 3, 4)), uniform((3, 4)))
# call: add(uniform((2, 1, 4)), uniform((3, 1)))
# call: add(uniform((2, 3, 4)), uniform((1, 1, 1)))
# call: add(uniform((2, 3, 2, 3)), uniform((3, 1, 3)))
# call: add(i8(uniform((3, 1)) * 100), f32(uniform((1, 4))))
# call: add(full((), 2.0), uniform((2, 2)))
# call: add(uniform((0, 3)), uniform(3))
# call: add(uniform((3, 1)), uniform((1, 0)))
# call: add(uniform(1), uniform(0))
# call: in_place(uniform((3, 4)), uniform(4))
# call: in_place(uniform((3, 4)), uniform((3, 1)))
# call: in_place(uniform((3, 4)), uniform(1))
# call: chosen(uniform((3, 1)), uniform((1, 4)))
# call: three(uniform((3, 1)), uniform((1, 4)), uniform((2, 1, 1)))
# call: expression(uniform((5, 1)), uniform((1, 5)))
# call: shared_shape(uniform((3, 4)), uniform((3, 1)))


def add(x, y):
    return x + y


def in_place(x, y):
    x += y
    x[:] = y * x


def chosen(x, y):
    return np.where(x > y, x, y), np.maximum(x, y), x < y


def three(x, y, z):
    return x * y + z


def expression(x, y):
    return np.sqrt((x - y) * (x - y) + 1.0)


def shared_shape(x, y):
    z = x * y
    return z.shape[0] * z.shape[1], z + y
