"""Newton's method for cube roots, each element until its own step is small (Isaac Newton 1669, Joseph Raphson 1690).
    x         f64[n], above 0
    out       f64[n], written: the roots
    returns   the number of steps in all
    durum run kernels/examples/newton.py cube_roots x='np.linspace(1, 1000, 1_000_000)' out='zeros(1_000_000)' --out out=roots.npy
"""


def cube_root(x):
    root = x if x < 1.0 else x / 3.0 + 2.0 / 3.0
    steps = 0
    change = root
    while abs(change) > 1e-15 * root and steps < 100:
        change = (root - x / (root * root)) / 3.0
        root -= change
        steps += 1
    return root, steps


# call: cube_roots(np.linspace(1, 1000, 37), zeros(37))
# call: cube_roots(np.array([8.0, 1e-3, 1e100, 27.0]), zeros(4))
# call: cube_roots(zeros(0), zeros(0))
def cube_roots(x, out):
    total = 0
    for i in prange(len(x)):
        root, steps = cube_root(x[i])
        out[i] = root
        total += steps
    return total
