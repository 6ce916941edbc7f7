"""Where the language departs from CPython, as docs/language.md says: the expected lines are written by hand."""

# call: wraps(9223372036854775807)
# call: strong_division(i32(7), i32(0))
# call: strong_modulo(u8(7), u8(0))
# call: float_division(1.0, 0.0)
# call: float_division(-1.0, 0)
# call: float_division(0.0, 0.0)
# call: float_modulo(5.0, 0.0)
# call: negative_exponent(2, -1)
# call: negative_exponent(i32(2), i32(-1))
# call: shift_beyond(1, 64)
# call: shift_beyond(-1, 70)
# call: joined(True)
# call: joined(False)
# call: stored(300, 3e9, u32(4000000000))
# call: wide_index(arange(5), u64(18446744073709551615))
# call: truncates(f64(np.nan))
# call: truncates(f64(1e30))
# call: parsed_wide(1.5)


def wraps(n):
    return n + 1, n * 2, -(n + 1)


def strong_division(a, b):
    return a // b


def strong_modulo(a, b):
    return a % b


def float_division(a, b):
    return a / b


def float_modulo(a, b):
    return a % b


def negative_exponent(a, n):
    return a**n


def shift_beyond(n, by):
    return n << by, n >> by


def joined(which):
    if which:
        x = 1
    else:
        x = 2.5
    return x


def wide_index(x, i):
    return x[i]


def truncates(x):
    return int(x)


def parsed_wide(x):
    return int(x * 1e300) + 1


def stored(a, b, c):
    x = np.zeros(3, dtype=np.int16)
    x[0], x[1], x[2] = a * 300, b, c
    return x
