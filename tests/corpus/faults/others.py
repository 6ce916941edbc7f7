"""Integer division by zero, `assert`, `raise`, bad steps, shapes that do not match, endless recursion."""

# call: divide(1, 0)
# call: modulo(1, 0)
# call: divide_each(arange(4))
# call: check(3)
# call: check(-3)
# call: check_each(arange(5))
# call: always(1)
# call: with_message(-1)
# call: with_message(1)
# call: raises(0)
# call: raises(1)
# call: raises(2)
# call: raises(3)
# call: raises(4)
# call: raises(5)
# call: step_of_zero(0)
# call: add(ones(3), ones(4))
# call: add(ones((3, 4)), ones(3))
# call: add(ones((3, 4)), ones((4, 3)))
# call: in_place(ones(3), ones(4))
# call: assign(ones(3), ones(4))
# call: endless(1)
# call: negative_shape(-1)
# call: empty_minimum(zeros(0))
# call: order(zeros(3), 0, 5)
# call: order(zeros(3), 1, 5)
# call: order(zeros(3), 0, 2)
# call: assert_and_index(zeros(3), 4)
# call: negative_shift_is_no_fault(8, 2)


def divide(a, b):
    return a // b


def modulo(a, b):
    return a % b


def divide_each(x):
    total = 0
    for i in range(len(x)):
        total += 12 // int(x[i])
    return total


def check(n):
    assert n > 0, "n must be positive"
    return n


def check_each(x):
    for i in range(len(x)):
        assert x[i] < 3
    return 1


def always(n):
    assert False


def with_message(n):
    if n < 0:
        raise ValueError("n is negative")
    return n


def raises(kind):
    if kind == 0:
        raise ValueError
    if kind == 1:
        raise IndexError("here")
    if kind == 2:
        raise ZeroDivisionError()
    if kind == 3:
        raise RuntimeError("three")
    if kind == 4:
        raise AssertionError("four")
    return kind


def step_of_zero(step):
    total = 0
    for i in range(0, 5, step):
        total += i
    return total


def add(x, y):
    return x + y


def in_place(x, y):
    x += y


def assign(x, y):
    x[:] = y


def endless(n):
    if n < 0:
        return 0
    return endless(n + 1) + 1


def negative_shape(n):
    return np.zeros(n)


def empty_minimum(x):
    return x.min()


def order(x, n, i):
    a = x[i]
    b = 1 // n
    return a + b


def assert_and_index(x, n):
    for i in range(n):
        assert i < 3
        x[i] = 1.0


def negative_shift_is_no_fault(a, b):
    return a >> b
