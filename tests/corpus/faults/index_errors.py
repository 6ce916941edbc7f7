"""An index out of range is an IndexError at the access that Python would meet first."""

# call: at(arange(5), 5)
# call: at(arange(5), -6)
# call: at(arange(5), 4)
# call: at(arange(5), -5)
# call: at(arange(5), 9223372036854775807)
# call: at(arange(5), -9223372036854775807)
# call: at(zeros(0), 0)
# call: at(arange(5), u8(255))
# call: write(arange(5), 5)
# call: matrix(zeros((3, 4)), 3, 0)
# call: matrix(zeros((3, 4)), 0, 4)
# call: matrix(zeros((3, 4)), -4, 0)
# call: matrix(zeros((3, 4)), -3, -4)
# call: matrix(zeros((3, 0)), 0, 0)
# call: one_too_far(zeros(10))
# call: one_too_far(zeros(0))
# call: downwards(zeros(10))
# call: offset(zeros(10), 1)
# call: offset(zeros(10), 0)
# call: offset(zeros(10), -10)
# call: offset(zeros(10), -11)
# call: indirect(arange(5), i32(arange(7)))
# call: shorter(arange(9), arange(8))
# call: shorter(arange(8), arange(9))
# call: nested(zeros((4, 5)))
# call: conditional(zeros(4), 3)
# call: conditional(zeros(4), 4)
# call: before_division(zeros(4), 0)
# call: in_while(zeros(4))
# call: in_call(zeros(4))
# call: never_reached(zeros(0))


def at(x, i):
    return x[i]


def write(x, i):
    x[i] = 1


def matrix(x, i, j):
    return x[i, j]


def one_too_far(x):
    total = 0.0
    for i in range(len(x) + 1):
        total += x[i]
    return total


def downwards(x):
    for i in range(len(x), -1, -1):
        x[i] = i


def offset(x, k):
    for i in range(len(x)):
        x[i + k] += 1.0


def indirect(x, index):
    total = 0
    for i in range(len(index)):
        total += x[index[i]]
    return total


def shorter(x, y):
    for i in range(len(x)):
        x[i] += y[i]


def nested(x):
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            x[j, i] = 1.0


def conditional(x, n):
    for i in range(10):
        if i > n:
            x[i] = 1.0
        if i == 2 and n == 3:
            return i
    return -1


def before_division(x, n):
    return x[4] + 1 // n


def in_while(x):
    i = 0
    while x[i] == 0.0:
        i += 1
    return i


def element(x, i):
    return x[i]


def in_call(x):
    total = 0.0
    for i in range(6):
        total += element(x, i)
    return total


def never_reached(x):
    for i in range(len(x)):
        x[i + 1] = 1.0
    return len(x)
