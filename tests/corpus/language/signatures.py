"""Explicit signatures, as expressions and in quotes, several of them; types of locals."""

# call: quoted(arange(4) * 1.0, 2)
# call: quoted_annotation(arange(4) * 1.0, f32(0.5))
# call: plain(arange(4) * 1.0, 2)
# call: either(2)
# call: either(2.5)
# call: either(f32(2.5))
# call: arrays(f32(arange(5)))
# call: arrays(arange(5) * 1.0)
# call: ranks(arange(4) * 1.0)
# call: ranks(ones((2, 2)))
# call: nothing(arange(4) * 1.0)
# call: calls(3)
# call: typed_locals(f32(arange(9) * 0.1))
# call: typed_locals_loop(5)
# call: typed_parallel(f32(ones(20)))
# call: parenthesised(f64(2.0), f64(3.0))
# call: one(f64(2.0))
# call: with_options(arange(3) * 1.0)


@njit("f64(f64[:], i64)")
def quoted(x, k):
    return x[k] * k


def quoted_annotation(x: "f64[:]", s: "f32"):
    return x * s


@njit(f64(f64[:], i64))
def plain(x, k):
    return x[k] + k


@njit(["i64(i64)", "f64(f64)", "f32(f32)"])
def either(x):
    return x * 2


@njit([f32(f32[:]), f64(f64[:])])
def arrays(x):
    s = x[0]
    for v in x:
        s += v / 3
    return s


@jit(["f64(f64[:])", "f64(f64[:, :])"], nopython=True)
def ranks(x):
    return x.sum()


@njit("void(f64[:])")
def nothing(x):
    x[0] = 9


def calls(n):
    return either(n), either(n + 0.5), either(np.float32(n))


@njit(locals={"s": f32, "k": i64})
def typed_locals(x):
    s = np.float32(0)
    k = np.int64(0)
    for v in x:
        s += v
        k += 1
    return s, k


@njit(locals={"v": "int", "t": float})
def typed_locals_loop(n):
    t = 0.0
    for v in range(n):
        t += v
    return t, v


@njit(parallel=True, locals={"s": np.float32})
def typed_parallel(x):
    s = np.float32(0)
    for i in prange(len(x)):
        s += x[i]
    return s


@njit((f64, f64))
def parenthesised(a, b):
    return a * b


@vectorize("f64(f64)")
def one(x):
    return x + 1


@njit("f64(f64[:])", cache=True, fastmath=False)
def with_options(x):
    return x[0] + x[1]
