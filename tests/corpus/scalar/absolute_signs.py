"""Signs that an absolute value hides, those of zeros and NaN included; and what is odd, for x and -x."""

# call: sizes(np.array([1.5, -2.0, 0.0, -0.0, np.nan, -np.nan, np.inf, -np.inf]), 3.0)
# call: sizes(np.array([1.5, -2.0, 0.0, -0.0, np.nan, -np.nan, np.inf, -np.inf], dtype=np.float32), f32(-3.0))
# call: sizes(np.linspace(-4, 4, 37), -0.5)
# call: odd(np.linspace(-4, 4, 37), 3.0)
# call: odd(f32(np.linspace(-4, 4, 37)), f32(3.0))


def sizes(x, y):
    quotient = abs(-x / y)
    product = abs(-x * -y)
    wide = abs(np.float64(-x / y))
    return quotient, product, wide, np.copysign(1.0, quotient), np.signbit(wide), abs(-x - y)


def odd(x, y):
    out = np.empty((2, len(x)))
    for i in range(len(x)):
        out[0, i] = math.erf(x[i] / y) + math.erf(-x[i] / y)
        out[1, i] = math.fabs(math.erf(-x[i] / y)) - math.fabs(math.erf(x[i] / -y))
    return out
