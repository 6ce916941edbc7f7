"""Reductions over all axes of arrays of rank 0 to 4, also of broadcast producers."""

# call: all_of(full((), 2.5))
# call: all_of(uniform((3, 5)))
# call: all_of(uniform((17, 9)))
# call: all_of(uniform((1, 129)))
# call: all_of(uniform((129, 1)))
# call: all_of(uniform((3, 400)))
# call: all_of(uniform((400, 3)))
# call: all_of(uniform((2, 3, 4)))
# call: all_of(uniform((5, 1, 40)))
# call: all_of(uniform((2, 3, 4, 5)))
# call: all_of(uniform((2, 70, 1, 5)))
# call: all_of(f32(uniform((13, 21))))
# call: all_of(f32(uniform((3, 4, 50))))
# call: all_of(i16(uniform((7, 5)) * 1000))
# call: sum_only(uniform((0, 3)))
# call: sum_only(uniform((3, 0)))
# call: produced(uniform((9, 31)), uniform(31))
# call: produced(uniform((9, 31)), uniform((9, 1)))
# call: produced(uniform((150, 1)), uniform((1, 7)))


def all_of(x):
    return x.sum(), x.min(), x.max(), x.mean(), (x * 2).sum()


def sum_only(x):
    return x.sum(), x.prod()


def produced(x, y):
    return (x * y).sum(), (x - y).max()
