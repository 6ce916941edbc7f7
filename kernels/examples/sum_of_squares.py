"""The sum of the squares of a vector, and a whole-array expression that needs no temporary.

    x, y   f64[n] or f32[n]
    sum_of_squares returns a number of the dtype of x; normalise returns an array

The sum follows the pairwise order over the iterations, so it has the same bits on any number of threads. CPython adds
from left to right: the two differ in the last bits.

    durum run kernels/examples/sum_of_squares.py sum_of_squares x='np.linspace(0, 1, 1_000_000)'
"""

# call: sum_of_squares(arange(64) * 1.0)
# call: normalise(np.linspace(0, 1, 100), np.linspace(2, 1, 100))


def sum_of_squares(x):
    total = 0.0
    for i in prange(len(x)):
        total += x[i] * x[i]
    return total


def normalise(x, y):
    return (x - y) / np.sqrt(x * x + y * y + 1.0)
