"""`x %= y` of arrays: what NumPy stores back."""

# fixed-layout
# call: imod(i32(arange(5) * 1000000000 - 2147483648), arange(5) * 4000000000000000000 - 7000000000000000000)
# call: imod(i32(arange(5) * 1000000000 - 2147483648), i16(-300))
# call: imod(i32(arange(5) * 1000000000 - 2147483648), 3)
# call: imod(arange(5) * 4000000000000000000 - 7000000000000000000, True)
# call: imod(u32(arange(5) * 1073741823), np.bool_(True))
# call: imod(u64(arange(5) * 4611686018427387903), u8(250))
# call: imod(u64(arange(5) * 4611686018427387903), True)
# call: imod(f32(arange(5) * 0.75 - 1.5), i8(arange(5) * 60 - 128))
# call: imod(f32(arange(5) * 0.75 - 1.5), i16(arange(5) * 16000 - 32768))
# call: imod(f32(arange(5) * 0.75 - 1.5), arange(5) * 4000000000000000000 - 7000000000000000000)
# call: imod(f32(arange(5) * 0.75 - 1.5), np.bool_(True))


def imod(a, b):
    a %= b
    return a
