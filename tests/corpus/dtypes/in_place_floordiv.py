"""`x //= y` of arrays: what NumPy stores back."""

# fixed-layout
# call: ifloordiv(i8(arange(5) * 60 - 128), i16(arange(5) * 16000 - 32768))
# call: ifloordiv(i8(arange(5) * 60 - 128), u8(250))
# call: ifloordiv(i16(arange(5) * 16000 - 32768), np.bool_(True))
# call: ifloordiv(i16(arange(5) * 16000 - 32768), i64(-9223372036854775807))
# call: ifloordiv(i16(arange(5) * 16000 - 32768), u8(250))
# call: ifloordiv(i16(arange(5) * 16000 - 32768), -1)
# call: ifloordiv(i32(arange(5) * 1000000000 - 2147483648), u8(arange(5) * 63))
# call: ifloordiv(i32(arange(5) * 1000000000 - 2147483648), 3)
# call: ifloordiv(arange(5) * 4000000000000000000 - 7000000000000000000, i8(arange(5) * 60 - 128))
# call: ifloordiv(arange(5) * 4000000000000000000 - 7000000000000000000, i16(-300))
# call: ifloordiv(arange(5) * 4000000000000000000 - 7000000000000000000, i32(-7))
# call: ifloordiv(u8(arange(5) * 63), u8(250))
# call: ifloordiv(u16(arange(5) * 16383), u64(arange(5) * 4611686018427387903))
# call: ifloordiv(u64(arange(5) * 4611686018427387903), u32(4000000000))
# call: ifloordiv(f32(arange(5) * 0.75 - 1.5), arange(5) % 2 == 1)
# call: ifloordiv(arange(5) * 0.75 - 1.5, u8(arange(5) * 63))
# call: ifloordiv(arange(5) * 0.75 - 1.5, u16(arange(5) * 16383))
# call: ifloordiv(arange(5) * 0.75 - 1.5, u64(9223372036854775809))


def ifloordiv(a, b):
    a //= b
    return a
