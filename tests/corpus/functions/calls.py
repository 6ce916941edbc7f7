"""Functions that call functions: defaults, keywords, several results, arrays, specialisation per type."""

# call: defaults(2)
# call: defaults(2, 3)
# call: defaults(2, offset=5)
# call: defaults(offset=5, x=1)
# call: defaults(x=f32(2))
# call: inner_keywords(4)
# call: several(17)
# call: composed(f32(0.5))
# call: composed(3)
# call: writes(zeros(5), 3)
# call: helper_chain(arange(6) / 2.0)
# call: of_types(i8(3), 2.5)
# call: returns_none(zeros(2))
# call: in_condition(arange(6))
# call: in_loops(4)
# call: docstrings(3)


def defaults(x, scale=2, offset=0.5):
    return x * scale + offset


def inner_keywords(n):
    return defaults(n), defaults(n, 3), defaults(n, offset=1), defaults(offset=n, x=n, scale=n)


def divmod_of(a, b):
    return a // b, a % b


def several(n):
    q, r = divmod_of(n, 5)
    both = divmod_of(n, 3)
    return q, r, both[0], both[1]


def square(x):
    return x * x


def composed(x):
    return square(square(x) + 1) - square(2)


def put(x, i, value):
    x[i] = value


def writes(x, n):
    for i in range(n):
        put(x, i, i * i)


def total(x):
    result = 0.0
    for i in range(len(x)):
        result += x[i]
    return result


def scaled(x, factor):
    return x * factor


def helper_chain(x):
    return total(scaled(x, 2)) + total(scaled(scaled(x, 3), 0.5))


def of_types(a, b):
    return square(a), square(b), square(a + b), square(True)


def returns_none(x):
    put(x, 0, 1)
    put(x, 1, 2)


def is_even(n):
    return n % 2 == 0


def in_condition(x):
    count = 0
    for i in range(len(x)):
        if is_even(x[i]) and not is_even(i // 2):
            count += 1
    return count


def in_loops(n):
    result = 0
    for i in range(square(n) - 3):
        result += square(i)
    return result


def docstrings(n):
    """Nothing but text before the code."""
    "and more text"
    return n
