"""`while`, `break`, `continue`, nested; conditions with side values."""

# call: collatz(27)
# call: collatz(1)
# call: gcd(1071, 462)
# call: gcd(i32(1071), i32(462))
# call: isqrt(99)
# call: isqrt(0)
# call: first_above(arange(10) * 3, 10)
# call: first_above(arange(3), 10)
# call: skip_odd(10)
# call: skip_odd(0)
# call: nested(7)
# call: halve(1.0)
# call: never()


def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def gcd(a, b):
    while b != 0:
        a, b = b, a % b
    return a


def isqrt(n):
    root = 0
    while True:
        if (root + 1) * (root + 1) > n:
            break
        root += 1
    return root


def first_above(x, bound):
    i = 0
    while i < len(x) and x[i] <= bound:
        i += 1
    return i


def skip_odd(n):
    total = 0
    i = 0
    while i < n:
        i += 1
        if i % 2 == 1:
            continue
        total += i
    return total, i


def nested(n):
    count = 0
    i = 0
    while i < n:
        j = 0
        while True:
            j += 1
            if j > i:
                break
            if j == 3:
                continue
            count += j
        i += 1
    return count


def halve(x):
    count = 0
    while x > 0.0:
        x = x * 0.5
        count += 1
    return count


def never():
    count = 0
    while False:
        count += 1
    return count
