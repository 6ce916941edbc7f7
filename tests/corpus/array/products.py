"""Products of vectors and matrices: exact in floats wherever NumPy's order is not ours."""

# call: vectors(np.floor(normal(129) * 9), np.floor(uniform(129) * 9))
# call: vectors(np.floor(normal(7) * 9), np.floor(uniform(7) * 9))
# call: vectors(f32(np.floor(normal(1000) * 9)), f32(np.floor(uniform(1000) * 9)))
# call: vectors(zeros(0), zeros(0))
# call: vectors(normal(1), uniform(1))
# call: vectors(arange(9), arange(9) - 4)
# call: vectors(i8(arange(9) * 20), i8(arange(9)))
# call: vectors(u8(arange(9)), i8(arange(9)))
# call: vectors(arange(4) > 1, arange(4) > 2)
# call: vectors(arange(4), f32(arange(4)))
# call: vectors(arange(3), arange(4))
# call: vectors(arange(3), arange(1))
# call: matrices(np.floor(uniform((3, 4)) * 100), np.floor(uniform((4, 2)) * 100))
# call: matrices(np.floor(uniform((17, 33)) * 100), np.floor(uniform((33, 9)) * 100))
# call: matrices(np.floor(uniform((70, 9)) * 100), np.floor(uniform((9, 70)) * 100))
# call: matrices(f32(np.floor(uniform((3, 4)) * 100)), f32(np.floor(uniform((4, 2)) * 100)))
# call: matrices(f32(np.floor(uniform((20, 20)) * 100)), f32(np.floor(uniform((20, 20)) * 100)))
# call: matrices(np.floor(uniform((1, 4)) * 100), np.floor(uniform((4, 1)) * 100))
# call: matrices(np.floor(uniform((4, 1)) * 100), np.floor(uniform((1, 4)) * 100))
# call: matrices(np.floor(uniform((5, 2)) * 100), np.floor(uniform((2, 3)) * 100))
# call: matrices(zeros((0, 3)), zeros((3, 2)))
# call: matrices(zeros((2, 0)), zeros((0, 3)))
# call: matrices(zeros((2, 3)), zeros((3, 0)))
# call: matrices(full((2, 2), np.nan), zeros((2, 2)))
# call: matrices(full((2, 2), -0.0), full((2, 2), 1.0))
# call: matrices(i8(uniform((3, 4)) * 30), i8(uniform((4, 2)) * 30))
# call: matrices(i64(uniform((3, 4)) * 30), i8(uniform((4, 2)) * 30))
# call: matrices(u16(uniform((3, 4)) * 30) * u16(9999), u16(uniform((4, 2)) * 30))
# call: matrices(u64(uniform((3, 4)) * 30), u64(uniform((4, 2)) * 30))
# call: matrices(i32(uniform((3, 4)) * 30), f32(i8(uniform((4, 2)) * 30)))
# call: matrices(uniform((3, 4)) > 0.7, uniform((4, 2)) > 0.7)
# call: matrices(full((2, 2), -9223372036854775808), i64(uniform((2, 2)) * 9))
# call: matrices(zeros((2, 3)), zeros((2, 3)))
# call: by_vector(np.floor(uniform((3, 4)) * 10), np.floor(uniform(4) * 10))
# call: by_vector(np.floor(uniform((17, 129)) * 10), np.floor(uniform(129) * 10))
# call: by_vector(f32(np.floor(uniform((9, 8)) * 10)), f32(np.floor(uniform(8) * 10)))
# call: by_vector(i8(uniform((3, 4)) * 30), i8(uniform(4) * 30))
# call: by_vector(u8(uniform((3, 4)) * 30), i16(uniform(4) * 30))
# call: by_vector(uniform((3, 4)) > 0.6, uniform(4) > 0.6)
# call: by_vector(zeros((3, 0)), zeros(0))
# call: by_vector(zeros((0, 3)), zeros(3))
# call: by_vector(zeros((1, 3)), zeros(3))
# call: by_vector(zeros((3, 1)), zeros(1))
# call: by_vector(zeros((3, 4)), zeros(3))
# call: by_vector(zeros((3, 4)), zeros(1))
# call: by_matrix(np.floor(uniform(3) * 10), np.floor(uniform((3, 4)) * 10))
# call: by_matrix(np.floor(uniform(129) * 10), np.floor(uniform((129, 7)) * 10))
# call: by_matrix(i32(uniform(3) * 10), u8(uniform((3, 4)) * 10))
# call: by_matrix(zeros(0), zeros((0, 4)))
# call: by_matrix(zeros(4), zeros((3, 4)))
# call: power_step(np.floor(uniform((5, 5)) * 10), np.floor(uniform(5) * 10))
# call: views(np.floor(uniform((9, 8)) * 100))
# call: in_place(np.floor(uniform((3, 3)) * 10), np.floor(uniform((3, 3)) * 10))
# call: into(np.floor(uniform((3, 3)) * 10), np.floor(uniform((3, 3)) * 10), zeros((3, 3)))
# call: chain(np.floor(uniform((5, 4)) * 10), np.floor(uniform((4, 6)) * 10), np.floor(uniform((6, 3)) * 10))
# call: outer(normal(3), uniform(4))
# call: outer(i8(arange(3)), u8(arange(4)))
# call: outer(zeros(0), uniform(4))
# call: outer(normal(1), normal(1))
# call: inner(np.floor(uniform((3, 4)) * 10), np.floor(uniform((2, 4)) * 10))
# call: scaled(arange(4), 3)
# call: scaled(normal((2, 3)), 2.5)
# call: in_loop(np.floor(uniform((4, 4)) * 3), 3)
# call: normalised(normal(9))


def vectors(x, y):
    return x @ y, np.dot(x, y), np.matmul(x, y), np.inner(x, y), np.vdot(x, y), x.dot(y)


def matrices(a, b):
    return a @ b, np.dot(a, b), np.matmul(a, b), a.dot(b)


def views(x):
    a, b = x[:4, ::2], x[5:, 1::-1]
    return a @ b, b.T @ a[:, :3], x.T @ x, x[::-1] @ x.T, a[:0] @ b


def in_place(a, b):
    a @= b
    return a


def into(a, b, out):
    np.matmul(a, b, out=out)
    return out, np.matmul(a, out, out=a)


def chain(a, b, c):
    return a @ b @ c, a @ (b @ c) + 1.0


def outer(x, y):
    return np.outer(x, y)


def inner(a, b):
    return np.inner(a, b)


def scaled(x, k):
    return np.dot(x, k), np.dot(k, x), np.inner(x, k)


def in_loop(a, n):
    r = np.eye(4)
    for _ in range(n):
        r = r @ a
    return r, np.sum(r)


def normalised(x):
    return x / np.sqrt(x @ x)


def by_vector(a, x):
    return a @ x, np.dot(a, x), np.matmul(a, x), a.dot(x)


def by_matrix(x, a):
    return x @ a, np.dot(x, a), x[::-1] @ a


def power_step(a, x):
    y = a @ x
    return y / np.max(np.abs(y)), x @ a @ x
