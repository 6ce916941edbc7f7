"""One vector of an array stored into another that overlaps it: as if it were read in full first. NumPy does not look, unless the two
run in opposite directions: it writes elements that it has yet to read. The expected lines are written by hand."""

# call: spread(arange(8))
# call: row_from_column(arange(9))


def spread(x):
    x[0:8:2] = x[0:4]
    return x


def row_from_column(x):
    x[3:6] = x[2::3]
    return x
