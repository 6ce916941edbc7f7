"""Annotated parameters convert what is passed; decorators and imports of other compilers are accepted."""

from numba import njit, prange
import numpy as np

# call: arrays(f32(arange(4)), 2.0)
# call: ints(3)
# call: plain(arange(4) / 2.0)
# call: matrix(uniform((3, 4)))
# call: decorated(arange(5))
# call: typed_local(3)


def arrays(x: f32[:], a: f32):
    return x * a


def ints(n: int, x: float = 0.5) -> float:
    return n * x


def plain(x: f64[:]) -> f64:
    total = 0.0
    for i in range(len(x)):
        total += x[i]
    return total


def matrix(x: f64[:, :]):
    return x[1, 2] + x[-1, -1]


@njit(parallel=True, cache=True)
def decorated(x):
    total = 0
    for i in prange(len(x)):
        total += x[i]
    return total


def typed_local(n):
    total: int = 0
    for i in range(n):
        total += i
    return total
