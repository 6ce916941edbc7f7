"""Reductions over axes take their producers in; a row-wise normalisation is one loop over rows."""

# call: row_sums(uniform((9, 13)), uniform((9, 13)))
# call: column_sums(uniform((9, 13)), uniform(13))
# call: standardised(uniform((9, 13)))
# call: from_two_shapes(uniform(20), uniform(20))
# call: from_two_shapes(uniform(20), uniform(3))
# call: from_two_shapes(uniform(20), uniform(19))
# loops: row_sums 2
# loops: column_sums 3
# loops: standardised 4
# loops: from_two_shapes 4


def row_sums(x, y):
    return np.sum(x * y, axis=1)


def column_sums(x, m):
    return (x - m).sum(axis=0)


def standardised(x):
    return (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True)


def from_two_shapes(x, y):
    """One loop where both slices have one length; one for each operation where one is stretched."""
    return x[2:] * 2 + y[:-2] * x[1:-1]
