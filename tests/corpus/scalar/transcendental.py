"""Elementary functions on scalars and arrays, within an ulp of the true value."""

# ulp: 2
# call: exponentials(0.5)
# call: exponentials(f32(0.5))
# call: exponentials(3)
# call: circular(0.5)
# call: circular(f32(-2.0))
# call: hyperbolic(0.75)
# call: logarithms(0.3)
# call: logarithms(f32(12.0))
# call: logarithms(7)
# call: elementwise(linspace(0.1, 3.0, 17))
# call: elementwise(f32(linspace(0.1, 3.0, 17)))
# call: elementwise(i32(arange(9)) + i32(1))
# call: powers(2.5, 1.7)
# call: powers(f32(2.5), f32(-1.7))
# call: powers(linspace(0.1, 3.0, 9), 0.3)
# call: python_side(0.5)
# call: python_side(f32(0.5))


def exponentials(x):
    return np.exp(x), np.exp2(x), np.expm1(x)


def circular(x):
    return np.sin(x), np.cos(x), np.tan(x), np.arctan(x)


def hyperbolic(x):
    return np.tanh(x), np.hypot(x, 2.0), np.cbrt(x)


def logarithms(x):
    return np.log(x), np.log2(x), np.log10(x), np.log1p(x)


def elementwise(x):
    return np.exp(-x) * np.sin(x) + np.log(x)


def powers(x, y):
    return x**y, np.power(x, y)


def python_side(x):
    return math.exp(x), math.sin(x), math.log(x), math.exp(x) * f32(2)
