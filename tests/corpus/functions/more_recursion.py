"""Recursion whose result types are found in rounds: cycles of three, results through branches, procedures that call back."""

# call: first(7)
# call: widening(5)
# call: count_down(zeros(8), 8)
# call: tree_depth(13)
# call: hofstadter(12)
# call: via_helper(6)
# call: quicksort(uniform(25), 0, 24)


def first(n):
    if n <= 0:
        return 0
    return second(n - 1) + 1


def second(n):
    return third(n) + 10


def third(n):
    if n % 5 == 4:
        return 1000
    return first(n - 1)


def widening(n):
    if n == 0:
        return 0.5
    return 1 + widening(n - 1)


def count_down(x, n):
    if n > 0:
        x[n - 1] += n
        count_up(x, n)


def count_up(x, n):
    x[n - 1] *= 2
    count_down(x, n - 1)


def tree_depth(n):
    return 0 if n < 2 else 1 + max(tree_depth(n // 2), tree_depth(n - n // 2 - 1))


def hofstadter(n):
    return 1 if n == 0 else n - male(hofstadter(n - 1))


def male(n):
    return 0 if n == 0 else n - hofstadter(male(n - 1))


def helper(n, value):
    return value * via_helper(n)


def via_helper(n):
    if n < 2:
        return 1
    return helper(n - 2, n)


def quicksort(x, low, high):
    if low >= high:
        return
    pivot = x[(low + high) // 2]
    i = low
    j = high
    while i <= j:
        while x[i] < pivot:
            i += 1
        while x[j] > pivot:
            j -= 1
        if i <= j:
            x[i], x[j] = x[j], x[i]
            i += 1
            j -= 1
    quicksort(x, low, j)
    quicksort(x, i, high)
