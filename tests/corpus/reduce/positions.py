"""`argmin` and `argmax`: the first extreme in C order, the first NaN before any other."""

# call: of_1(normal(1))
# call: of_1(normal(7))
# call: of_1(normal(8))
# call: of_1(normal(9))
# call: of_1(normal(129))
# call: of_1(normal(1000))
# call: of_1(f32(normal(129)))
# call: of_1(zeros(20))
# call: of_1(full(9, np.nan))
# call: of_1(arange(20) / 0.0)
# call: of_1(i8(normal(129) * 40))
# call: of_1(u64(normal(129) * 1e19))
# call: of_1(uniform(20) > 0.5)
# call: of_1(uniform(20) > 2)
# call: of_2(normal((1, 1)))
# call: of_2(normal((1, 9)))
# call: of_2(normal((9, 1)))
# call: of_2(normal((3, 4)))
# call: of_2(normal((8, 9)))
# call: of_2(normal((9, 8)))
# call: of_2(normal((2, 129)))
# call: of_2(normal((129, 2)))
# call: of_2(i8(normal((7, 9)) * 4))
# call: of_2(i16(normal((7, 9)) * 4))
# call: of_2(i32(normal((7, 9)) * 4))
# call: of_2(i64(normal((7, 9)) * 4))
# call: of_2(u8(normal((7, 9)) * 4))
# call: of_2(u16(normal((7, 9)) * 4))
# call: of_2(u32(normal((7, 9)) * 4))
# call: of_2(u64(normal((7, 9)) * 4))
# call: of_2(f32(normal((7, 9)) * 4))
# call: of_2(uniform((7, 9)) > 0.5)
# call: of_2(full((4, 5), -0.0))
# call: of_2(normal((4, 7)) / 0.0)
# call: with_nan(normal((7, 9)), 0, 0)
# call: with_nan(f32(normal((7, 9))), 0, 0)
# call: with_nan(normal((7, 9)), 2, 3)
# call: with_nan(f32(normal((7, 9))), 2, 3)
# call: with_nan(normal((7, 9)), 6, 8)
# call: with_nan(f32(normal((7, 9))), 6, 8)
# call: of_3(normal((3, 4, 5)))
# call: of_3(normal((2, 1, 9)))
# call: of_3(i16(normal((4, 3, 9)) * 2))
# call: of_3(f32(normal((9, 3, 2))))
# call: produced(normal((5, 9)), normal(9))
# call: produced(f32(normal((12, 3))), f32(normal(3)))
# call: empty_0(zeros((0, 3)))
# call: empty_1(zeros((0, 3)))
# call: empty_all(zeros((0, 3)))
# call: empty_0(zeros((3, 0)))
# call: empty_1(zeros((3, 0)))
# call: empty_all(zeros((3, 0)))
# call: empty_0(zeros((0, 0)))
# call: empty_1(zeros((0, 0)))
# call: empty_all(zeros((0, 0)))
# call: of_numbers(2.5, 3)
# call: of_rank_0(full((), 2.0))


def of_1(x):
    return x.argmin(), np.argmax(x), np.argmin(x, axis=0), x.argmax(-1), np.argmin(x, keepdims=True)


def of_2(x):
    return (
        x.argmin(),
        x.argmax(),
        np.argmin(x, axis=0),
        np.argmax(x, axis=0),
        x.argmin(axis=1),
        x.argmax(-1),
        np.argmax(x, axis=0, keepdims=True),
        np.argmin(x, 1, keepdims=True),
        np.argmin(x, keepdims=True),
    )


def with_nan(x, i, j):
    x[i, j] = np.nan
    x[4, 4] = np.nan
    return x.argmin(), x.argmax(), x.argmin(axis=0), x.argmax(axis=1), x.argmax(axis=0), x.argmin(axis=1)


def of_3(x):
    return x.argmin(), x.argmax(axis=0), x.argmin(axis=1), x.argmax(axis=2), np.argmax(x, axis=1, keepdims=True)


def produced(x, y):
    return np.argmax(x * y), np.argmin(x - y, axis=0), (x + y).argmax(axis=1), np.argmax(np.abs(x)) + 1


def empty_0(x):
    return x.argmin(axis=0)


def empty_1(x):
    return x.argmax(axis=1)


def empty_all(x):
    return x.argmin()


def of_numbers(x, i):
    return np.argmin(x), np.argmax(i), np.argmin(x, axis=0)


def of_rank_0(x):
    return x.argmin(), x.argmax(), x.argmax(axis=0)
