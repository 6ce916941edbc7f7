"""Whole-array expressions: operators on every mix of dtypes, with scalars and with each other."""

# loops: fused 1
# loops: several 1
# call: operators(uniform(9) + 0.5, normal(9))
# call: operators(f32(uniform(9)) + f32(0.5), f32(normal(9)))
# call: operators(f32(uniform(9)) + f32(0.5), normal(9))
# call: operators(i8(arange(9) * 13 + 5), i8(arange(9) - 20))
# call: operators(u8(arange(9) * 27), u8(arange(9) + 3))
# call: operators(u8(arange(9) * 27), i8(arange(9) - 20))
# call: operators(i16(arange(9) * 3000), u16(arange(9) + 3))
# call: operators(i32(arange(9) * 100000), i32(arange(9) - 20))
# call: operators(u32(arange(9)) - u32(3), u32(arange(9) + 1))
# call: operators(arange(9) * 1000, arange(9) - 20)
# call: operators(u64(arange(9)) - u64(4), u64(arange(9) + 1))
# call: operators(u64(arange(9)), arange(9) - 20)
# call: operators(i8(arange(9)), f32(normal(9)))
# call: operators(i32(arange(9)), f32(normal(9)))
# call: operators(arange(9), normal(9))
# call: operators(uniform(9), 3)
# call: operators(f32(uniform(9)), 3)
# call: operators(f32(uniform(9)), 0.3)
# call: operators(i8(arange(9)), 3)
# call: operators(3, u8(arange(9) + 1))
# call: operators(arange(9), 2.5)
# call: operators(i32(arange(9)), f32(2.5))
# call: operators(uniform((3, 4)), normal((3, 4)))
# call: operators(i32(uniform((2, 3, 2)) * 100), i16(full((2, 3, 2), 7)))
# call: operators(uniform(0), uniform(0))
# call: operators(uniform((0, 3)), uniform((0, 3)))
# call: operators(full((), 2.5), full((), 0.5))
# call: by_zero(arange(9) - 4, i64(zeros(9)))
# call: by_zero(i8(arange(9)), i8(zeros(9)))
# call: by_zero(u16(arange(9)), u16(zeros(9)))
# call: by_zero(normal(9), zeros(9))
# call: by_zero(f32(normal(9)), f32(zeros(9)))
# call: division_edges(i8(full(3, -128)), i8(full(3, -1)))
# call: division_edges(i32(full(3, -2147483648)), i32(full(3, -1)))
# call: fused(uniform(129), normal(129))
# call: fused(f32(uniform(129)), f32(normal(129)))
# call: several(uniform(17), normal(17))
# call: bits(i8(arange(9) * 30), i8(arange(9) - 4))
# call: bits(u16(arange(9) * 3000), u16(arange(9)))
# call: bits(arange(9) * 7, 5)
# call: bits(u8(arange(9) * 7), u8(3))
# call: shifts(i8(arange(9) * 30 - 100), i8(arange(9)))
# call: shifts(u8(arange(9) * 30), u8(arange(9) + 2))
# call: shifts(i32(arange(9) - 4), 31)
# call: shifts(arange(9) - 4, arange(9) * 8)
# call: shifts(u64(arange(9)), u64(arange(9) * 8))
# call: unary(normal(9))
# call: unary(f32(normal(9)))
# call: unary(i8(arange(9) * 32))
# call: unary(u16(arange(9)))


def operators(x, y):
    return x + y, x - y, x * y, x / y, x // y, x % y


def by_zero(x, y):
    return x / y, x // y, x % y


def division_edges(x, y):
    return x // y, x % y


def fused(x, y):
    return (x - y) / (x * x + y * y + 1.0)


def several(x, y):
    a = x + y
    b = a * 2.0
    return a - b / 3.0


def bits(x, y):
    return x & y, x | y, x ^ y, ~x


def shifts(x, y):
    return x << y, x >> y


def unary(x):
    return -x, +x, abs(x)
