"""In-place operators and `x[:] = …`: they keep the dtype and write into the argument."""

# loops: chain 1
# call: operators(uniform(9) + 1, normal(9))
# call: operators(f32(uniform(9)) + f32(1), f32(normal(9)))
# call: operators(f32(uniform(9)) + f32(1), normal(9))
# call: operators(uniform((3, 5)), 2.5)
# call: operators(uniform((3, 5)), normal(5))
# call: integers(i8(arange(9) * 10), i8(arange(9) + 1))
# call: integers(arange(9) * 10, 3)
# call: integers(u16(arange(9) * 1000), u8(arange(9) + 1))
# call: integers(i32(arange(9)), True)
# call: bits(i16(arange(9) * 100), i16(7))
# call: shifted(u8(arange(9) * 20), 3)
# call: set_all(zeros(9), arange(9))
# call: set_all(i8(zeros(9)), arange(9) * 100)
# call: set_all(i32(zeros(4)), normal(4) * 10)
# call: set_all(f32(zeros(4)), uniform(4))
# call: set_all(zeros((3, 4)), arange(4))
# call: set_all(zeros(4), 2.5)
# call: set_all(i16(zeros(4)), 7)
# call: set_all(np.zeros(4, bool), arange(4))
# call: ellipsis(zeros((3, 4)), 1.5)
# call: chain(uniform(33), normal(33))
# call: of_itself(arange(9) / 2.0)
# call: of_elements(arange(9) / 2.0)
# call: local(uniform(5))
# call: bools(arange(9) > 3, arange(9) < 6)


def operators(x, y):
    x += y
    x -= 0.25
    x *= y
    x /= 3


def integers(x, y):
    x += y
    x *= 3
    x -= y
    x //= 2
    x %= 5


def bits(x, y):
    x &= y
    x |= 8
    x ^= y


def shifted(x, n):
    x <<= 1
    x >>= n


def set_all(x, value):
    x[:] = value


def ellipsis(x, value):
    x[...] = value


def chain(x, y):
    x += y
    x *= 2.0
    x -= y


def of_itself(x):
    x += x
    x *= x
    x[:] = x - 1
    return x.sum()


def of_elements(x):
    x += x[2]
    return x[2]


def local(x):
    y = x * 2
    y += x
    y -= 1
    return y


def bools(a, b):
    a &= b
    b |= a
    a ^= b
