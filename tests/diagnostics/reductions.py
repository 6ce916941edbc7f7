# Options of reductions.

# case: an axis that is not there
# call: f(f64[:, :])
def f(x):
    return x.sum(axis=2)
#| error: axis 2 is out of range for an array of rank 2
#|   2:23
#|         return x.sum(axis=2)
#|                           ^

# case: a negative axis that is not there
# call: f(f64[:, :])
def f(x):
    return np.mean(x, axis=(0, -3))
#| error: axis -3 is out of range for an array of rank 2
#|   2:32
#|         return np.mean(x, axis=(0, -3))
#|                                    ^^

# case: an axis twice
# call: f(f64[:, :])
def f(x):
    return x.max(axis=(1, -1))
#| error: axis 1 is given twice
#|   2:27
#|         return x.max(axis=(1, -1))
#|                               ^^

# case: an axis that is a variable
# call: f(f64[:, :], int)
def f(x, k):
    return np.sum(x, axis=k)
#| error: an axis must be a constant int, not a variable
#|   2:27
#|         return np.sum(x, axis=k)
#|                               ^
#|   hint: the rank of the result depends on it, so it is part of the type

# case: an axis that is a float
# call: f(f64[:, :])
def f(x):
    return np.sum(x, 1.0)
#| error: an axis must be a constant int, not float
#|   2:22
#|         return np.sum(x, 1.0)
#|                          ^^^

# case: an axis that is a bool
# call: f(f64[:, :])
def f(x):
    return np.any(x, axis=True)
#| error: an axis must be a constant int, not bool
#|   2:27
#|         return np.any(x, axis=True)
#|                               ^^^^

# case: an axis of a number
# call: f(f64)
def f(x):
    return np.mean(x, axis=0)
#| error: axis 0 is out of range for an array of rank 0
#|   2:28
#|         return np.mean(x, axis=0)
#|                                ^

# case: an option that is not there
# call: f(f64[:])
def f(x):
    return x.sum(keepdim=True)
#| error: `x.sum` has no option `keepdim`
#|   2:18
#|         return x.sum(keepdim=True)
#|                      ^^^^^^^
#|   hint: did you mean `keepdims`?

# case: an option of another function
# call: f(f64[:])
def f(x):
    return np.min(x, dtype=np.float32)
#| error: `np.min` has no option `dtype`
#|   2:22
#|         return np.min(x, dtype=np.float32)
#|                          ^^^^^

# case: an option given twice
# call: f(f64[:, :])
def f(x):
    return np.sum(x, 0, axis=1)
#| error: `axis` is given twice
#|   2:25
#|         return np.sum(x, 0, axis=1)
#|                             ^^^^

# case: too many arguments
# call: f(f64[:, :])
def f(x):
    return x.any(0, None, True, 1)
#| error: `x.any` takes at most 3 positional arguments, not 4
#|   2:12
#|         return x.any(0, None, True, 1)
#|                ^^^^^^^^^^^^^^^^^^^^^^^

# case: keepdims that is a variable
# call: f(f64[:, :], bool)
def f(x, keep):
    return np.sum(x, axis=0, keepdims=keep)
#| error: `keepdims` must be a constant True or False
#|   2:39
#|         return np.sum(x, axis=0, keepdims=keep)
#|                                           ^^^^

# case: an initial value that does not fit
# call: f(i8[:])
def f(x):
    return np.min(x, initial=1000)
#| error: 1000 does not fit i8, which holds -128 to 127
#|   2:30
#|         return np.min(x, initial=1000)
#|                                  ^^^^

# case: where
# call: f(f64[:])
def f(x):
    return np.sum(x, where=x > 0)
#| error: `where=` of a reduction is not supported yet
#|   2:28
#|         return np.sum(x, where=x > 0)
#|                                ^^^^^

# case: into an array
# call: f(f64[:, :], f64[:])
def f(x, y):
    return np.sum(x, axis=0, out=y)
#| error: `out=` of a reduction is not supported yet
#|   2:34
#|         return np.sum(x, axis=0, out=y)
#|                                      ^

# case: of None
# call: f()
def f():
    return np.sum(None)
#| error: `np.sum` of None: it reduces an array
#|   2:19
#|         return np.sum(None)
#|                       ^^^^

# case: of nothing
# call: f()
def f():
    return np.sum()
#| error: `np.sum` needs an array
#|   2:12
#|         return np.sum()
#|                ^^^^^^^^

# case: the spread of bools
# call: f(bool[:])
def f(x):
    return np.ptp(x)
#| error: `np.ptp` of bools
#|   2:12
#|         return np.ptp(x)
#|                ^^^^^^^^^
#|   hint: NumPy has no subtraction of bools: use `^`

# case: degrees of freedom that are an array
# call: f(f64[:])
def f(x):
    return np.var(x, ddof=x)
#| error: `ddof` must be a number, not f64[:]
#|   2:27
#|         return np.var(x, ddof=x)
#|                               ^

# case: the position along two axes
# call: f(f64[:, :])
def f(x):
    return np.argmax(x, axis=(0, 1))
#| error: `argmax` takes one axis, or None for all elements
#|   2:30
#|         return np.argmax(x, axis=(0, 1))
#|                                  ^^^^^^

# case: a scan along an axis that is not there
# call: f(f64[:])
def f(x):
    return x.cumsum(axis=1)
#| error: axis 1 is out of range for an array of rank 1
#|   2:26
#|         return x.cumsum(axis=1)
#|                              ^

# case: a scan with an option of sums
# call: f(f64[:])
def f(x):
    return np.cumsum(x, keepdims=True)
#| error: `np.cumsum` has no option `keepdims`
#|   2:25
#|         return np.cumsum(x, keepdims=True)
#|                             ^^^^^^^^
