"""Locals whose type widens where paths or iterations meet; every path gives the joined type already in CPython."""

# call: widened(f32(arange(6)))
# call: widened(i8(arange(6)))
# call: int_then_float(4)
# call: in_both(True, f32(2.5))
# call: in_both(False, f32(2.5))
# call: float_in_both(True)
# call: float_in_both(False)
# call: through_loops(f32(arange(4)))
# call: swapped_types(3)
# call: rebound(2)
# call: shadowed(i8(5))
# call: array_or_array(True, arange(4) / 2.0, zeros(4))
# call: array_or_array(False, arange(4) / 2.0, zeros(4))
# call: rebound_array(arange(5))
# call: fibonacci(20)


def widened(x):
    total = 0
    for i in range(len(x)):
        total = total + x[i]
        if total > 5:
            total = total - 1
    return total


def int_then_float(n):
    value = 1
    for _ in range(n):
        value = value * 1.5
    return value


def in_both(which, x):
    if which:
        y = x * 2
    else:
        y = x + 1
    return y


def float_in_both(which):
    if which:
        y = 1.5
    else:
        y = 2.0
    return y * f32(2)


def through_loops(x):
    a = 0
    b = 0
    for i in range(len(x)):
        a = b + x[i]
        b = a * 2
    return a, b


def swapped_types(n):
    a = 1.0
    b = 2.0
    for _ in range(n):
        a, b = b, a + b
    return a, b


def rebound(n):
    x = n
    x = x + 0.5
    x = x * f32(2)
    return x


def shadowed(x):
    y = x
    x = y * 2.5
    return x, y


def array_or_array(which, a, b):
    if which:
        c = a
    else:
        c = b
    return c + 1


def rebound_array(x):
    x = x * 2
    x = x + 0.5
    x = x.sum()
    return x


def fibonacci(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a
