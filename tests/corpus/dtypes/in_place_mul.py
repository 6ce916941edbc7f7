"""`x *= y` of arrays: what NumPy stores back."""

# fixed-layout
# call: imul(i8(arange(5) * 60 - 128), u32(arange(5) * 1073741823))
# call: imul(i8(arange(5) * 60 - 128), 3)
# call: imul(arange(5) * 4000000000000000000 - 7000000000000000000, u16(arange(5) * 16383))
# call: imul(arange(5) * 4000000000000000000 - 7000000000000000000, i16(-300))
# call: imul(u8(arange(5) * 63), u16(arange(5) * 16383))
# call: imul(u8(arange(5) * 63), u8(250))
# call: imul(u16(arange(5) * 16383), u16(65535))
# call: imul(u16(arange(5) * 16383), True)
# call: imul(u32(arange(5) * 1073741823), arange(5) % 2 == 1)
# call: imul(u32(arange(5) * 1073741823), u16(65535))
# call: imul(u64(arange(5) * 4611686018427387903), u8(arange(5) * 63))
# call: imul(u64(arange(5) * 4611686018427387903), u8(250))
# call: imul(f32(arange(5) * 0.75 - 1.5), i32(arange(5) * 1000000000 - 2147483648))
# call: imul(f32(arange(5) * 0.75 - 1.5), arange(5) * 0.75 - 1.5)
# call: imul(f32(arange(5) * 0.75 - 1.5), i32(-7))
# call: imul(f32(arange(5) * 0.75 - 1.5), f64(2.5))
# call: imul(arange(5) * 0.75 - 1.5, i32(-7))


def imul(a, b):
    a *= b
    return a
