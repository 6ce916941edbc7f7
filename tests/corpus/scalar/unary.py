"""Unary minus, plus and `~`: they wrap, keep the width, and keep the sign of zero."""

# call: signs(5)
# call: signs(i8(-128))
# call: signs(u8(5))
# call: signs(u64(5))
# call: signs(i64(5))
# call: signs(0.0)
# call: signs(f32(0.1))
# call: signs(f64(np.inf))
# call: signs(True)
# call: nested(3)
# call: nested(i16(-3))
# call: precedence(2, 3, 5)
# call: precedence(2.0, 3.0, 5.0)


def signs(x):
    return -x, +x, -(-x), 0 - x


def nested(x):
    return - -x, ~~x, -~x, ~-x, not not x, +~+x


def precedence(a, b, c):
    return a + b * c, (a + b) * c, -a**2, a - b - c, a / b / c, a * b % c, a + b < c * a, not a < b, a - -b
