"""`>>` of every two dtypes: arrays, NumPy scalars, Python numbers."""

# fixed-layout
# call: shr(arange(5) % 2 == 1, i64(-9223372036854775807))
# call: shr(i8(arange(5) * 60 - 128), u16(arange(5) * 16383))
# call: shr(i8(arange(5) * 60 - 128), i16(-300))
# call: shr(i32(arange(5) * 1000000000 - 2147483648), i8(-128))
# call: shr(arange(5) * 4000000000000000000 - 7000000000000000000, u8(arange(5) * 63))
# call: shr(arange(5) * 4000000000000000000 - 7000000000000000000, u8(250))
# call: shr(arange(5) * 4000000000000000000 - 7000000000000000000, -1)
# call: shr(u16(arange(5) * 16383), i32(arange(5) * 1000000000 - 2147483648))
# call: shr(u16(arange(5) * 16383), u32(4000000000))
# call: shr(u16(arange(5) * 16383), 200)
# call: shr(u32(arange(5) * 1073741823), arange(5) * 4000000000000000000 - 7000000000000000000)
# call: shr(u32(arange(5) * 1073741823), u8(arange(5) * 63))
# call: shr(u32(arange(5) * 1073741823), np.bool_(True))
# call: shr(u32(arange(5) * 1073741823), True)
# call: shr(u64(arange(5) * 4611686018427387903), u64(arange(5) * 4611686018427387903))
# call: shr(np.bool_(True), u32(arange(5) * 1073741823))
# call: shr(i16(-300), i16(-300))
# call: shr(i16(-300), True)
# call: shr(i64(-9223372036854775807), u8(arange(5) * 63))
# call: shr(i64(-9223372036854775807), i8(-128))
# call: shr(i64(-9223372036854775807), i32(-7))
# call: shr(u8(250), u8(arange(5) * 63))
# call: shr(u16(65535), True)
# call: shr(u32(4000000000), 200)
# call: shr(u64(9223372036854775809), u16(arange(5) * 16383))
# call: shr(True, 200)
# call: shr(3, i8(arange(5) * 60 - 128))
# call: shr(3, i16(arange(5) * 16000 - 32768))
# call: shr(-1, i8(-128))


def shr(a, b):
    return a >> b
