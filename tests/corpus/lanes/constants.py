"""Operations that run lane by lane share constants with what comes after them, and u64 products have no range."""

# ulp: 4
# call: sums_after_angles(ones((2, 3)))
# call: row_of_a_product(uniform((9, 9)), -7)


def sums_after_angles(x):
    x[...] -= np.arctan2(np.ones((9, 1)), np.zeros((3, 3, 9, 1))).sum(axis=(2, 1)).sum() / 100.0
    return x


def row_of_a_product(x, a):
    v = np.multiply(np.uint64(a & 3), np.uint64(a & 7))
    return x[:, int(v % 9)] * 2.0
