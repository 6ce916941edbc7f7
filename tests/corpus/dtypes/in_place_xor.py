"""`x ^= y` of arrays: what NumPy stores back."""

# fixed-layout
# call: ixor(arange(5) % 2 == 1, arange(5) % 2 == 1)
# call: ixor(i16(arange(5) * 16000 - 32768), u8(250))
# call: ixor(i32(arange(5) * 1000000000 - 2147483648), i16(arange(5) * 16000 - 32768))
# call: ixor(i32(arange(5) * 1000000000 - 2147483648), arange(5) * 4000000000000000000 - 7000000000000000000)
# call: ixor(i32(arange(5) * 1000000000 - 2147483648), u16(65535))
# call: ixor(arange(5) * 4000000000000000000 - 7000000000000000000, u8(arange(5) * 63))
# call: ixor(arange(5) * 4000000000000000000 - 7000000000000000000, i8(-128))
# call: ixor(u8(arange(5) * 63), u32(arange(5) * 1073741823))
# call: ixor(u8(arange(5) * 63), u16(65535))
# call: ixor(u8(arange(5) * 63), u32(4000000000))
# call: ixor(u8(arange(5) * 63), u64(9223372036854775809))
# call: ixor(u8(arange(5) * 63), True)
# call: ixor(u16(arange(5) * 16383), np.bool_(True))
# call: ixor(u64(arange(5) * 4611686018427387903), u8(250))


def ixor(a, b):
    a ^= b
    return a
