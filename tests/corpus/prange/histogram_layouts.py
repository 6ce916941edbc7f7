"""Arrays that a prange collects into, in every layout."""

# call: counts(i64(uniform(2100) * 10), f64(zeros(10)))
# call: joint(i64(uniform(2100) * 5), i64(zeros((5, 7))))
# call: cube(i64(uniform(2100) * 3), i32(zeros((3, 2, 3))))
# call: rows(f64(i64(uniform(150) * 9)), f32(zeros((5, 7))))
# call: extremes(i64(uniform(2100) * 10), normal(10))


def counts(x, h):
    for i in prange(len(x)):
        h[x[i]] += 1


def joint(x, h):
    for i in prange(len(x)):
        h[x[i], (x[i] + i) % 7] += i


def cube(x, h):
    for i in prange(len(x)):
        h[x[i], i & 1, -1 - x[i]] -= i


def rows(x, h):
    for i in prange(len(x)):
        h += x[i]


def extremes(x, h):
    for i in prange(len(x)):
        h[x[i]] = max(h[x[i]], i % 17)
