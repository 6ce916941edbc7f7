"""Elementwise work: streams, branches, bits, mathematics."""


def triad(a, x, z, out):
    out[:] = a * x + z


def chain(x, y, z, out):
    out[:] = np.sqrt(x * x + y * y) * 0.5 + z * (x - y) / (1 + z * z)


def stencil(x, out):
    out[1:-1] = 0.25 * x[:-2] + 0.5 * x[1:-1] + 0.25 * x[2:]


def branchy(x, out):
    for i in prange(len(x)):
        v = x[i]
        if v < 0.3:
            out[i] = v * v + 1.0
        elif v < 0.6:
            out[i] = 2.0 * v - 0.5
        else:
            out[i] = 1.5 - v * 0.25


def crc(x, out):
    """Eight rounds of a reflected CRC register, 64 bits wide."""
    for i in prange(len(x)):
        c = x[i]
        for _ in range(8):
            c = (c >> np.uint64(1)) ^ (np.uint64(0xC96C5795D7870F42) & (np.uint64(0) - (c & np.uint64(1))))
        out[i] = c


def exp_sin_log(x, out):
    out[:] = np.exp(-x * x) * np.sin(3 * x) + np.log(1 + x * x)


def exp(x, out):
    out[:] = np.exp(x)


def log(x, out):
    out[:] = np.log(x)


def sin(x, out):
    out[:] = np.sin(x)
