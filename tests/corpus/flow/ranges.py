"""`range` with every kind of step and bound; the loop variable keeps its last value."""

# call: one(5)
# call: one(0)
# call: one(-3)
# call: two(2, 6)
# call: two(6, 2)
# call: three(0, 10, 3)
# call: three(0, 9, 3)
# call: three(10, 0, -3)
# call: three(9, 0, -3)
# call: three(0, 10, -1)
# call: three(10, 0, 1)
# call: three(-5, 5, 2)
# call: three(0, 10, 0)
# call: three(0, 9223372036854775807, 4611686018427387904)
# call: three(9223372036854775800, 9223372036854775807, 3)
# call: three(-9223372036854775800, -9223372036854775807, -3)
# call: three(-9223372036854775807, 9223372036854775807, 9223372036854775807)
# call: three(9223372036854775807, -9223372036854775807, -9223372036854775807)
# call: backwards(6)
# call: backwards(0)
# call: down_by_two(9)
# call: typed_bounds(i8(3), u16(7))
# call: reassigned(5)
# call: bound_changes(4)
# call: triangle(6)
# call: last(4)
# call: last_nested(3)
# call: early(10)
# call: uses_variable_before(3)
# call: sums_to(f32(0.1), 7)


def one(n):
    total = 0
    for i in range(n):
        total = total * 10 + i
    return total


def two(a, b):
    total = 0
    for i in range(a, b):
        total = total * 10 + i
    return total


def three(a, b, step):
    count = 0
    first = 0
    latest = 0
    for i in range(a, b, step):
        if count == 0:
            first = i
        latest = i
        count += 1
    return count, first, latest


def backwards(n):
    total = 0
    for i in range(n - 1, -1, -1):
        total = total * 10 + i
    return total


def down_by_two(n):
    total = 0
    for i in range(n, 0, -2):
        total = total * 10 + i
    return total


def typed_bounds(a, b):
    total = 0
    for i in range(a, b):
        total += i
    return total


def reassigned(n):
    total = 0
    for i in range(n):
        i = i * 2
        total += i
    return total, i


def bound_changes(n):
    count = 0
    for i in range(n):
        n = n + 10
        count += 1
    return count, n


def triangle(n):
    count = 0
    for i in range(n):
        for j in range(i):
            for k in range(j, i, 2):
                count += i * j + k
    return count


def last(n):
    i = -1
    for i in range(n):
        pass
    return i


def last_nested(n):
    for i in range(n):
        for j in range(i + 1):
            pass
    return i, j


def early(n):
    for i in range(n):
        if i * i > 20:
            break
    return i


def uses_variable_before(n):
    i = 100
    total = 0
    for i in range(i, i + n):
        total += i
    return total, i


def sums_to(x, n):
    total = x
    for i in range(n):
        total = total + i * x
    return total
