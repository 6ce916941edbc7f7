"""Slices with bounds and steps of every sign, constant and not."""
# call: tails(uniform(0))
# call: tails(uniform(1))
# call: tails(uniform(2))
# call: tails(uniform(7))
# call: tails(uniform(9))
# call: strided(uniform(0))
# call: strided(uniform(1))
# call: strided(uniform(8))
# call: strided(uniform(129))
# call: negative(uniform(0))
# call: negative(uniform(1))
# call: negative(uniform(2))
# call: negative(uniform(8))
# call: huge(uniform(5))
# call: any_slice(uniform(9), 2, 7, 1)
# call: any_slice(uniform(9), -3, 100, 1)
# call: any_slice(uniform(9), -100, -2, 3)
# call: any_slice(uniform(9), 7, 2, -1)
# call: any_slice(uniform(9), 7, 2, 1)
# call: any_slice(uniform(9), 2, 7, -1)
# call: any_slice(uniform(9), 100, -100, -2)
# call: any_slice(uniform(9), 100, -100, -9223372036854775808)
# call: any_slice(uniform(9), -9223372036854775808, 9223372036854775807, 9223372036854775807)
# call: any_slice(uniform(9), 9223372036854775807, -9223372036854775808, -9223372036854775807)
# call: any_slice(uniform(9), 1, 8, 0)
# call: any_slice(uniform(0), 1, 8, 2)
# call: any_slice(uniform(1), -1, 8, -2)
# call: open_slices(uniform(9), 4, 2)
# call: open_slices(uniform(9), -4, -2)
# call: open_slices(uniform(9), 0, 1)
# call: open_slices(uniform(9), 9, -1)
# call: open_slices(uniform(9), 10, -4)
# call: open_slices(uniform(0), 1, 3)
# call: mixed_bounds(uniform(9), 3)
# call: mixed_bounds(uniform(9), -3)
# call: mixed_bounds(uniform(2), 3)
# call: mixed_bounds(uniform(0), 0)
# call: constant_zero_step(uniform(3))
# call: none_bounds(uniform(5))
# call: two_axes(uniform((4, 5)))
# call: two_axes(uniform((1, 1)))
# call: two_axes(uniform((0, 3)))
# call: two_axes(uniform((3, 0)))
# call: two_axes_any(uniform((4, 5)), 3, 0, -1)
# call: two_axes_any(uniform((4, 5)), -1, -3, -2)
# call: two_axes_any(uniform((4, 5)), 1, 4, 1)
# call: small_dtypes(5)


def tails(x):
    return x[1:], x[:-1], x[1:-1], x[2:], x[-2:], x[:2], x[1:3], x[-3:-1], x[:], x[3:1], x[-1:0], x[5:-5]


def strided(x):
    return x[::2], x[1::2], x[:-1:3], x[2:7:2], x[-5::2], x[-5:-1:4], x[::100], x[7:2:3]


def negative(x):
    return x[::-1], x[::-2], x[5::-1], x[:2:-1], x[-2::-1], x[-2:1:-3], x[6:1:-2], x[1:6:-1], x[-100::-1], x[:-3:-1]


def huge(x):
    return (
        x[-(2**63) :],
        x[: 2**63 - 1],
        x[:: 2**63 - 1],
        x[:: -(2**63)],
        x[99999999999999999999999:],
        x[:-99999999999999999999999],
        x[2**62 : -(2**62)],
        x[-(2**62) : 2**62],
    )


def any_slice(x, a, b, c):
    return x[a:b:c]


def open_slices(x, a, b):
    return x[a:], x[:a], x[a::b], x[:a:b], x[::b], x[a : a + 3]


def mixed_bounds(x, k):
    return x[1:k], x[k:-1], x[-2:k], x[k:3], x[k:1:-1], x[-1:k:-1], x[k::-1], x[:k:-1]


def constant_zero_step(x):
    return x[::0]


def none_bounds(x):
    stop = None
    return x[None:stop:None], x[1:stop], x[stop:3]


def two_axes(x):
    return x[1:, :-1], x[::-1, ::2], x[:2], x[:, 1:3], x[..., ::-1], x[:0, :], x[1:2, 1:2]


def two_axes_any(x, a, b, c):
    return x[a:b:c, a:b:c], x[a:b], x[:, a:b:c]


def small_dtypes(n):
    x = np.zeros(n, np.int8)
    y = np.zeros(n, bool)
    x[1:] = 3
    y[::2] = True
    return x, y, x[::-1], y[1:]
