"""A rare case under a branch, arithmetic that lanes do one by one: no lane takes it, some do, all do."""


# call: rare(np.linspace(-1, 1, 19), zeros(19))
# call: rare(np.linspace(-1e9, 1e9, 19), zeros(19))
# call: rare(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 1e9, 7.0, 8.0, 9.0]), zeros(9))
# call: rare(full(17, 1e10), zeros(17))
def rare(x, out):
    for i in prange(len(x)):
        y = x[i] * 2.0
        if abs(x[i]) > 134217728.0:
            y = math.floor(math.sqrt(abs(y))) / (1.0 + abs(x[i])) + math.sin(0.0 * y)
        out[i] = y


# call: sine(np.linspace(-1, 1, 19))
# call: sine(np.array([0.5, 0.25, 1e-3, 0.0, 0.5, 0.25, 1e-3, 0.0, 0.5]))
def sine(x):
    return np.round(np.sin(x), 9)
