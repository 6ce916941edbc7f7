"""The same expressions at sizes around the widths of lanes, blocks and chunks."""

# loops: polynomial 1
# call: polynomial(uniform(0))
# call: polynomial(uniform(1))
# call: polynomial(uniform(2))
# call: polynomial(uniform(3))
# call: polynomial(uniform(7))
# call: polynomial(uniform(8))
# call: polynomial(uniform(9))
# call: polynomial(uniform(15))
# call: polynomial(uniform(127))
# call: polynomial(uniform(128))
# call: polynomial(uniform(129))
# call: polynomial(uniform(1000))
# call: polynomial(uniform(4097))
# call: polynomial(uniform(10007))
# call: narrow(u8(uniform(0) * 255))
# call: narrow(u8(uniform(15) * 255))
# call: narrow(u8(uniform(16) * 255))
# call: narrow(u8(uniform(17) * 255))
# call: narrow(u8(uniform(1000) * 255))
# call: halves(f32(uniform(3)))
# call: halves(f32(uniform(4)))
# call: halves(f32(uniform(5)))
# call: halves(f32(uniform(1025)))
# call: halves(f32(uniform((3, 7))))
# call: halves(f32(uniform((7, 3))))
# call: halves(f32(uniform((1, 129))))
# call: halves(f32(uniform((129, 1))))
# call: mixed(i8(arange(37)), uniform(37))


def polynomial(x):
    return ((0.5 * x - 1.25) * x + 2.0) * x - 0.125


def narrow(x):
    return x + x, (x >> 1) ^ 85, x * 3


def halves(x):
    return x * 0.5 + 1, x > 0.5


def mixed(x, y):
    return x * y, x + 1, y - 1
