"""`& | ^ ~ << >>` on integers and bools of every kind."""

# call: logic(i8(-6), i8(12))
# call: logic(u8(250), u8(12))
# call: logic(u8(250), i8(-12))
# call: logic(i16(-600), u8(255))
# call: logic(u16(60000), u16(255))
# call: logic(u32(4000000000), i32(-1))
# call: logic(i64(-6), i64(255))
# call: logic(u64(18446744073709551615), u64(255))
# call: logic(-6, 12)
# call: logic(i8(-6), 12)
# call: logic(12, u16(65535))
# call: logic(True, False)
# call: logic(True, 6)
# call: logic(bool_(True), bool_(False))
# call: logic(bool_(True), True)
# call: logic(bool_(True), i16(6))
# call: logic(bool_(True), 6)
# call: shifts(i8(-100), i8(3))
# call: shifts(i8(100), i8(7))
# call: shifts(i8(100), i8(8))
# call: shifts(i8(-100), i8(9))
# call: shifts(u8(200), u8(1))
# call: shifts(u8(200), u8(8))
# call: shifts(u8(200), i8(1))
# call: shifts(i16(-3000), 4)
# call: shifts(u16(50000), 15)
# call: shifts(i32(-5), i32(31))
# call: shifts(i32(-5), i32(32))
# call: shifts(u32(4000000000), u32(33))
# call: shifts(i64(-5), i64(63))
# call: shifts(i64(-5), i64(64))
# call: shifts(u64(18446744073709551615), u64(63))
# call: shifts(u64(18446744073709551615), u64(64))
# call: shifts(5, 3)
# call: shifts(-5, 3)
# call: shifts(-5, 100)
# call: shifts(True, 3)
# call: shifts(bool_(True), i8(3))
# call: inverted(5)
# call: inverted(i8(5))
# call: inverted(u8(5))
# call: inverted(u16(5))
# call: inverted(u64(5))
# call: inverted(bool_(True))
# call: inverted(bool_(False))


def logic(a, b):
    return a & b, a | b, a ^ b


def shifts(a, b):
    return a << b if b < 10 else a, a >> b


def inverted(a):
    return ~a
