"""Subscripts with products of what is not known: `i * m + j`, ranges with a step, counters that wrap."""

# call: flat(arange(12) * 1.0, 3, 4)
# call: flat(arange(12) * 1.0, 0, 4)
# call: flat(arange(12) * 1.0, 3, 0)
# call: flat(arange(12) * 1.0, 3, -4)
# call: flat(arange(12) * 1.0, -3, 4)
# call: flat(arange(12) * 1.0, 3, 5)
# call: flat(arange(12) * 1.0, 4, 4)
# call: flat(arange(12) * 1.0, 1, 12)
# call: flat(arange(129) * 1.0, 1, 129)
# call: flat(arange(130) * 1.0, 13, 10)
# call: flat(arange(12) * 1.0, 2, 4611686018427387904)
# call: flat(arange(12) * 1.0, 3, 4294967296)
# call: from_end(arange(24) * 1.0, 4, 6)
# call: from_end(arange(24) * 1.0, 5, 6)
# call: reads(arange(60), 3, 4, 5)
# call: reads(arange(60), 3, 4, 6)
# call: reads(arange(60), 0, 4, 5)
# call: shifted(arange(40) * 1.0, 5, 7)
# call: shifted(arange(40) * 1.0, 5, 8)
# call: negative(arange(24) * 1.0, 4, 6)
# call: negative(arange(24) * 1.0, 4, 7)
# call: stepped(zeros(100), 3, 7)
# call: stepped(zeros(100), 0, 1)
# call: stepped(zeros(100), 99, 200)
# call: stepped(zeros(100), -3, 7)
# call: stepped(zeros(100), -101, 7)
# call: stepped(zeros(100), 90, -7)
# call: stepped(zeros(100), 5, 4611686018427387904)
# call: stepped(zeros(100), 5, 9223372036854775807)
# call: stepped_to(zeros(100), 0, 101, 10)
# call: stepped_to(zeros(100), 0, 111, 10)
# call: stepped_to(zeros(100), 99, -1, -11)
# call: stepped_to(zeros(100), 99, -102, -11)
# call: stepped_to(zeros(100), 9, -9223372036854775807, -4611686018427387904)
# call: sieve(1000)
# call: butterflies(uniform(64), 8)
# call: butterflies(uniform(64), 1)
# call: butterflies(uniform(64), 32)
# call: butterflies(uniform(60), 8)
# call: rows(arange(31) * 1.0, 4)
# call: rows(arange(32) * 1.0, 4)
# call: ranges_of_rows(arange(20) * 1.0, 4, 5)
# call: ranges_of_rows(arange(20) * 1.0, 5, 5)
# call: triangle(zeros(45), 9)
# call: triangle(zeros(44), 9)
# call: parallel(uniform(77), 7, 11)
# call: square(arange(30) * 1.0, 6)
# checks: flat 0
# checks: reads 0
# checks: shifted 0
# checks: stepped 0
# checks: sieve 0
# checks: butterflies 0
# checks: parallel 0


def flat(x, n, m):
    for i in range(n):
        for j in range(m):
            x[i * m + j] = 2.0 * x[i * m + j] + i
    return x


def from_end(x, n, m):
    total = 0.0
    for i in range(1, n + 1):
        for j in range(m):
            total += x[-i * m + j] * j
    return total


def reads(x, n, m, k):
    total = 0
    for i in range(n):
        for j in range(m):
            for l in range(k):
                total = 3 * total + x[(i * m + j) * k + l]
    return total


def shifted(x, n, m):
    for i in range(1, n):
        for j in range(1, m):
            x[(i - 1) * m + j] += x[i * m + j - 1]
    return x


def negative(x, n, m):
    total = 0.0
    for i in range(n):
        for j in range(m):
            total += x[j - i * m] * (i + 1)
    return total


def stepped(x, first, step):
    for i in range(first, len(x), step):
        x[i] = i
    return x


def stepped_to(x, first, last, step):
    for i in range(first, last, step):
        x[i] = i
    return x


def sieve(n):
    prime = np.ones(n, dtype=np.bool_)
    for p in range(2, int(math.sqrt(n)) + 1):
        if prime[p]:
            for j in range(p * p, n, p):
                prime[j] = False
    return prime


def butterflies(x, half):
    for k in range(half):
        for i in range(k, len(x), 2 * half):
            j = i + half
            t = x[j]
            x[j] = x[i] - t
            x[i] = x[i] + t
    return x


def rows(x, m):
    for i in range(0, len(x), m):
        for j in range(m):
            x[i + j] *= i
    return x


def ranges_of_rows(x, n, m):
    total = 0.0
    for i in range(n):
        for j in range(i * m, (i + 1) * m):
            total += x[j] * i
    return total


def triangle(x, n):
    for i in range(n):
        for j in range(i + 1):
            x[i * (i + 1) // 2 + j] += i * n + j
    return x


def parallel(x, n, m):
    out = np.zeros(n * m)
    for i in prange(n):
        for j in range(m):
            out[i * m + j] = x[i * m + j] * 2.0
    return out


def square(x, n):
    total = 0.0
    for i in range(n):
        total += x[i * i]
    return total
