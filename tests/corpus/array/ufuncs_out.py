"""`out=` and `dtype=` of elementwise functions, `clip`, `round`, `fill`."""

# call: into(normal(9), uniform(9), zeros(9))
# call: into(f32(normal(9)), f32(uniform(9)), zeros(9))
# call: into(arange(9), arange(9), zeros(9, i8))
# call: into(u8(arange(9)), u8(arange(9)), zeros(9, i64))
# call: into(arange(4) > 1, arange(4) > 2, zeros(4))
# call: into(normal(4), 2.0, zeros((3, 4)))
# call: into(2.0, 1.0, zeros((3, 4)))
# call: into(zeros(0), zeros(0), zeros(0))
# call: shifted(arange(9))
# call: shifted(normal(129))
# call: rows(normal((3, 4)), zeros((3, 4)))
# call: chained(normal(9), zeros(9))
# call: mask(normal(9), zeros(9, bool))
# call: wrong_shape(normal(4), normal(3))
# call: computed(i8(arange(9) * 31 - 128), i8(arange(9)))
# call: computed(u8(arange(9) * 31), u8(arange(9)))
# call: roots(i8(arange(9)))
# call: roots(f32(arange(9)))
# call: clipped(i8(arange(9) * 31 - 128), 3)
# call: clipped(u8(arange(9) * 31), 3)
# call: clipped(arange(129) - 60, 7)
# call: clipped(normal(129) * 5, 2)
# call: clipped(f32(normal(9)), 1)
# call: clipped(full(3, np.nan), 1)
# call: clipped(u64(arange(9)), 4)
# call: clipped_by(normal(9), full(9, -0.5), full(9, 0.5))
# call: clipped_by(i8(arange(9)), i16(full(9, 2)), u8(full(9, 6)))
# call: clipped_by(normal((3, 4)), uniform(4) - 0.5, full((3, 1), 0.25))
# call: clipped_by(normal(3), full(3, np.nan), full(3, 1.0))
# call: clipped_by(normal(3), full(3, 1.0), full(3, -1.0))
# call: clipped_by(arange(4) > 1, arange(4) > 2, arange(4) > 0)
# call: clipped_into(normal(9), zeros(9))
# call: clipped_number(5, 2.5)
# call: rounded(normal(129) * 100)
# call: rounded(f32(normal(9)) * f32(100))
# call: rounded(arange(9) * 1234 - 5000)
# call: rounded(i8(arange(9) * 31 - 128))
# call: rounded(u8(arange(9) * 31))
# call: rounded(full(3, np.nan))
# call: rounded(full(3, -0.04))
# call: rounded(zeros(0))
# call: rounded_number(12345.678)
# call: rounded_far(normal(9) * 1e-9)
# call: filled(zeros((2, 3)), 2.5)
# call: filled(zeros(4, i8), 7)
# call: filled(zeros(4, u8), 2.9)
# call: filled(zeros(4, bool), 2)
# call: filled(zeros(0), 1)


def into(x, y, z):
    r = np.add(x, y, out=z)
    a = z.copy()
    np.multiply(z, x, z)
    r[...] = r
    return a, r


def shifted(x):
    np.add(x[:-1], x[1:], out=x[1:])
    np.multiply(x, 2, out=x[::-1])
    return x


def rows(x, y):
    np.negative(x[0], out=y[1])
    np.sqrt(np.abs(x[:, 1]), out=y[:, 0])
    return y


def chained(x, y):
    return np.add(np.multiply(x, x, out=y), 1.0) + y


def mask(x, m):
    np.greater(x, 0, out=m)
    return m


def wrong_shape(x, y):
    np.add(x, 1, out=y)
    return y


def computed(x, y):
    return (
        np.add(x, y, dtype=np.int64), np.multiply(x, y, dtype=np.float32), np.divide(x, y + 1, dtype=np.float32),
        np.subtract(x, y, dtype=np.int16), np.maximum(x, y, dtype=np.float64),
    )


def roots(x):
    return np.sqrt(x, dtype=np.float64), np.square(x, dtype=np.float64)


def clipped(x, n):
    return (
        np.clip(x, 0, 5), np.clip(x, None, n), np.clip(x, n, None), x.clip(1, n), np.clip(x, min=2), np.clip(x, max=2),
        np.clip(x, -1000, 1000), np.clip(x, n, 2), np.clip(x, 0, 2.5), x.clip(max=n), np.clip(x, None, None),
        np.clip(x, a_min=1, a_max=4),
    )


def clipped_by(x, low, high):
    return np.clip(x, low, high)


def clipped_into(x, out):
    np.clip(x, -0.5, 0.5, out=out)
    return out


def clipped_number(i, f):
    return np.clip(i, 0, 3), np.clip(f, 0, 2), np.clip(i, 0, f), np.clip(f, i, None)


def rounded(x):
    return np.round(x), np.round(x, 1), np.around(x, 2), np.round(x, -1), x.round(), x.round(-2), x.round(decimals=1)


def rounded_number(x):
    return np.round(x), np.round(x, 1), np.round(x, -2), np.round(7), np.round(17, -1)


def rounded_far(x):
    return np.round(x, 12), np.round(x, 300), np.round(x, -300)


def filled(x, v):
    x.fill(v)
    return x


# call: mathematics(linspace(-2.0, 2.0, 9), linspace(0.5, 1.5, 9))
# call: mathematics(f32(linspace(-2.0, 2.0, 9)), f32(linspace(0.5, 1.5, 9)))


def mathematics(x, y):
    r, p = np.empty_like(x), np.zeros(len(x))
    np.fmod(x, y, out=r)
    np.float_power(np.abs(x), 2.0, out=p)
    return r, p, np.fmod(y, 0.75, r)
