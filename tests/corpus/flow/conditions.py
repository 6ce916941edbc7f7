"""`if`, `elif`, `else`, several returns, nothing returned."""

# call: grade(95)
# call: grade(85)
# call: grade(10)
# call: sign(-2.5)
# call: sign(0.0)
# call: sign(f64(np.nan))
# call: early_return(arange(8), 5)
# call: early_return(arange(8), 50)
# call: from_nested(4, 10)
# call: from_nested(4, 100)
# call: endless_with_return(10)
# call: maybe(3)
# call: nothing(3)
# call: only_pass()
# call: bare_return(zeros(3), 1)
# call: bare_return(zeros(3), 0)
# call: literal_condition(3)
# call: number_conditions(0, 2.5)
# call: number_conditions(i8(4), 0.0)


def grade(points):
    if points > 90:
        return 1
    elif points > 80:
        return 2
    elif points > 70:
        return 3
    else:
        return 6


def sign(x):
    if x > 0:
        return 1
    if x < 0:
        return -1
    return 0


def early_return(x, wanted):
    for i in range(len(x)):
        if x[i] == wanted:
            return i
    return -1


def from_nested(n, wanted):
    for i in range(n):
        for j in range(n):
            if i * 10 + j == wanted:
                return i, j
    return -1, -1


def maybe(n):
    result = 0
    if n > 2:
        if n < 5:
            result = n * n
        else:
            result = -1
    return result


def nothing(n):
    m = n + 1


def only_pass():
    pass


def bare_return(x, n):
    if n == 0:
        return
    x[n] = 1.0


def literal_condition(n):
    if True:
        n += 1
    if False:
        n += 100
    if 0:
        n += 1000
    return n


def number_conditions(a, b):
    result = 0
    if a:
        result += 1
    if b:
        result += 2
    if not b:
        result += 4
    return result


def endless_with_return(n):
    while True:
        n -= 3
        if n < 0:
            return n
