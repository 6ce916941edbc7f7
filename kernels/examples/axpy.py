"""axpy: y <- a x + y, in place.

    x, y   f64[n] or f32[n]; y is written
    a      a number

    durum run kernels/examples/axpy.py axpy a=2.0 x='np.linspace(0, 1, 1_000_000)' y='ones(1_000_000)' --out y=y.npy
"""

# call: axpy(2.0, np.linspace(0, 1, 1000), ones(1000))
# call: axpy(-0.5, f32(np.linspace(0, 1, 9)), f32(ones(9)))


def axpy(a, x, y):
    for i in prange(len(x)):
        y[i] = a * x[i] + y[i]
