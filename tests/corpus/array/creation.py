"""Arrays made from nothing: ranges, matrices, literals."""

# call: ranges(0)
# call: ranges(1)
# call: ranges(7)
# call: ranges(129)
# call: ranges(-3)
# call: steps(0, 10, 3)
# call: steps(10, 0, -3)
# call: steps(5, 5, 1)
# call: steps(-5, 9, 7)
# call: steps(3, 0, 2)
# call: steps(0, 3, -1)
# call: steps(0, 10, 0)
# call: steps(-9223372036854775808, 9223372036854775807, 4611686018427387904)
# call: steps(9223372036854775807, -9223372036854775808, -4611686018427387904)
# call: floats(0.0, 1.0, 0.1)
# call: floats(-0.1, 1.0, 1.05)
# call: floats(-0.0, 3.0, 1.0)
# call: floats(1.0, 0.0, -0.3)
# call: floats(1e-3, 1e3, 77.7)
# call: floats(0.0, 1.0, 0.0)
# call: floats(0.0, -1.0, 0.5)
# call: floats(1e16, 1e16 + 20, 3.0)
# call: endless(np.inf)
# call: endless(np.nan)
# call: endless(1e300)
# call: as_dtypes(5)
# call: mixed(3, 7.5)
# call: mixed(np.float32(1.5), 7)
# call: mixed(np.int8(1), np.float32(7))
# call: from_scalars(np.int8(1), np.int16(9))
# call: from_scalars(np.uint64(1), np.int8(9))
# call: from_scalars(True, 3)
# call: constants()
# call: spaced(0.0, 1.0, 0)
# call: spaced(0.0, 1.0, 1)
# call: spaced(0.0, 1.0, 2)
# call: spaced(0.0, 1.0, 7)
# call: spaced(-1.5, 10.25, 129)
# call: spaced(5, -5, 11)
# call: spaced(3.0, 3.0, 4)
# call: spaced(0.0, 5e-324, 5)
# call: spaced(0.0, 1.0, -1)
# call: spaced(np.float32(0), np.float32(1), 10)
# call: spaced(np.float32(0), 1, 10)
# call: spaced(np.int8(0), np.int8(100), 7)
# call: spaced(0.0, np.inf, 3)
# call: spaced(True, False, 3)
# call: spaced_as(0, 10, 4)
# call: spaced_as(0.5, -10.5, 7)
# call: squares(0)
# call: squares(1)
# call: squares(4)
# call: squares(-1)
# call: diagonals(3, 5, 1)
# call: diagonals(5, 3, -2)
# call: diagonals(2, 2, 7)
# call: diagonals(0, 4, 0)
# call: triangles(normal((3, 4)), 0)
# call: triangles(normal((4, 3)), 1)
# call: triangles(i8(uniform((3, 4)) * 30), -1)
# call: triangles(normal((2, 3, 3)), 0)
# call: diag(normal(4))
# call: diag(u8(arange(3)))
# call: diag(zeros(0))
# call: literals(3, 2.5)
# call: literals(-1, np.float32(0.5))
# call: typed_literals(3)
# call: literal_dtypes(np.int8(1), np.uint8(2), np.float32(3))
# call: nested(1, 2)
# call: copies(normal(4))
# call: copies(i8(uniform((3, 4)) * 30))
# call: converted(i8(arange(4)))
# call: converted(normal((2, 3)))
# call: from_tuple(normal((3, 4)))
# call: full_of(arange(3), 2)
# call: full_of(normal(3), 2)
# call: likes(normal((2, 3)))
# call: likes(i8(arange(4)))
# call: fused_range(129)
# call: in_loop(7)


def ranges(n):
    return np.arange(n), np.arange(n, dtype=np.float64), np.arange(1, n), np.arange(n, 3), np.arange(0, n, 2)


def steps(start, stop, step):
    return np.arange(start, stop, step)


