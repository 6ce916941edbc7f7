"""Reading and writing elements of arrays of rank 0 to 4, with negative indices, constants and variables."""

# call: rank0(full((), 2.5))
# call: rank1(arange(7))
# call: rank2(uniform((3, 5)))
# call: rank3(f32(uniform((2, 3, 4))))
# call: rank4(u8(uniform((2, 3, 2, 3)) * 255))
# call: negative(arange(9) / 2.0)
# call: write_negative(zeros((3, 4)))
# call: variable(arange(6), 2)
# call: variable(arange(6), -2)
# call: variable(arange(6), i8(-2))
# call: variable(arange(6), u8(3))
# call: indirect(arange(6) * 2, i32(5 - arange(6)))
# call: indirect(arange(6) * 2, u8(5 - arange(6)))
# call: indirect(arange(6) * 2, -1 - arange(6))
# call: tuple_index(uniform((3, 4)))
# call: converts(i8(zeros(4)), 300)
# call: converts(f32(zeros(4)), 1)
# call: converts(zeros(4), True)
# call: converts_float(i32(zeros(4)), 2.9)
# call: converts_float(u8(zeros(4)), 3.7)
# call: converts_float(zeros(4), f32(0.1))
# call: to_bool(np.zeros(3, bool))


def rank0(x):
    x[()] = x[()] * 2
    return x[()] + 1


def rank1(x):
    return x[0], x[3], x[-1], x[-7], x[len(x) - 1], x[x[2]]


def rank2(x):
    rows, columns = x.shape
    total = x[0, 0]
    for i in range(rows):
        for j in range(columns):
            total = total - x[i, j] * x[-i - 1, j - columns]
    return total, x[-1, -1], x[2, -5]


def rank3(x):
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            for k in range(x.shape[2]):
                x[i, j, k] += i * 100 + j * 10 + k
    return x[1, 2, 3], x[-1, -2, -3]


def rank4(x):
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            for k in range(x.shape[2]):
                for l in range(x.shape[3]):
                    x[i, j, k, l] = x[i, j, k, l] // 2 + 1
    return x[1, 2, 1, 2], x[-2, -3, -2, -3]


def negative(x):
    total = 0.0
    for i in range(-len(x), len(x)):
        total = total * 0.5 + x[i]
    return total


def write_negative(x):
    for i in range(1, 4):
        for j in range(1, 5):
            x[-i, -j] = 10 * i + j


def variable(x, i):
    x[i] = 50
    return x[i] + x[-1]


def indirect(x, index):
    total = 0
    for i in range(len(index)):
        total = total * 3 + x[index[i]]
    return total


def tuple_index(x):
    where = (1, 2)
    x[1, 2] = 7.0
    return x[where[0], where[1]], x[(0, -1)]


def converts(x, value):
    x[0] = value % 100
    x[1] += value % 100
    x[2] = x[0] * 2


def converts_float(x, value):
    x[0] = value
    x[-1] = -value if value < 3 else value


def to_bool(x):
    x[0] = 3
    x[1] = 0.0
    x[2] = np.nan
