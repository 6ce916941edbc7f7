"""astype between all dtypes."""

# fixed-layout
# call: astype_i8(arange(5) % 2 == 1)
# call: astype_i32(arange(5) % 2 == 1)
# call: astype_i64(arange(5) % 2 == 1)
# call: astype_u16(arange(5) % 2 == 1)
# call: astype_u64(arange(5) % 2 == 1)
# call: astype_i8(i8(arange(5) * 60 - 128))
# call: astype_i64(i8(arange(5) * 60 - 128))
# call: astype_u8(i8(arange(5) * 60 - 128))
# call: astype_i8(i16(arange(5) * 16000 - 32768))
# call: astype_i8(i32(arange(5) * 1000000000 - 2147483648))
# call: astype_i64(i32(arange(5) * 1000000000 - 2147483648))
# call: astype_i32(arange(5) * 4000000000000000000 - 7000000000000000000)
# call: astype_u16(arange(5) * 4000000000000000000 - 7000000000000000000)
# call: astype_f32(arange(5) * 4000000000000000000 - 7000000000000000000)
# call: astype_i64(u8(arange(5) * 63))
# call: astype_u32(u8(arange(5) * 63))
# call: astype_u64(u8(arange(5) * 63))
# call: astype_f32(u8(arange(5) * 63))
# call: astype_i32(u16(arange(5) * 16383))
# call: astype_u32(u16(arange(5) * 16383))
# call: astype_f64(u16(arange(5) * 16383))
# call: astype_i8(u32(arange(5) * 1073741823))
# call: astype_i16(u32(arange(5) * 1073741823))
# call: astype_u16(u32(arange(5) * 1073741823))
# call: astype_i8(u64(arange(5) * 4611686018427387903))
# call: astype_i64(u64(arange(5) * 4611686018427387903))
# call: astype_u16(u64(arange(5) * 4611686018427387903))
# call: astype_u64(u64(arange(5) * 4611686018427387903))
# call: astype_f64(u64(arange(5) * 4611686018427387903))
# call: astype_i16(f32(arange(5) * 0.75 - 1.5))
# call: astype_i32(f32(arange(5) * 0.75 - 1.5))
# call: astype_u8(arange(5) * 0.75 - 1.5)
# call: astype_f32(arange(5) * 0.75 - 1.5)


def astype_i8(a):
    return a.astype(i8)


def astype_i16(a):
    return a.astype(i16)


def astype_i32(a):
    return a.astype(i32)


def astype_i64(a):
    return a.astype(i64)


def astype_u8(a):
    return a.astype(u8)


def astype_u16(a):
    return a.astype(u16)


def astype_u32(a):
    return a.astype(u32)


def astype_u64(a):
    return a.astype(u64)


def astype_f32(a):
    return a.astype(f32)


def astype_f64(a):
    return a.astype(f64)
