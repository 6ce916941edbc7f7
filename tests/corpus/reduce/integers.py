"""Reductions of integers and bools: 64-bit sums and products, wrapping."""

# call: four(arange(1, 10))
# call: four(i8(arange(1, 130)))
# call: four(i16(arange(1, 100) * 300))
# call: four(i32(arange(1, 30) * 100000))
# call: four(u8(arange(1, 300)))
# call: four(u16(arange(1, 300) * 200))
# call: four(u32(arange(1, 30) * 100000))
# call: four(u64(arange(1, 30)) * u64(1000000000000000000))
# call: four(arange(1, 70) * 1000000000000000000)
# call: bools(arange(9) > 3)
# call: bools(arange(9) > 30)
# call: empty(i32(arange(0)))
# call: empty(u8(arange(0)))
# call: empty(arange(0) > 3)
# call: minimum(arange(0))
# call: maximum(i8(arange(0)))


def four(x):
    return x.sum(), x.prod(), x.min(), x.max()


def bools(x):
    return x.sum(), x.prod(), x.min(), x.max()


def empty(x):
    return x.sum(), x.prod()


def minimum(x):
    return x.min()


def maximum(x):
    return x.max()
