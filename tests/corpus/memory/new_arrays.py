"""What an operator or function returns is a new array, also where it has nothing to compute; casts excepted."""

# call: plus(zeros(9))
# call: plus(zeros(4, i16))
# call: power_of_one(ones(9))
# call: cast_is_the_array(ones(9))
# call: cast_is_the_array(full((2, 3), f64(2.5)))
# call: short_cast_is_the_array(full(5, i16(2)))
# call: floor_of_ints(arange(7))
# call: rounded_ints(full(5, u8(3)))
# call: in_a_loop(zeros(4))
# call: of_a_call(arange(5) * 0.5)
# call: copies(arange(5) * 0.5, True)
# call: copies(arange(5) * 0.5, False)


def plus(x):
    y = +x
    y[-1] = 7
    return x, y


def power_of_one(x):
    y = x ** 1
    y[0] = 7.0
    z = x ** 1.0
    z[1] = 8.0
    return x, y, z


def cast_is_the_array(x):
    y = np.float64(x)
    y[...] = 3.0
    return x, y


def short_cast_is_the_array(x):
    y = i16(x)
    y[0] = 1
    return x, y


def floor_of_ints(x):
    y = np.floor(x)
    y[0] = 9
    z = np.trunc(y)
    z[1] = 8
    return x, y, z


def rounded_ints(x):
    y = np.ceil(x)
    y += 1
    return x, y


def in_a_loop(x):
    for i in range(len(x)):
        x = +x
        x[i] = 1.0
    return x


def same(x):
    return x


def of_a_call(x):
    y = +same(x)
    z = np.float64(same(x))
    y[0] = 5.0
    z[1] = 6.0
    return x, y, z


def copies(x, c):
    y = np.copy(same(x))
    z = (x if c else y).copy()
    w = (y if c else x).astype(np.float64)
    y[0] = 5.0
    z[1] = 6.0
    w[2] = 7.0
    return x, y, z, w


# call: stored_twice(np.ones(1, np.float32), np.ones(1))
# call: stored_twice(np.ones(3, np.float32), np.ones(3))


def stored_twice(x, y):
    """The store of an element, then a loop that stores it too and sums something else."""
    for _ in range(len(x)):
        x[0] = 1
        x -= np.full(len(x), np.uint32(1))
        y = np.dot(y, np.ones((len(x), len(x))))
    return x, y
