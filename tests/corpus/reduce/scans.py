"""`cumsum` and `cumprod`: one after the other, from the first element on."""

# call: of_1(normal(0))
# call: of_1(normal(1))
# call: of_1(normal(7))
# call: of_1(normal(8))
# call: of_1(normal(9))
# call: of_1(normal(129))
# call: of_1(normal(1000))
# call: of_1(f32(normal(129)))
# call: of_1(full(9, -0.0))
# call: of_1(arange(20) / 0.0)
# call: of_2(normal((0, 3)))
# call: of_2(normal((3, 0)))
# call: of_2(normal((0, 0)))
# call: of_2(normal((1, 1)))
# call: of_2(normal((1, 9)))
# call: of_2(normal((9, 1)))
# call: of_2(normal((3, 4)))
# call: of_2(normal((8, 9)))
# call: of_2(normal((2, 129)))
# call: of_2(normal((129, 2)))
# call: of_2(i8(normal((7, 9)) * 100))
# call: of_2(i16(normal((7, 9)) * 100))
# call: of_2(i32(normal((7, 9)) * 100))
# call: of_2(i64(normal((7, 9)) * 100))
# call: of_2(u8(normal((7, 9)) * 100))
# call: of_2(u16(normal((7, 9)) * 100))
# call: of_2(u32(normal((7, 9)) * 100))
# call: of_2(u64(normal((7, 9)) * 100))
# call: of_2(f32(normal((7, 9)) * 100))
# call: of_2(uniform((7, 9)) > 0.5)
# call: of_2(full((4, 5), -0.0))
# call: of_2(normal((4, 7)) / 0.0)
# call: of_3(normal((3, 4, 5)))
# call: of_3(normal((2, 1, 9)))
# call: of_3(i16(normal((4, 3, 9)) * 2))
# call: of_3(f32(normal((9, 3, 2))))
# call: of_3(zeros((2, 0, 3)))
# call: produced(normal((5, 9)), normal(9))
# call: produced(f32(normal((12, 3))), f32(normal(3)))
# call: chosen(normal((4, 5)) > 0)
# call: chosen(i8(normal((4, 5)) * 50))
# call: chosen(u16(normal((4, 5)) * 50))
# call: chosen(i64(normal((4, 5)) * 50))
# call: chosen(f32(normal((4, 5)) * 50))
# call: chosen(f64(normal((4, 5)) * 50))
# call: of_numbers(2.5, 3)
# call: of_rank_0(full((), 2.0))


def of_1(x):
    return x.cumsum(), np.cumprod(x), np.cumsum(x, axis=0), x.cumprod(-1)


def of_2(x):
    return (
        np.cumsum(x),
        x.cumprod(),
        x.cumsum(axis=0),
        np.cumprod(x, axis=0),
        x.cumsum(1),
        np.cumprod(x, axis=-1),
        np.cumsum(x, axis=None),
    )


def of_3(x):
    return x.cumsum(), x.cumsum(axis=0), x.cumsum(axis=1), x.cumprod(axis=2), np.cumprod(x, axis=-2)


def produced(x, y):
    return np.cumsum(x * y), np.cumsum(x - y, axis=0), (x + y).cumprod(axis=1), np.cumsum(x, axis=1) * 2


def chosen(x):
    return np.cumsum(x, dtype=np.int8), x.cumsum(axis=0, dtype=np.float64), x.cumprod(1, np.int64), np.cumsum(x, dtype=bool)


def of_numbers(x, i):
    return np.cumsum(x), np.cumprod(i), np.cumsum(-0.0)


def of_rank_0(x):
    return x.cumsum(), x.cumprod(), x.cumsum(axis=0)
