"""Sums over every set of axes, ranks 1 to 4: NumPy's bits on C-contiguous arrays, the same bits on every other layout."""

# call: of_1(uniform(0))
# call: of_1(uniform(1))
# call: of_1(uniform(7))
# call: of_1(uniform(8))
# call: of_1(uniform(9))
# call: of_1(uniform(129))
# call: of_1(uniform(1000))
# call: of_1(f32(normal(7)))
# call: of_1(f32(normal(129)))
# call: of_1(f32(normal(300)))
# call: of_2(uniform((0, 3)))
# call: of_2(uniform((3, 0)))
# call: of_2(uniform((0, 0)))
# call: of_2(uniform((1, 1)))
# call: of_2(uniform((1, 9)))
# call: of_2(uniform((9, 1)))
# call: of_2(uniform((129, 1)))
# call: of_2(uniform((1, 129)))
# call: of_2(uniform((7, 8)))
# call: of_2(uniform((8, 129)))
# call: of_2(uniform((129, 9)))
# call: of_2(uniform((3, 300)))
# call: of_2(uniform((300, 3)))
# call: of_2(uniform((17, 17)))
# call: of_2(f32(normal((9, 129))))
# call: of_2(f32(normal((129, 9))))
# call: of_2(f32(normal((40, 1))))
# call: of_2(f32(normal((5, 300))))
# call: of_3(uniform((0, 2, 3)))
# call: of_3(uniform((2, 0, 3)))
# call: of_3(uniform((2, 3, 0)))
# call: of_3(uniform((1, 1, 1)))
# call: of_3(uniform((1, 9, 8)))
# call: of_3(uniform((9, 1, 8)))
# call: of_3(uniform((9, 8, 1)))
# call: of_3(uniform((2, 3, 4)))
# call: of_3(uniform((3, 5, 40)))
# call: of_3(uniform((40, 3, 5)))
# call: of_3(uniform((5, 40, 3)))
# call: of_3(uniform((130, 1, 2)))
# call: of_3(uniform((2, 130, 1)))
# call: of_3(f32(normal((3, 4, 140))))
# call: of_3(f32(normal((140, 4, 3))))
# call: of_3(f32(normal((20, 1, 9))))
# call: of_4(uniform((2, 3, 4, 5)))
# call: of_4(uniform((1, 3, 1, 9)))
# call: of_4(uniform((3, 1, 9, 1)))
# call: of_4(uniform((9, 2, 1, 20)))
# call: of_4(uniform((2, 0, 3, 1)))
# call: of_4(uniform((3, 9, 2, 20)))
# call: of_4(uniform((20, 2, 9, 3)))
# call: of_4(f32(normal((2, 3, 4, 50))))
# call: of_4(f32(normal((9, 1, 3, 8))))


def of_1(x):
    return (
        x.sum(axis=()),
        x.sum(axis=0),
    )


def of_2(x):
    return (
        x.sum(axis=()),
        x.sum(axis=0),
        x.sum(axis=1),
        x.sum(axis=(0, 1)),
    )


def of_3(x):
    return (
        x.sum(axis=()),
        x.sum(axis=0),
        x.sum(axis=1),
        x.sum(axis=2),
        x.sum(axis=(0, 1)),
        x.sum(axis=(0, 2)),
        x.sum(axis=(1, 2)),
        x.sum(axis=(0, 1, 2)),
    )


def of_4(x):
    return (
        x.sum(axis=()),
        x.sum(axis=0),
        x.sum(axis=1),
        x.sum(axis=2),
        x.sum(axis=3),
        x.sum(axis=(0, 1)),
        x.sum(axis=(0, 2)),
        x.sum(axis=(0, 3)),
        x.sum(axis=(1, 2)),
        x.sum(axis=(1, 3)),
        x.sum(axis=(2, 3)),
        x.sum(axis=(0, 1, 2)),
        x.sum(axis=(0, 1, 3)),
        x.sum(axis=(0, 2, 3)),
        x.sum(axis=(1, 2, 3)),
        x.sum(axis=(0, 1, 2, 3)),
    )
