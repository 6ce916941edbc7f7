"""`x |= y` of arrays: what NumPy stores back."""

# fixed-layout
# call: ior_(arange(5) % 2 == 1, np.bool_(True))
# call: ior_(i8(arange(5) * 60 - 128), np.bool_(True))
# call: ior_(i8(arange(5) * 60 - 128), True)
# call: ior_(i8(arange(5) * 60 - 128), -1)
# call: ior_(arange(5) * 4000000000000000000 - 7000000000000000000, arange(5) * 4000000000000000000 - 7000000000000000000)
# call: ior_(arange(5) * 4000000000000000000 - 7000000000000000000, u32(arange(5) * 1073741823))
# call: ior_(arange(5) * 4000000000000000000 - 7000000000000000000, u16(65535))
# call: ior_(u16(arange(5) * 16383), u16(arange(5) * 16383))
# call: ior_(u32(arange(5) * 1073741823), u8(arange(5) * 63))
# call: ior_(u32(arange(5) * 1073741823), u32(arange(5) * 1073741823))


def ior_(a, b):
    a |= b
    return a
