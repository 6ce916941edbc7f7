"""Unpacking, chains, swaps and augmented assignment of scalars."""

# call: swap(1, 2)
# call: rotate(1, 2, 3)
# call: chain(5)
# call: nested_unpacking(3)
# call: order(arange(4))
# call: augmented(7)
# call: augmented(i8(7))
# call: augmented_floats(7.0)
# call: augmented_floats(f32(7.0))
# call: swap_elements(arange(5), 1, 3)
# call: from_tuple(3)
# call: from_function(17, 5)
# call: shape_of(zeros((3, 4)))
# call: shape_of(i8(ones((2, 5))))
# call: index_changes(arange(4), 0)


def swap(a, b):
    a, b = b, a
    return a, b


def rotate(a, b, c):
    a, b, c = c, a, b
    (a, b), c = (b, a), c + 1
    return a, b, c


def chain(n):
    a = b = n + 1
    b += 1
    return a, b


def nested_unpacking(n):
    (a, b), (c, d) = (n, n + 1), (n + 2, n + 3)
    [e, f] = a * b, c * d
    return a, b, c, d, e, f


def order(x):
    i = 0
    i, x[i] = 2, 100
    return i, x[0], x[2]


def augmented(n):
    n += 3
    n -= 1
    n *= 4
    n //= 5
    n %= 7
    n <<= 3
    n >>= 1
    n |= 1
    n &= 13
    n ^= 6
    return n


def augmented_floats(x):
    x += 3
    x -= 0.5
    x *= 4
    x /= 3
    x //= 0.25
    x %= 7
    x **= 2
    return x


def swap_elements(x, i, j):
    x[i], x[j] = x[j], x[i]


def from_tuple(n):
    pair = (n, 2 * n)
    a, b = pair
    return a + b


def divided(a, b):
    return a // b, a % b


def from_function(a, b):
    quotient, rest = divided(a, b)
    return rest, quotient


def shape_of(x):
    rows, columns = x.shape
    return rows * 10 + columns, x.size, x.ndim, len(x)


def index_changes(x, i):
    x[i] = 5
    i += 1
    x[i] += 5
    i += 1
    x[-i] *= 10
    return i
