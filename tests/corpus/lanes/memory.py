"""Elements that lanes reach in every way: backwards, at strides, by index, under conditions, in place."""

# call: backwards(uniform(129), zeros(129))
# call: every_other(uniform(260), zeros(130))
# call: gathered(uniform(50), (arange(129) * 37) % 50)
# call: gathered_if(uniform(50), (arange(129) * 37) % 100)
# call: scattered_if(uniform(129), (arange(129) * 64) % 129, zeros(129))
# call: columns(uniform((9, 20)), zeros((9, 20)))
# call: neighbours(uniform(129))
# call: in_place(normal(129))
# call: kept(normal(129), ones(129))
# call: clamped(normal(129), arange(129) - 64)
# call: bytes_of(arange(129) * 11)
# call: flags(normal(129))
# call: mixed(normal(129).astype(f32), arange(129).astype(i32), (arange(129) % 200).astype(u8))
# call: narrow((arange(129) * 7).astype(i16), (arange(129) * 5).astype(i16))
# call: floor_halves(arange(129) - 64)
# call: from_counters(uniform(30))
# call: diagonal(zeros((9, 9, 2)))
# call: diagonal(zeros((37, 37, 2)))
# call: traces(uniform((19, 19, 19)), (arange(19) * 7) % 19)


def backwards(x, out):
    n = len(x)
    for i in prange(n):
        out[n - 1 - i] = x[i] * 2.0
    return out


def every_other(x, out):
    for i in prange(len(out)):
        out[i] = np.sqrt(x[2 * i]) / (x[2 * i + 1] + 1.0)
    return out


def gathered(x, k):
    out = np.zeros(len(k))
    for i in prange(len(k)):
        out[i] = np.sqrt(x[k[i]]) / (x[k[i]] + 1.0)
    return out


def gathered_if(x, k):
    out = np.zeros(len(k))
    for i in prange(len(k)):
        if k[i] < len(x):
            out[i] = np.sqrt(x[k[i]]) / 3.0 + x[k[i]]
    return out


@kernel(disjoint=("out",))
def scattered_if(x, k, out):
    for i in prange(len(x)):
        y = np.sqrt(x[i]) / (1.0 + x[i])
        if x[i] > 0.5:
            out[k[i]] = y
    return out


def columns(a, out):
    for j in prange(a.shape[1]):
        total = 0.0
        for i in range(a.shape[0]):
            total += a[i, j]
            out[i, j] = total
    return out


def neighbours(x):
    out = np.zeros_like(x)
    for i in prange(len(x)):
        if i > 0 and i < len(x) - 1:
            out[i] = (x[i - 1] + x[i + 1]) * 0.5
        else:
            out[i] = x[i]
    return out


def in_place(x):
    for i in prange(len(x)):
        if x[i] < 0.0:
            x[i] = -x[i]
        x[i] *= 2.0
    return x


def kept(x, y):
    for i in prange(len(x)):
        if x[i] > 0.0:
            y[i] = x[i]
    return y


def clamped(x, k):
    out = np.zeros_like(x)
    for i in prange(len(x)):
        out[i] = x[k[i]] * 3.0
    return out


def bytes_of(n):
    out = np.zeros(len(n), dtype=np.uint8)
    for i in prange(len(n)):
        out[i] = np.uint8((n[i] >> 1) & 0xFF)
    return out


def flags(x):
    out = np.zeros(len(x), dtype=np.bool_)
    for i in prange(len(x)):
        out[i] = x[i] > 0.3 or (x[i] < -0.3 and not x[i] < -1.0)
    return out


def mixed(x, n, b):
    out = np.zeros(len(x))
    for i in prange(len(x)):
        wide = float(n[i]) * 0.5 + x[i]
        out[i] = wide if b[i] > 100 else -wide
    return out


def narrow(a, b):
    return a * b - (a >> 2) + np.minimum(a, b)


def floor_halves(n):
    return n // 4 + n % 8 - (n >> 3)


def from_counters(x):
    out = np.zeros_like(x)
    for i in prange(len(x)):
        out[i] = x[i] * i + (i % 4) - i / 3
    return out


def diagonal(x):
    for i in prange(x.shape[0]):
        for j in range(9):
            x[i, i, i % 2] = i + 1
    return x


def traces(x, k):
    out = np.zeros(x.shape[0])
    for i in prange(x.shape[0]):
        out[i] = np.sqrt(x[i, i, k[i]]) / (x[i, k[i], i] + 1.0)
    return out
