"""`x += y` of arrays: what NumPy stores back."""

# fixed-layout
# call: iadd(i8(arange(5) * 60 - 128), i32(arange(5) * 1000000000 - 2147483648))
# call: iadd(i16(arange(5) * 16000 - 32768), u16(arange(5) * 16383))
# call: iadd(i16(arange(5) * 16000 - 32768), i64(-9223372036854775807))
# call: iadd(i32(arange(5) * 1000000000 - 2147483648), i16(arange(5) * 16000 - 32768))
# call: iadd(i32(arange(5) * 1000000000 - 2147483648), u32(arange(5) * 1073741823))
# call: iadd(u16(arange(5) * 16383), arange(5) % 2 == 1)
# call: iadd(arange(5) * 0.75 - 1.5, u64(arange(5) * 4611686018427387903))
# call: iadd(arange(5) * 0.75 - 1.5, f32(arange(5) * 0.75 - 1.5))
# call: iadd(arange(5) * 0.75 - 1.5, i32(-7))


def iadd(a, b):
    a += b
    return a
