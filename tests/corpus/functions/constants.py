"""Module constants are frozen values: weak where Python's are, and usable as shapes and bounds."""

import math
import numpy as np

N = 4
HALF = 0.5
NEGATIVE = -3
FLAG = True
BOTH = N * 2 + 1
TAU = 2 * math.pi
PAIR = (2, 3)
TYPED = np.float32(0.1)

# call: scalars(f32(0.1))
# call: scalars(3)
# call: shapes()
# call: loops(arange(9))
# call: flags(1)
# call: shadowed(2)
# call: typed(f32(2.0))
# call: as_default(5)
# call: pair()


def scalars(x):
    return x * HALF, x + N, x - NEGATIVE, x * TAU, BOTH


def shapes():
    return np.zeros(N), np.ones((N, BOTH)), np.full(N, HALF)


def loops(x):
    total = 0
    for i in range(N):
        total += x[i * 2] * BOTH
    return total


def flags(n):
    if FLAG:
        return n + 1
    return n


def shadowed(N):
    return N * 2


def typed(x):
    return x * TYPED, TYPED * 2


def as_default(n, m=N):
    return n * m


def pair():
    return PAIR[0] * PAIR[1], PAIR
