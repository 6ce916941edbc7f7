"""`x <<= y` of arrays: what NumPy stores back."""

# fixed-layout
# call: ishl(i8(arange(5) * 60 - 128), arange(5) * 4000000000000000000 - 7000000000000000000)
# call: ishl(i8(arange(5) * 60 - 128), u32(arange(5) * 1073741823))
# call: ishl(i8(arange(5) * 60 - 128), u32(4000000000))
# call: ishl(i32(arange(5) * 1000000000 - 2147483648), arange(5) % 2 == 1)
# call: ishl(i32(arange(5) * 1000000000 - 2147483648), arange(5) * 4000000000000000000 - 7000000000000000000)
# call: ishl(u8(arange(5) * 63), 200)


def ishl(a, b):
    a <<= b
    return a
