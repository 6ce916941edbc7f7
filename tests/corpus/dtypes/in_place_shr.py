"""`x >>= y` of arrays: what NumPy stores back."""

# fixed-layout
# call: ishr(i8(arange(5) * 60 - 128), u16(arange(5) * 16383))
# call: ishr(i16(arange(5) * 16000 - 32768), i16(arange(5) * 16000 - 32768))
# call: ishr(i16(arange(5) * 16000 - 32768), i32(-7))
# call: ishr(i16(arange(5) * 16000 - 32768), i64(-9223372036854775807))
# call: ishr(i16(arange(5) * 16000 - 32768), u8(250))
# call: ishr(arange(5) * 4000000000000000000 - 7000000000000000000, arange(5) % 2 == 1)
# call: ishr(u8(arange(5) * 63), 3)


def ishr(a, b):
    a >>= b
    return a
