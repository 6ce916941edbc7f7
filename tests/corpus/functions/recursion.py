"""Recursive functions, also mutual, with scalars and arrays."""

# call: factorial(10)
# call: fibonacci(15)
# call: ackermann(2, 3)
# call: even(10)
# call: even(7)
# call: sum_of(arange(20) / 2.0, 0, 20)
# call: power(2.5, 10)
# call: hanoi(6)
# call: fill(zeros(6), 0)
# call: gcd(i64(48), i64(36))
# call: depth(500)
# call: split_sum(arange(33), 0, 33)


def factorial(n: int) -> int:
    if n <= 1:
        return 1
    return n * factorial(n - 1)


def fibonacci(n):
    if n < 2:
        return n
    return fibonacci(n - 1) + fibonacci(n - 2)


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def even(n):
    if n == 0:
        return True
    return odd(n - 1)


def odd(n):
    if n == 0:
        return False
    return even(n - 1)


def sum_of(x, start, stop):
    if stop - start == 1:
        return x[start]
    middle = (start + stop) // 2
    return sum_of(x, start, middle) + sum_of(x, middle, stop)


def power(x, n):
    if n == 0:
        return 1.0
    half = power(x, n // 2)
    if n % 2 == 0:
        return half * half
    return half * half * x


def hanoi(n):
    if n == 0:
        return 0
    return 2 * hanoi(n - 1) + 1


def fill(x, i):
    if i < len(x):
        x[i] = i * i
        fill(x, i + 1)


def gcd(a, b):
    return a if b == 0 else gcd(b, a % b)


def depth(n):
    if n == 0:
        return 0
    return 1 + depth(n - 1)


def split_sum(x, start, stop):
    total = 0
    if stop - start < 4:
        for i in range(start, stop):
            total += x[i]
        return total
    for part in range(2):
        middle = (start + stop) // 2
        if part == 0:
            total += split_sum(x, start, middle)
        else:
            total += split_sum(x, middle, stop)
    return total
