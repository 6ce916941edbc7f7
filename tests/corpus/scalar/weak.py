"""What CPython would hold as int, float or bool takes the other operand's type, also through variables and accumulators."""

# call: literals(i8(5))
# call: literals(u8(5))
# call: literals(i32(5))
# call: literals(f32(0.1))
# call: literals(f64(0.1))
# call: literals(5)
# call: accumulator(f32(arange(9)))
# call: accumulator(arange(9))
# call: accumulator(u8(arange(9)))
# call: typed_accumulator(f32(arange(9)))
# call: counters(i8(arange(5)))
# call: counters(f32(arange(5)))
# call: constants(f32(0.1))
# call: constants(i16(3))
# call: of_math(f32(0.25))
# call: of_math(4)
# call: mixed(f32(0.1), 3)
# call: mixed(i8(3), 2.5)
# call: parameter(f32(0.1))
# call: parameter(i8(7))


def literals(x):
    return x + 1, 2 * x, x - 0.5, x * True, x / 2, 1 - x, x + (1 + 2), (0.5 + 1) * x


def accumulator(x):
    total = 0
    scaled = 0.0
    for i in range(len(x)):
        total += x[i]
        scaled += 2 * x[i]
    return total, scaled


def typed_accumulator(x):
    total = f64(0)
    for i in range(len(x)):
        total += x[i]
    return total


def counters(x):
    result = x[0]
    for i in range(len(x)):
        result = x[i] * i + len(x) - x.shape[0] + x.ndim
    return result, len(x) * x[1], x.size + x[1]


def constants(x):
    return x * np.pi, x + math.e, math.tau * 2, np.inf + x


def of_math(x):
    return math.sqrt(x), np.sqrt(x), math.sqrt(x) * f32(2), np.sqrt(x) * f32(2), math.floor(x), np.floor(x)


def mixed(x, n):
    scale = n * 2 + 1
    offset = 0.5 if n > 100 else n
    return x * scale, x + offset


def parameter(x):
    return twice(x, 2), twice(2, x), twice(x, 0.5)


def twice(a, b):
    return a * b + b
