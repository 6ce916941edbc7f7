"""A local that the path taken leaves unbound is a fault, as in CPython."""

# call: sometimes(1)
# call: sometimes(0)
# call: loop_variable(3)
# call: loop_variable(0)
# call: inside_loop(4)
# call: inside_loop(1)
# call: after_while(2)
# call: after_while(0)
# call: array(1)
# call: array(0)
# call: not_reached(0)
# call: late(3)
# call: both_ways(3)
# call: both_ways(-3)


def sometimes(n):
    if n > 0:
        value = n * 2
    return value


def loop_variable(n):
    for i in range(n):
        pass
    return i


def inside_loop(n):
    total = 0
    for i in range(n):
        if i > 1:
            total += previous
        if i > 0:
            previous = i
    return total + previous


def after_while(n):
    while n > 0:
        seen = n
        n -= 1
    return seen


def array(n):
    if n > 0:
        x = np.zeros(3)
    return x.sum()


def not_reached(n):
    if n > 0:
        value = 1
    if n > 0:
        return value
    return 7


def late(n):
    for i in range(n):
        if i > 0:
            total = total + i
        else:
            total = 0
    return total


def both_ways(n):
    if n > 0:
        a = 1
    else:
        b = 2
    if n > 0:
        return a
    return b
