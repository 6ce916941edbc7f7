"""Loops with several exits, loops in branches, several returns in nested loops, variables that live across loops."""

# call: first_pair(arange(10), 13)
# call: first_pair(arange(10), 100)
# call: binary_search(arange(50) * 2, 36)
# call: binary_search(arange(50) * 2, 37)
# call: newton(2.0)
# call: newton(f32(2.0))
# call: run_lengths(i64(uniform(40) * 2))
# call: is_sorted(arange(9))
# call: is_sorted(9 - arange(9))
# call: two_phases(uniform(20))
# call: conditional_break(30, 7)
# call: conditional_break(3, 7)
# call: shared_variable(6)
# call: prime_count(60)
# call: alternating(9)
# call: deep(4)
# call: continue_in_nested(6)
# call: state_machine(i64(uniform(50) * 3))
# call: levenshtein(i64(uniform(9) * 4), i64(uniform(12) * 5))
# call: mandelbrot_point(0.3, 0.5)
# call: mandelbrot_point(-2.0, 1.5)


def first_pair(x, wanted):
    for i in range(len(x)):
        for j in range(i + 1, len(x)):
            if x[i] + x[j] == wanted:
                return i, j
            if x[i] + x[j] > wanted:
                break
    return -1, -1


def binary_search(x, wanted):
    low = 0
    high = len(x)
    while low < high:
        middle = (low + high) // 2
        if x[middle] == wanted:
            return middle
        elif x[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return -1


def newton(x):
    guess = x
    for _ in range(30):
        following = (guess + x / guess) * 0.5
        if following == guess:
            break
        guess = following
    return guess


def run_lengths(x):
    longest = 0
    current = 0
    for i in range(len(x)):
        if i > 0 and x[i] == x[i - 1]:
            current += 1
        else:
            current = 1
        if current > longest:
            longest = current
    return longest


def is_sorted(x):
    for i in range(len(x) - 1):
        if x[i] > x[i + 1]:
            return False
    return True


def two_phases(x):
    total = 0.0
    for i in range(len(x)):
        total += x[i]
    mean = total / len(x)
    spread = 0.0
    for i in range(len(x)):
        d = x[i] - mean
        spread += d * d
    return mean, spread / len(x)


def conditional_break(n, stop):
    total = 0
    for i in range(n):
        if i == stop:
            break
        if i % 2:
            continue
        total += i
    return total, i


def shared_variable(n):
    step = 1
    i = 0
    visited = 0
    while i < n * n:
        for j in range(step):
            visited += j
        i += step
        step += 1
    return visited, step, i, j


def prime_count(n):
    count = 0
    for i in range(2, n):
        prime = True
        for j in range(2, i):
            if j * j > i:
                break
            if i % j == 0:
                prime = False
                break
        if prime:
            count += 1
    return count


def alternating(n):
    sign = 1
    total = 0.0
    for i in range(n):
        total += sign / (2 * i + 1)
        sign = -sign
    return total


def deep(n):
    count = 0
    for a in range(n):
        for b in range(a, n):
            for c in range(b, n):
                for d in range(c, n, 2):
                    if (a + b + c + d) % 3 == 0:
                        continue
                    count += a * b + c * d
    return count


def continue_in_nested(n):
    total = 0
    for i in range(n):
        for j in range(n):
            if j == i:
                continue
            if j > 4:
                break
            total += 10 * i + j
        if i % 2 == 0:
            continue
        total -= 1
    return total


def state_machine(x):
    state = 0
    changes = 0
    for i in range(len(x)):
        before = state
        if state == 0:
            if x[i] == 1:
                state = 1
        elif state == 1:
            state = 2 if x[i] == 2 else 0
        else:
            if x[i] != 2:
                state = 0
        if state != before:
            changes += 1
    return state, changes


def levenshtein(a, b):
    previous = np.zeros(len(b) + 1, np.int64)
    current = np.zeros(len(b) + 1, np.int64)
    for j in range(len(b) + 1):
        previous[j] = j
    for i in range(len(a)):
        current[0] = i + 1
        for j in range(len(b)):
            cost = 0 if a[i] == b[j] else 1
            current[j + 1] = min(previous[j] + cost, previous[j + 1] + 1, current[j] + 1)
        previous, current = current, previous
    return previous[len(b)]


def mandelbrot_point(re, im):
    x = 0.0
    y = 0.0
    n = 0
    while n < 100 and x * x + y * y < 4.0:
        x, y = x * x - y * y + re, 2 * x * y + im
        n += 1
    return n, x, y
