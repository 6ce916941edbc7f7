"""Euclidean distances between all pairs of points.

    points   f64[n, d] or f32[n, d]; an array f64[n, n] is returned

The arithmetic is done in the dtype of the points.

    durum run kernels/examples/pairwise_distances.py pairwise_distances points='uniform((1000, 3))' \\
        --out return=distances.npy
"""

# call: pairwise_distances(uniform((23, 4)))
# call: pairwise_distances(f32(uniform((5, 3))))


def pairwise_distances(points):
    n, d = points.shape
    out = np.empty((n, n))
    for i in prange(n):
        for j in range(n):
            total = 0.0
            for k in range(d):
                difference = points[i, k] - points[j, k]
                total += difference * difference
            out[i, j] = np.sqrt(total)
    return out
