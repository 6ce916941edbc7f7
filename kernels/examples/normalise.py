"""Standardises a vector: subtracts its mean and divides by its standard deviation.

    x   f64[n] or f32[n]; an array of the same shape and dtype is returned

Two reductions and two elementwise passes, written as whole-array code.

    durum run kernels/examples/normalise.py normalise x='uniform(1_000_000)' --out return=z.npy
"""

# call: normalise(uniform(1000))
# call: normalise(f32(uniform(129)))


def normalise(x):
    centred = x - np.mean(x)
    return centred / np.sqrt(np.mean(centred * centred))
