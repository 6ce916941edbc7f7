"""Jacobi iteration for Laplace's equation on a rectangle: each inner point becomes the mean of its four neighbours.

    a, b    f64[h, w] with the same fixed boundary; the result is in a, b is working space
    pairs   number of double sweeps, a to b and b to a

    durum run kernels/examples/jacobi.py jacobi a='ones((512, 512))' b='ones((512, 512))' pairs=50 --out a=a.npy
"""

# call: jacobi(uniform((12, 17)), uniform((12, 17)), 3)
# call: residual(uniform((12, 17)))


def sweep(old, new):
    height, width = old.shape
    for i in prange(1, height - 1):
        for j in range(1, width - 1):
            new[i, j] = 0.25 * (old[i - 1, j] + old[i + 1, j] + old[i, j - 1] + old[i, j + 1])


def jacobi(a, b, pairs):
    for _ in range(pairs):
        sweep(a, b)
        sweep(b, a)


def residual(a):
    """The largest change that one more sweep would make."""
    height, width = a.shape
    worst = 0.0
    for i in prange(1, height - 1):
        for j in range(1, width - 1):
            mean = 0.25 * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])
            worst = max(worst, abs(mean - a[i, j]))
    return worst
