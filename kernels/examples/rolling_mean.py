"""The mean of every window of a series.

    x         f64[n]
    width     of the window, 1 to n
    returns   f64[n - width + 1]

    durum run kernels/examples/rolling_mean.py rolling_mean x='normal(1_000_000)' width=100 --out return=smooth.npy
"""

# call: rolling_mean(linspace(0.0, 1.0, 20), 4)
# call: rolling_mean(ones(5), 5)
# call: rolling_mean(ones(5), 6)
# call: by_sums(arange(20), 4)


def rolling_mean(x, width):
    """Each window summed anew: no error accumulates."""
    assert 0 < width <= len(x), "the window must fit"
    out = np.empty(len(x) - width + 1)
    for i in prange(len(out)):
        out[i] = np.sum(x[i : i + width]) / width
    return out


def by_sums(x, width):
    """As differences of running sums: fast for wide windows, exact for integers."""
    sums = np.concatenate((np.zeros(1, dtype=x.dtype), np.cumsum(x)))
    return (sums[width:] - sums[:-width]) / width
