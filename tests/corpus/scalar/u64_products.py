"""A product of two u64 may need more bits than there are: nothing is known of its range."""

# ulp: 4
# call: row_by_column(uniform((9, 9)), 2)


def row_by_column(x, a):
    k = np.multiply(np.uint64(a), np.uint64(a))
    return x[0:9:2, 0] @ x[2:7, k]
