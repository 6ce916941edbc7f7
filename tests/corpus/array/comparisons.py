"""Comparisons of arrays give bool arrays; `np.where` and logical operators use them."""

# call: six(uniform(9), normal(9))
# call: six(f32(uniform(17)), 0.5)
# call: six(arange(9), 4)
# call: six(full(3, np.nan), ones(3))
# call: six(u8(arange(9)), 4)
# call: six(arange(5), f32(2.0))
# call: bools(arange(9) > 3, arange(9) < 6)
# call: chosen(normal(19))
# call: chosen(f32(normal(19)))
# call: chosen(i16(arange(19) - 9))
# call: clipped(normal(130))
# call: counted(normal(130))
# call: mixed_where(arange(5), uniform(5))
# call: mixed_where(i8(arange(5)), u8(arange(5)))
# call: from_scalar(True, arange(4))
# call: tests(full(3, np.nan))
# call: tests(normal(9) / 0.0)
# call: tests(f32(arange(4)))


def six(x, y):
    return x < y, x <= y, x > y, x >= y, x == y, x != y


def bools(a, b):
    return a & b, a | b, a ^ b, ~a, a + b, a * b


def chosen(x):
    return np.where(x > 0, x, -x), np.where(x > 1, 1, 0), np.where(x < 0, 0.0, x)


def clipped(x):
    return np.minimum(np.maximum(x, -0.5), 0.5)


def counted(x):
    return (x > 0).sum(), (x > 100).sum(), np.sum((x > 0) & (x < 1))


def mixed_where(x, y):
    return np.where(x > 2, x, y)


def from_scalar(condition, x):
    return np.where(condition, x, 0)


def tests(x):
    return np.isnan(x), np.isinf(x), np.isfinite(x), np.signbit(x)
