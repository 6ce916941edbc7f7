"""`|` of every two dtypes: arrays, NumPy scalars, Python numbers."""

# fixed-layout
# call: or_(arange(5) % 2 == 1, u8(250))
# call: or_(i16(arange(5) * 16000 - 32768), np.bool_(True))
# call: or_(u8(arange(5) * 63), arange(5) * 4000000000000000000 - 7000000000000000000)
# call: or_(u32(arange(5) * 1073741823), np.bool_(True))
# call: or_(u64(arange(5) * 4611686018427387903), u8(250))
# call: or_(np.bool_(True), i8(-128))
# call: or_(i16(-300), u8(arange(5) * 63))
# call: or_(i16(-300), u16(arange(5) * 16383))
# call: or_(i32(-7), i32(-7))
# call: or_(i32(-7), 200)
# call: or_(i64(-9223372036854775807), i16(-300))
# call: or_(i64(-9223372036854775807), i64(-9223372036854775807))
# call: or_(i64(-9223372036854775807), u8(250))
# call: or_(u8(250), i16(arange(5) * 16000 - 32768))
# call: or_(u8(250), u64(arange(5) * 4611686018427387903))
# call: or_(u16(65535), i8(-128))
# call: or_(u16(65535), 200)
# call: or_(u32(4000000000), arange(5) * 4000000000000000000 - 7000000000000000000)
# call: or_(u32(4000000000), u8(arange(5) * 63))
# call: or_(u32(4000000000), i64(-9223372036854775807))
# call: or_(True, -1)
# call: or_(3, i64(-9223372036854775807))
# call: or_(200, u8(250))


def or_(a, b):
    return a | b
