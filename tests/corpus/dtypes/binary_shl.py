"""`<<` of every two dtypes: arrays, NumPy scalars, Python numbers."""

# fixed-layout
# call: shl(i8(arange(5) * 60 - 128), u16(65535))
# call: shl(i16(arange(5) * 16000 - 32768), arange(5) % 2 == 1)
# call: shl(i16(arange(5) * 16000 - 32768), i8(arange(5) * 60 - 128))
# call: shl(i16(arange(5) * 16000 - 32768), i32(arange(5) * 1000000000 - 2147483648))
# call: shl(i16(arange(5) * 16000 - 32768), u32(arange(5) * 1073741823))
# call: shl(i16(arange(5) * 16000 - 32768), 3)
# call: shl(i32(arange(5) * 1000000000 - 2147483648), np.bool_(True))
# call: shl(arange(5) * 4000000000000000000 - 7000000000000000000, u16(arange(5) * 16383))
# call: shl(arange(5) * 4000000000000000000 - 7000000000000000000, np.bool_(True))
# call: shl(arange(5) * 4000000000000000000 - 7000000000000000000, i16(-300))
# call: shl(u32(arange(5) * 1073741823), i32(arange(5) * 1000000000 - 2147483648))
# call: shl(u32(arange(5) * 1073741823), True)
# call: shl(u32(arange(5) * 1073741823), 3)
# call: shl(np.bool_(True), i16(-300))
# call: shl(i8(-128), i8(arange(5) * 60 - 128))
# call: shl(i32(-7), arange(5) * 4000000000000000000 - 7000000000000000000)
# call: shl(i32(-7), u32(4000000000))
# call: shl(i32(-7), 200)
# call: shl(i64(-9223372036854775807), True)
# call: shl(u8(250), i8(-128))
# call: shl(u16(65535), i16(-300))
# call: shl(u64(9223372036854775809), 200)
# call: shl(200, 200)


def shl(a, b):
    return a << b
