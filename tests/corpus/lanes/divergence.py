"""Bodies whose iterations part: lanes leave loops at different times, skip, take other arms, one by one."""

# call: collatz(1, zeros(129, i64))
# call: collatz(1000, zeros(9, i64))
# call: collatz(7, zeros(7, i64))
# call: roots(uniform(129) * 100.0, zeros(129))
# call: roots(np.array([0.0, 1.0, np.inf, np.nan, 1e-300, 4.0, 2.0, 9.0, -0.0]), zeros(9))
# call: skips(arange(130), zeros(130, i64))
# call: triangle(uniform((20, 20)))
# call: first_above(uniform((17, 40)), 0.9)
# call: first_above(uniform((17, 40)), 2.0)
# call: nested(arange(100) % 7, arange(100) % 5)
# call: sums_of_some(normal(300))
# call: uniform_bounds(uniform(50), 13)
# call: last_continue(normal(129), 2.0)
# call: last_continue(zeros(0), 2.0)
# call: else_of_loops(arange(40), np.array([3, 5, 7, 11]))


def collatz(first, steps):
    for i in prange(len(steps)):
        n = first + i
        count = 0
        while n != 1:
            if n % 2 == 0:
                n = n // 2
            else:
                n = 3 * n + 1
            count += 1
        steps[i] = count
    return steps


def roots(x, out):
    for i in prange(len(x)):
        guess = x[i] * 0.5 + 0.5
        for _ in range(60):
            better = 0.5 * (guess + x[i] / guess)
            if abs(better - guess) <= 1e-15 * better:
                break
            guess = better
        out[i] = guess
    return out


def skips(x, out):
    for i in prange(len(x)):
        total = 0
        k = 0
        while k < x[i]:
            k += 1
            if k % 3 == 0:
                continue
            if total > 500:
                break
            total += k
        out[i] = total * 1000 + k
    return out


def triangle(a):
    n = len(a)
    out = np.zeros(n)
    for i in prange(n):
        total = 0.0
        for j in range(i):
            total += a[i, j] * a[j, i]
        out[i] = total
    return out


def first_above(a, limit):
    found = np.full(len(a), -1)
    for i in prange(len(a)):
        for j in range(a.shape[1]):
            if a[i, j] > limit:
                found[i] = j
                break
    return found


def nested(a, b):
    out = np.zeros(len(a), dtype=np.int64)
    for i in prange(len(a)):
        if a[i] > 2:
            if b[i] > 2:
                out[i] = 1
            elif b[i] == 1:
                out[i] = a[i] * 10
        else:
            if a[i] == b[i]:
                out[i] = -1
            out[i] -= 5
    return out


def sums_of_some(x):
    total = 0.0
    count = 0
    least = np.inf
    for i in prange(len(x)):
        if x[i] > 0.5:
            total += np.floor(x[i] * 16.0)
            count += 1
        elif x[i] < -1.0:
            total -= np.ceil(x[i])
        least = min(least, x[i])
    return total, count, least


def uniform_bounds(x, n):
    out = np.zeros_like(x)
    for i in prange(len(x)):
        y = x[i]
        for k in range(n):
            if y > 0.7:
                y = y - 0.6
            else:
                y = y * 1.25 + 0.01 * k
        out[i] = y
    return out


def else_of_loops(x, divisors):
    out = np.zeros(len(x), dtype=np.int64)
    for i in prange(len(x)):
        for k in range(len(divisors)):
            if x[i] % divisors[k] == 0:
                out[i] = divisors[k]
                break
        else:
            out[i] = -1
    return out


def last_continue(x, a):
    """An iteration that says of itself that it ends."""
    out = np.zeros_like(x)
    for i in prange(len(x)):
        a = max(a, x[i])
        continue
    for i in prange(len(x)):
        if x[i] > 0.0:
            out[i] = x[i] * a
            continue
        else:
            out[i] = -1.0
            continue
    return a, out
