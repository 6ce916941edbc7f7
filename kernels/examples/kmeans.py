"""One step of k-means clustering (Lloyd 1982): each point joins the nearest centre, each centre moves to the mean of its points.

    points    f64[n, d]
    centres   f64[k, d], overwritten; one that no point joins stays
    labels    i64[n], written
    returns   the sum of squared distances to the old centres

    durum run kernels/examples/kmeans.py step points='normal((100_000, 3))' centres='normal((8, 3))' labels='zeros(100_000, i64)' --out labels=labels.npy
"""

# ulp: 8
# call: step(uniform((40, 3)), uniform((4, 3)), zeros(40, i64))
# call: step(zeros((5, 2)), ones((3, 2)), zeros(5, i64))


def assign(points, centres, labels):
    total = 0.0
    for i in prange(len(points)):
        squares = ((centres - points[i]) ** 2).sum(axis=1)
        labels[i] = np.argmin(squares)
        total += np.min(squares)
    return total


def step(points, centres, labels):
    total = assign(points, centres, labels)
    sums = np.zeros_like(centres)
    counts = np.zeros(len(centres), dtype=np.int64)
    for i in range(len(points)):
        sums[labels[i]] += points[i]
        counts[labels[i]] += 1
    for k in range(len(centres)):
        if counts[k] > 0:
            centres[k] = sums[k] / counts[k]
    return total
