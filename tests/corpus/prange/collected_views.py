"""What a prange collects, with slices and rows: parts of arrays, views as the array, rows added."""

# call: sums_by_label(f64(i64(uniform((300, 4)) * 9)), i64(uniform(300) * 3), zeros((3, 4)))
# call: part(i64(uniform(300) * 9), i64(zeros(40)))
# call: windows(i64(uniform(2100) * 30), i64(zeros(40)))
# call: into_view(i64(uniform(2100) * 4), i64(zeros(9)))
# call: into_row(i64(uniform(2100) * 4), i64(zeros((3, 4))))
# call: into_transposed(i64(uniform(2100) * 4), i64(zeros((4, 3))))
# call: add_rows(f64(i64(uniform((300, 40)) * 9)), zeros(40))
# call: add_columns(f64(i64(uniform((40, 300)) * 9)), zeros(40))
# call: outer_sum(f64(i64(uniform((100, 7)) * 9)), zeros((7, 7)))
# call: overlapping_views(i64(uniform(2100) * 4), i64(zeros(9)))
# call: interleaved_views(i64(uniform(2100) * 4), i64(zeros(9)))
# call: own_rows(f64(i64(uniform((30, 4)) * 9)), zeros((30, 4)))
# call: own_slices(f64(i64(uniform(30) * 9)), zeros(90))


def sums_by_label(x, label, sums):
    for i in prange(len(x)):
        sums[label[i]] += x[i]


def part(x, acc):
    for i in prange(len(x)):
        acc[3:-2:2] += x[i]


def windows(x, acc):
    for i in prange(len(x)):
        acc[x[i] : x[i] + 5] += i


def into_view(x, y):
    h = y[8:0:-2]
    for i in prange(len(x)):
        h[x[i]] += i


def into_row(x, m):
    h = m[1]
    for i in prange(len(x)):
        h[x[i]] += i


def into_transposed(x, m):
    h = m.T
    for i in prange(len(x)):
        h[1, x[i]] += i


def add_rows(x, acc):
    for i in prange(x.shape[0]):
        acc += x[i]


def add_columns(x, acc):
    for i in prange(x.shape[1]):
        acc += x[:, i]


def outer_sum(x, acc):
    for i in prange(len(x)):
        row = x[i]
        acc += row[:, None] * row


def overlapping_views(x, y):
    h = y[:5]
    g = y[4:]
    for i in prange(len(x)):
        h[x[i] + 1] += i
        g[x[i]] -= 1


def interleaved_views(x, y):
    h = y[::2]
    g = y[1::2]
    for i in prange(len(x)):
        h[x[i]] += i
        g[x[i]] -= 1


def own_rows(x, y):
    for i in prange(len(x)):
        y[i] += x[i]
        y[i] *= 2


def own_slices(x, y):
    for i in prange(len(x)):
        y[3 * i : 3 * i + 3] += x[i]
