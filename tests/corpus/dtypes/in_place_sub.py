"""`x -= y` of arrays: what NumPy stores back."""

# fixed-layout
# call: isub(i8(arange(5) * 60 - 128), i8(-128))
# call: isub(i16(arange(5) * 16000 - 32768), -1)
# call: isub(i32(arange(5) * 1000000000 - 2147483648), i32(arange(5) * 1000000000 - 2147483648))
# call: isub(i32(arange(5) * 1000000000 - 2147483648), arange(5) * 4000000000000000000 - 7000000000000000000)
# call: isub(u8(arange(5) * 63), 3)
# call: isub(u16(arange(5) * 16383), u16(65535))
# call: isub(u32(arange(5) * 1073741823), u8(arange(5) * 63))
# call: isub(u32(arange(5) * 1073741823), u16(65535))
# call: isub(u64(arange(5) * 4611686018427387903), np.bool_(True))
# call: isub(u64(arange(5) * 4611686018427387903), u64(9223372036854775809))
# call: isub(u64(arange(5) * 4611686018427387903), True)
# call: isub(f32(arange(5) * 0.75 - 1.5), i32(arange(5) * 1000000000 - 2147483648))
# call: isub(f32(arange(5) * 0.75 - 1.5), arange(5) * 4000000000000000000 - 7000000000000000000)
# call: isub(f32(arange(5) * 0.75 - 1.5), i16(-300))
# call: isub(f32(arange(5) * 0.75 - 1.5), u8(250))
# call: isub(arange(5) * 0.75 - 1.5, f32(arange(5) * 0.75 - 1.5))
# call: isub(arange(5) * 0.75 - 1.5, np.bool_(True))
# call: isub(arange(5) * 0.75 - 1.5, u16(65535))


def isub(a, b):
    a -= b
    return a