def floats(start, stop, step):
    return np.arange(start, stop, step), np.arange(start, stop, step, dtype=np.float32)


def endless(stop):
    return np.arange(0, stop)


def as_dtypes(n):
    return (
        np.arange(n, dtype=np.int8), np.arange(n, dtype=np.uint16), np.arange(1, n, dtype=np.float32),
        np.arange(300, dtype=np.uint8), np.arange(0, 3, 0.5, dtype=np.int32), np.arange(0.5, 4.0, dtype=np.int64),
    )


def mixed(start, stop):
    return np.arange(start, stop), np.arange(start, stop, 0.5), np.arange(stop)


def from_scalars(start, stop):
    return np.arange(start, stop), np.arange(stop), np.arange(start, stop, start)


def constants():
    return np.arange(5), np.arange(0.0, 1.0, 0.25), np.arange(2, 12, 3), np.arange(5.0), np.arange(3, dtype=np.float32)


def spaced(start, stop, num):
    return np.linspace(start, stop, num), np.linspace(start, stop, num, endpoint=False)


def spaced_as(start, stop, num):
    return (
        np.linspace(start, stop, num, dtype=np.int64), np.linspace(start, stop, num=num, dtype=np.float32),
        np.linspace(start, stop, num, dtype=np.int8), np.linspace(start, stop),
    )


def squares(n):
    return np.eye(n), np.identity(n), np.eye(n, dtype=np.int8), np.tri(n), np.identity(n, bool), np.zeros((n, 2))


def diagonals(n, m, k):
    return np.eye(n, m, k), np.tri(n, m, k=k, dtype=np.int32), np.eye(n, M=m, k=1)


def triangles(m, k):
    return np.tril(m), np.triu(m), np.tril(m, k), np.triu(m, k=k)


def diag(v):
    return np.diag(v)


def literals(i, f):
    return (
        np.array([1, 2, 3]), np.array([i, f]), np.array((i, True)), np.array([True, False]), np.array([[1, 2.5], [i, f]]),
        np.array([]), np.array([[], []]), np.array(5), np.array(f), np.array([9223372036854775808]),
        np.array([9223372036854775808, -1]), np.array([[[i]]]), np.asarray([1.5, 2]),
    )


def typed_literals(i):
    return (
        np.array([1, 2], dtype=np.float32), np.array([1.5, -2.5], dtype=np.int8), np.array([i, 300], dtype=np.int16),
        np.array([0, 2], dtype=bool), np.array([], dtype=np.uint8), np.array(7, dtype=np.uint8),
    )


def literal_dtypes(a, b, c):
    return np.array([a, b]), np.array([a, 2]), np.array([a, c]), np.array([c, 1]), np.array([c, 2.5]), np.array([a, a])


def nested(a, b):
    return np.array([(a, b), [b, a]]), np.array(((a,), (b,))), np.array([[a + b, a - b]]).sum()


def copies(x):
    a, b = np.array(x), np.copy(x)
    a[...] = 0
    b[...] = 1
    return a, b, x


def converted(x):
    return np.array(x, dtype=np.float32), np.asarray(x, dtype=np.int64), np.array(x, np.float64)


def from_tuple(x):
    return np.array(x.shape), np.array((x[0, 0], 1))


def full_of(row, n):
    return np.full((n, 3), row), np.full((n, 3), row, dtype=np.float32), np.full(3, row, np.int64)


def likes(x):
    return (
        np.zeros_like(x), np.ones_like(x, dtype=np.int32), np.full_like(x, 2.5), np.full_like(x, 3, dtype=np.float32),
        np.ones_like(x),
    )


def fused_range(n):
    return np.sum(np.arange(n) * 2 + 1), np.sum(np.linspace(0, 1, n)), np.sum(np.eye(n))


def in_loop(n):
    total = 0.0
    for i in range(n):
        total += np.sum(np.arange(i) * 0.5) + np.array([i, 2 * i])[1]
    return total
