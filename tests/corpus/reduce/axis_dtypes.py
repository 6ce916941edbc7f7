"""The dtype of every reduction of every dtype; `dtype=` and `initial=`; integers wrap."""

# call: integers(i8(normal((7, 9)) * 1e10))
# call: integers(i16(normal((7, 9)) * 1e10))
# call: integers(i32(normal((7, 9)) * 1e10))
# call: integers(i64(normal((7, 9)) * 1e10))
# call: integers(u8(normal((7, 9)) * 1e10))
# call: integers(u16(normal((7, 9)) * 1e10))
# call: integers(u32(normal((7, 9)) * 1e10))
# call: integers(u64(normal((7, 9)) * 1e10))
# call: integers(i8(full((3, 2), -1)))
# call: integers(u8(full((3, 2), -1)))
# call: integers(i64(full((3, 2), -1)))
# call: integers(u64(full((3, 2), -1)))
# call: integers(full((5, 4), -9223372036854775807 - 1))
# call: floats(normal((7, 9)))
# call: floats(f32(normal((9, 7))))
# call: floats(uniform((3, 130)))
# call: floats(f32(uniform((130, 3))))
# call: bools(uniform((5, 4)) > 0.5)
# call: bools(uniform((0, 4)) > 0.5)
# call: bools(uniform((9, 1)) > 0.1)
# call: bools(uniform((1, 9)) > 0.1)
# call: chosen(i8(uniform((5, 6)) * 200))
# call: chosen(u8(uniform((5, 6)) * 200))
# call: chosen(i32(uniform((5, 6)) * 200))
# call: chosen(u64(uniform((5, 6)) * 200))
# call: chosen(f32(uniform((5, 6)) * 200))
# call: chosen(f64(uniform((5, 6)) * 200))
# call: begun(i8(uniform((5, 6)) * 100), 3)
# call: begun(u16(uniform((5, 6)) * 100), 3)
# call: begun(i64(uniform((5, 6)) * 100), 3)
# call: begun(f32(uniform((5, 6)) * 100), 3)
# call: begun(f64(uniform((5, 6)) * 100), 3)
# call: begun_empty(zeros((0, 4)))
# call: begun_empty(f32(zeros((0, 4))))
# call: begun_empty(uniform((3, 4)))


def integers(x):
    return (
        x.sum(),
        x.sum(axis=0),
        x.prod(axis=1),
        x.prod(),
        x.min(axis=0),
        x.max(axis=1),
        x.mean(axis=0),
        x.mean(),
        x.any(axis=0),
        x.all(axis=1),
        np.ptp(x, axis=0),
        np.count_nonzero(x, axis=1),
    )


def floats(x):
    return x.sum(), x.prod(axis=0), x.mean(axis=1), x.var(axis=0), x.std(), x.min(), x.max(axis=0), x.any(axis=1), x.all()


def bools(x):
    return (
        x.sum(),
        x.sum(axis=0),
        x.prod(axis=0),
        x.any(axis=1),
        x.all(axis=0),
        x.mean(axis=1),
        x.var(axis=1),
        np.sum(x, dtype=bool),
        np.sum(x, axis=1, dtype=np.uint8),
    )


def chosen(x):
    return (
        np.sum(x, dtype=np.int8),
        x.sum(axis=0, dtype=np.uint16),
        x.sum(1, np.int64),
        x.prod(axis=0, dtype=np.int32),
        np.mean(x, dtype=np.float64),
        np.mean(x, axis=0, dtype=np.float64, keepdims=True),
        np.var(x, 0, np.float64),
        np.sum(x, axis=None, dtype=None),
    )


def begun(x, first):
    return (
        np.sum(x, initial=5),
        x.sum(axis=0, initial=first),
        x.prod(axis=1, initial=2),
        np.min(x, initial=40),
        x.max(axis=0, initial=50),
        np.max(x, axis=1, initial=first, keepdims=True),
    )


def begun_empty(x):
    return x.min(axis=0, initial=3.5), x.max(axis=0, initial=-np.inf), x.sum(axis=0, initial=-0.0)
