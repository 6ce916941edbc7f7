"""How many values fall into each of `bins` equal parts of the range from `low` to `high`, the last one closed.

    x         f64[n]; values outside the range, NaN among them, do not count
    returns   i64[bins]

    durum run kernels/examples/histogram.py histogram x='normal(1_000_000)' low=-4.0 high=4.0 bins=16
"""

# call: histogram(linspace(-1.0, 2.0, 200), 0.0, 1.0, 7)
# call: histogram(zeros(0), 0.0, 1.0, 3)
# call: histogram(full(5, np.nan), 0.0, 1.0, 3)


def histogram(x, low, high, bins):
    counts = np.zeros(bins, dtype=np.int64)
    for i in prange(len(x)):
        if low <= x[i] <= high:
            part = int((x[i] - low) / (high - low) * bins)
            counts[min(part, bins - 1)] += 1
    return counts
