"""`x &= y` of arrays: what NumPy stores back."""

# fixed-layout
# call: iand_(i8(arange(5) * 60 - 128), u32(4000000000))
# call: iand_(i8(arange(5) * 60 - 128), -1)
# call: iand_(i16(arange(5) * 16000 - 32768), arange(5) % 2 == 1)
# call: iand_(i32(arange(5) * 1000000000 - 2147483648), 3)
# call: iand_(arange(5) * 4000000000000000000 - 7000000000000000000, i16(arange(5) * 16000 - 32768))
# call: iand_(arange(5) * 4000000000000000000 - 7000000000000000000, 200)
# call: iand_(u16(arange(5) * 16383), u16(65535))
# call: iand_(u32(arange(5) * 1073741823), u32(arange(5) * 1073741823))
# call: iand_(u32(arange(5) * 1073741823), u16(65535))


def iand_(a, b):
    a &= b
    return a
