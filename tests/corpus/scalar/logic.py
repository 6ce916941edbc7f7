"""`and`, `or`, `not` on bools and on numbers; the right side is evaluated only if needed."""

# call: on_bools(True, False)
# call: on_bools(False, False)
# call: on_bools(True, True)
# call: on_bools(bool_(True), bool_(False))
# call: as_conditions(0, 3)
# call: as_conditions(2, 0)
# call: as_conditions(0.0, 0.0)
# call: as_conditions(f64(np.nan), 1)
# call: as_conditions(i8(0), u8(0))
# call: guarded(6, 0)
# call: guarded(6, 3)
# call: values(0, 7)
# call: values(3, 7)
# call: ternaries(-2)
# call: ternaries(0)
# call: ternaries(5)
# call: bool_sums(True, True, False)


def on_bools(a, b):
    return a and b, a or b, not a, not (a or b) and a


def as_conditions(a, b):
    result = 0
    if a and b:
        result += 1
    if a or b:
        result += 2
    if not a:
        result += 4
    if not a and not b:
        result += 8
    return result


def guarded(a, b):
    return b != 0 and a // b == 2


def values(a, b):
    return a and b, a or b


def ternaries(n):
    sign = 1 if n > 0 else -1 if n < 0 else 0
    return sign, n if n > 0 else -n, 10 * (n if n % 2 == 0 else n + 1)


def bool_sums(a, b, c):
    return a + b + c, a * b, a - b, -a, +b, (a < b) + (b < c)
