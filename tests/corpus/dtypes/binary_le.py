"""`<=` of every two dtypes: arrays, NumPy scalars, Python numbers."""

# fixed-layout
# call: le(arange(5) % 2 == 1, i64(-9223372036854775807))
# call: le(arange(5) % 2 == 1, -1)
# call: le(i8(arange(5) * 60 - 128), i32(arange(5) * 1000000000 - 2147483648))
# call: le(i16(arange(5) * 16000 - 32768), f64(2.5))
# call: le(i16(arange(5) * 16000 - 32768), 200)
# call: le(u8(arange(5) * 63), arange(5) * 4000000000000000000 - 7000000000000000000)
# call: le(f32(arange(5) * 0.75 - 1.5), i16(-300))
# call: le(f32(arange(5) * 0.75 - 1.5), i32(-7))
# call: le(arange(5) * 0.75 - 1.5, u32(arange(5) * 1073741823))
# call: le(arange(5) * 0.75 - 1.5, f64(2.5))
# call: le(np.bool_(True), arange(5) * 4000000000000000000 - 7000000000000000000)
# call: le(np.bool_(True), i8(-128))
# call: le(i32(-7), True)
# call: le(u32(4000000000), u64(arange(5) * 4611686018427387903))
# call: le(u64(9223372036854775809), np.bool_(True))
# call: le(f32(-2.5), arange(5) * 4000000000000000000 - 7000000000000000000)
# call: le(f64(2.5), f32(-2.5))
# call: le(True, i32(-7))
# call: le(True, u64(9223372036854775809))
# call: le(3, np.bool_(True))
# call: le(3, u64(9223372036854775809))
# call: le(-1, 200)
# call: le(200, i16(arange(5) * 16000 - 32768))
# call: le(2.5, arange(5) * 4000000000000000000 - 7000000000000000000)
# call: le(2.5, 2.5)


def le(a, b):
    return a <= b
