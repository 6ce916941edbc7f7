"""round to digits, divmod, comparisons beyond a dtype, Python's conversions of NumPy's values, names of dtypes."""

# call: python_rounds(2.675)
# call: python_rounds(-2.675)
# call: python_rounds(0.5)
# call: python_rounds(1.005)
# call: python_rounds(-0.4)
# call: python_rounds(0.0)
# call: python_rounds(-0.0)
# call: python_rounds(np.inf)
# call: python_rounds(1e300)
# call: python_rounds(4503599627370497.5)
# call: python_rounds(9007199254740993.0)
# call: python_rounds(1234567.891)
# call: python_rounds(5e-324)
# call: python_rounds(0.49999999999999994)
# call: python_rounds(2.5)
# call: python_rounds(3.5)
# call: python_rounds(0.15)
# call: python_rounds(8.345)
# call: numpy_rounds(f64(2.675))
# call: numpy_rounds(f32(2.675))
# call: numpy_rounds(f64(-1234.5))
# call: numpy_rounds(f32(-0.45))
# call: integer_rounds(17, i32(17), u8(255), i8(-126))
# call: many_rounds(5000)
# call: divmods(17, 5)
# call: divmods(-17, 5)
# call: divmods(17.5, -5)
# call: divmods(i8(-17), i8(5))
# call: divmods(u8(200), f32(7))
# call: divmods(True, 2)
# call: array_divmods(arange(5) - 2, 3)
# call: array_divmods(arange(5) - 2.5, arange(5) + 1.0)
# call: divmod_effects(arange(3))
# call: beyond(i8(-128))
# call: beyond(u8(255))
# call: beyond(i64(9223372036854775807))
# call: beyond(u64(18446744073709551615))
# call: beyond(7)
# call: beyond(f64(1e19))
# call: beyond_arrays(arange(4) - 2)
# call: beyond_arrays(u64(arange(4)))
# call: beyond_arrays(i8(arange(4)))
# call: beyond_arrays(f32(arange(4)))
# call: rank_0(zeros(()))
# call: conversions(f32(2.75))
# call: conversions(i8(-3))
# call: conversions(np.bool_(True))
# call: conversions(u64(9))
# call: names(4)
# call: like(f32(arange(3)), i16(arange(3)))
# call: absolutes(i8(-128), u8(200), np.bool_(True))


def python_rounds(x):
    return round(x, 2), round(x, 0), round(x, 1), round(x, ndigits=3), round(x, 10), round(x, 15), round(x, 22)


def numpy_rounds(x):
    return round(x, 2), round(x, 0), round(x, 1), round(x, -2), round(x, -1), round(x), round(x, None)


def integer_rounds(n, a, b, c):
    return round(n, 2), round(a, 1), round(a, -1), round(b, 0), round(b, -2), round(c, -1), round(True), round(False, 1), round(n)


def many_rounds(n):
    x = np.zeros(n)
    for i in range(n):
        x[i] = round(i * 0.005 - 3.0, 2)
    y = np.zeros(n)
    for i in range(n):
        y[i] = round(i * 0.00715 + 0.1, 3)
    return x, y


def divmods(a, b):
    q, r = divmod(a, b)
    return q, r, divmod(b, a)[0], len(divmod(a, b))


def array_divmods(a, b):
    q, r = divmod(a, b)
    return q, r


def divmod_effects(x):
    return divmod(bump(x) * 10, bump(x)), x


def bump(x):
    x[0] += 1
    return x[0]


def beyond(x):
    return (
        2**63 <= x,
        2**63 > x,
        x == 2**64,
        x != 2**64,
        -(2**63) - 1 < x,
        x <= -(2**70),
        x >= -(2**70),
        18446744073709551616 < x,
        0 < x < 2**64,
    )


def beyond_arrays(x):
    return x < 2**63, x >= 2**64, x == -(2**64), -(2**65) < x


def rank_0(x):
    a = 1 if x else 2
    return int(x), float(x), bool(x), a, not x


def conversions(x):
    return int(x), float(x), bool(x), int(x) // 2, float(x) / 2, int(True), bool(0.0), float(3)


def names(n):
    return (
        np.zeros(n, "f4"),
        np.ones(n, dtype="i8"),
        np.ones(n, "i1"),
        np.full(n, 3, "<u2"),
        np.zeros(n, "float32"),
        np.zeros(n, "?"),
        np.zeros(n, "bool"),
        np.ones(n, "int"),
        np.ones(n, float),
        np.ones(n, int),
        np.ones(n, bool),
        np.ones(n).astype("uint8"),
        np.ones(n, "d"),
        np.ones(n, "B"),
    )


def like(x, y):
    return y.astype(x.dtype), np.zeros(2, dtype=y.dtype), x.astype(y.dtype).astype(np.int64), x.astype(np.float64, copy=False)


def absolutes(a, b, c):
    return abs(a), abs(b), abs(c), abs(-3), abs(-2.5), abs(True), -a, +a, ~b, -b
