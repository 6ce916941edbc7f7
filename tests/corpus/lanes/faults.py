"""What fails in a lane is what the serial loop would have met first."""

# ulp: 4
# call: checked(uniform(20), np.array([1, 2, 25, 3, 30, 4, 5, 6, 7, 8]))
# call: checked(uniform(20), np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 19]))
# call: raised(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, -1.0, 3.0]))
# call: raised(np.array([1.0, -2.0, 3.0, -4.0, 5.0, 6.0, 7.0, 8.0, 9.0]))
# call: raised(ones(12))
# call: divided(np.array([5, 4, 3, -7, 2, 6, 1, 9, 9, 9]))
# call: either(np.array([1, 2, 3, 4, 50, 6, 7, 8]), np.array([1, 2, 3, 4, 5, 6, 7, 8]))


def checked(x, k):
    out = np.zeros(len(k))
    for i in prange(len(k)):
        out[i] = np.sqrt(np.exp(x[k[i]]) / 3.0) * np.exp(-x[k[i]])
    return out


def raised(x):
    out = np.zeros(len(x))
    for i in prange(len(x)):
        if x[i] < 0.0:
            raise ValueError("a negative number")
        out[i] = np.exp(np.sqrt(x[i]) / 3.0) / (1.0 + x[i])
    return out


def divided(n):
    out = np.zeros(len(n), dtype=np.int64)
    for i in prange(len(n)):
        out[i] = 100 // n[i]
    return out


def either(k, n):
    table = np.arange(10)
    out = np.zeros(len(k), dtype=np.int64)
    for i in prange(len(k)):
        out[i] = table[k[i]] % n[i]
    return out
