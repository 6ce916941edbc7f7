"""Dtypes as values: named, passed, compared, defaults, called."""

# call: made(3)
# call: made(3, np.float32)
# call: made(3, i8)
# call: made(3, bool)
# call: like(f32(arange(3)))
# call: like(u8(arange(3)))
# call: chosen(f32(arange(3)))
# call: chosen(arange(3))
# call: cast_by(f32(arange(3) * 1.5), 2.7)
# call: cast_by(i16(arange(3)), 2.7)
# call: passes(4)
# call: compared(f32(arange(3)), i8(3))
# call: named(3)
# call: in_tuple(2)
# call: of_scalar(f32(2.5))


def made(n, dtype=np.float64):
    return np.zeros(n, dtype), np.ones(n, dtype=dtype)


def like(x):
    kind = x.dtype
    y = np.zeros(len(x), kind)
    for i in range(len(x)):
        y[i] = x[i] * kind.type(3)
    return y


def chosen(x):
    if x.dtype == np.float32:
        s = np.float32(0)
    else:
        s = np.int64(0)
    for v in x:
        s += v
    return s, x.dtype == np.float64, x.dtype != np.float32


def cast_by(x, v):
    return x.dtype.type(v), x.astype(np.dtype("u2")), np.dtype(np.int32) == np.int32


def passes(n):
    return helper(n, np.int16), helper(n, float), helper(n, dtype=f32)


def helper(n, dtype):
    total = dtype(0)
    for i in range(n):
        total += dtype(i) / dtype(1)
    return total


def compared(x, k):
    return x.dtype == k.dtype, k.dtype == np.int8, x.dtype is None


KIND = np.float32


def named(n):
    return np.ones(n, KIND), KIND(2.7)


def in_tuple(n):
    r = 0.0
    for kind in (np.float64, np.float32, np.int8):
        r += kind(2.75) * n
    pair = (np.uint8, 300)
    return r, np.zeros(n, pair[0])


def of_scalar(s):
    return np.ones(2, s.dtype), s.dtype == np.float32
