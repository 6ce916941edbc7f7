"""The fast Fourier transform, radix 2, in place (Cooley and Tukey 1965; Numerical Recipes, section 12.2).

    real, imaginary   f64[n], n a power of 2, overwritten by their transform

    durum run kernels/examples/fft.py fft real='uniform(1048576)' imaginary='zeros(1048576)' --out real=real.npy
"""

# ulp: 4
# call: fft(linspace(0.0, 1.0, 16), zeros(16))
# call: fft(ones(1), ones(1))
# call: round_trip(uniform(64), uniform(64))
# call: fft(ones(12), ones(12))


def reverse_bits(real, imaginary):
    n = len(real)
    j = 0
    for i in range(1, n):
        bit = n >> 1
        while j & bit:
            j ^= bit
            bit >>= 1
        j |= bit
        if i < j:
            real[i], real[j] = real[j], real[i]
            imaginary[i], imaginary[j] = imaginary[j], imaginary[i]


def transform(real, imaginary, sign):
    n = len(real)
    assert n & (n - 1) == 0, "the length must be a power of 2"
    reverse_bits(real, imaginary)
    half = 1
    while half < n:
        angle = sign * np.pi / half
        for k in range(half):
            c, s = math.cos(angle * k), math.sin(angle * k)
            for i in range(k, n, 2 * half):
                j = i + half
                re = c * real[j] - s * imaginary[j]
                im = c * imaginary[j] + s * real[j]
                real[j], imaginary[j] = real[i] - re, imaginary[i] - im
                real[i], imaginary[i] = real[i] + re, imaginary[i] + im
        half *= 2


def fft(real, imaginary):
    transform(real, imaginary, -1.0)


def round_trip(real, imaginary):
    """The largest error of a transform and its inverse, below 1e-14 for numbers below 1."""
    re, im = real.copy(), imaginary.copy()
    transform(re, im, -1.0)
    transform(re, im, 1.0)
    error = np.max(np.abs(re / len(re) - real)) + np.max(np.abs(im / len(im) - imaginary))
    return error < 1e-14
