"""The logistic map x <- r x (1 - x), iterated for many values of r at once.

    r       f64[n], between 0 and 4
    x       f64[n]: the starting points, overwritten by the state after `steps` steps
    steps   number of iterations; a sensitive test of floating-point order

    durum run kernels/examples/logistic_map.py logistic_map r='np.linspace(2.5, 4, 100_000)' x='full(100_000, 0.5)' \\
        steps=1000 --out x=x.npy
"""

# ulp: 64
# call: logistic_map(np.linspace(2.5, 4, 100), full(100, 0.5), 100)
# call: lyapunov(np.linspace(2.5, 4, 10), 0.4, 50)


def logistic_map(r, x, steps):
    for i in prange(len(r)):
        state = x[i]
        for _ in range(steps):
            state = r[i] * state * (1.0 - state)
        x[i] = state


def lyapunov(r, start, steps):
    """The Lyapunov exponent: the mean of ln |r (1 - 2x)| along an orbit; above 0 the motion is chaotic."""
    out = np.empty_like(r)
    for i in prange(len(r)):
        state = r[i] * start * (1.0 - start)
        total = np.log(abs(r[i] * (1.0 - 2.0 * state)))
        for _ in range(1, steps):
            state = r[i] * state * (1.0 - state)
            total += np.log(abs(r[i] * (1.0 - 2.0 * state)))
        out[i] = total / steps
    return out
