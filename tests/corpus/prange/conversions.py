"""Updates that convert: in parallel only where rounding at each step does not depend on what is in the array."""

# fixed-layout
# call: half(i64(uniform(2100) * 10), i64(zeros(10)) - 1)
# call: half(i64(uniform(2100) * 10), u8(zeros(10)))
# call: half(i64(uniform(2100) * 10), f32(zeros(10)))
# call: wide(i64(uniform(2100) * 10), i64(uniform(2100) * 10), i16(zeros(10)))
# call: wide(i64(uniform(2100) * 10), i64(uniform(2100) * 10), u16(zeros(10)))
# call: wide(i64(uniform(2100) * 10), i64(uniform(2100) * 10), f32(zeros(10)))
# call: products(i64(uniform(2100) * 10), i64(uniform(2100) * 1.001), i32(zeros(10)) + i32(1))
# call: extremes(i64(uniform(2100) * 10), i64(uniform(2100) * 200), u8(zeros(10)))
# call: extremes(i64(uniform(2100) * 10), i64(uniform(2100) * 100), i8(zeros(10)))
# call: extremes(i64(uniform(2100) * 10), i64(uniform(2100) * 300), f32(zeros(10)))
# call: truncated(i64(uniform(2100) * 10), uniform(2100) * 9, i64(zeros(10)) - 3)
# call: bools(i64(uniform(2100) * 10), uniform(2100) > 0.5, zeros(10) > 1)
# call: whole(f64(i64(uniform(300) * 9)), f32(zeros(40)))
# call: whole_ints(i64(uniform(300) * 9), i16(zeros(40)))
# call: cast_values(i64(uniform(2100) * 10), uniform(2100) * 9, i32(zeros(10)))


def half(k, h):
    for i in prange(len(k)):
        h[k[i]] += 0.5


def wide(k, x, h):
    for i in prange(len(k)):
        h[k[i]] += x[i]


def products(k, x, h):
    for i in prange(len(k)):
        h[k[i]] *= x[i] | 1


def extremes(k, x, h):
    for i in prange(len(k)):
        h[k[i]] = np.maximum(h[k[i]], x[i])


def truncated(k, x, h):
    for i in prange(len(k)):
        h[k[i]] = h[k[i]] + x[i]


def bools(k, x, h):
    for i in prange(len(k)):
        h[k[i]] ^= x[i]


def whole(x, h):
    for i in prange(len(x)):
        h += x[i]


def whole_ints(x, h):
    for i in prange(len(x)):
        h += x[i]


def cast_values(k, x, h):
    for i in prange(len(k)):
        h[k[i]] += int(x[i])
