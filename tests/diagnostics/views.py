# Subscripts and functions that give views.

# case: too many indices
# call: f(f64[:])
def f(x):
    return x[1:, 0]
#| error: 2 indices for f64[:], which has rank 1
#|   2:12
#|         return x[1:, 0]
#|                ^^^^^^^^

# case: two ellipses
# call: f(f64[:, :])
def f(x):
    return x[..., 0, ...]
#| error: an index can have only one `...`
#|   2:12
#|         return x[..., 0, ...]
#|                ^^^^^^^^^^^^^^

# case: a bound that is no int
# call: f(f64[:])
def f(x):
    return x[len(x) / 2:]
#| error: a bound of a slice must be an int, not float
#|   2:14
#|         return x[len(x) / 2:]
#|                  ^^^^^^^^^^
#|   hint: convert with `int(…)`, or divide with `//`

# case: a bool among the indices
# call: f(f64[:, :])
def f(x):
    return x[True, 1:]
#| error: indexing by a bool, which NumPy takes for a mask, is not supported yet
#|   2:14
#|         return x[True, 1:]
#|                  ^^^^

# case: an index that is an array, beside a slice
# call: f(f64[:, :], i64[:])
def f(x, index):
    return x[1:, index]
#| error: indexing by an array is not supported yet
#|   2:18
#|         return x[1:, index]
#|                      ^^^^^

# case: a value with too many axes
# call: f(f64[:], f64[:, :])
def f(x, y):
    x[1:] = y
#| error: cannot store f64[:, :] into f64[:]
#|   2:5
#|         x[1:] = y
#|         ^^^^^^^^^

# case: beyond the highest rank
# call: f(f64[:])
def f(x):
    return x[None, None, None, None, None, None, None, None]
#| error: an array of rank 9 is beyond the limit of 8
#|   2:12
#|         return x[None, None, None, None, None, None, None, None]
#|                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

# case: an axis that does not exist
# call: f(f64[:, :])
def f(x):
    return np.swapaxes(x, 0, 2)
#| error: axis 2 is out of range for an array of rank 2
#|   2:30
#|         return np.swapaxes(x, 0, 2)
#|                                  ^

# case: an axis twice
# call: f(f64[:, :])
def f(x):
    return x.transpose(0, 0)
#| error: axis 0 is given twice
#|   2:27
#|         return x.transpose(0, 0)
#|                               ^

# case: an axis that is not constant
# call: f(f64[:, :], int)
def f(x, axis):
    return np.flip(x, axis)
#| error: an axis must be a constant int, not a variable
#|   2:23
#|         return np.flip(x, axis)
#|                           ^^^^
#|   hint: the rank of the result depends on it, so it is part of the type

# case: too few axes
# call: f(f64[:, :])
def f(x):
    return x.transpose(0)
#| error: 1 axes for f64[:, :], which has rank 2
#|   2:12
#|         return x.transpose(0)
#|                ^^^^^^^^^^^^^^

# case: squeeze without an axis
# call: f(f64[:, :])
def f(x):
    return np.squeeze(x)
#| error: `squeeze` needs an axis: the rank of its result must be known
#|   2:12
#|         return np.squeeze(x)
#|                ^^^^^^^^^^^^^
#|   hint: squeeze(axis=0), or index the axis with 0

# case: squeeze of an axis that may be longer
# call: f(f64[:, :])
def f(x):
    return x.squeeze(0)
#| error: axis 0 of f64[:, :] is not known to have extent 1
#|   2:12
#|         return x.squeeze(0)
#|                ^^^^^^^^^^^^
#|   hint: index it with 0

# case: a misspelt function
# call: f(f64[:, :])
def f(x):
    return np.swapaxis(x, 0, 1)
#| error: `np.swapaxis` is not supported yet
#|   2:15
#|         return np.swapaxis(x, 0, 1)
#|                   ^^^^^^^^
#|   hint: did you mean `np.swapaxes`?

# case: a misspelt method
# call: f(f64[:, :])
def f(x):
    return x.transposed()
#| error: the method `transposed` is not supported yet
#|   2:14
#|         return x.transposed()
#|                  ^^^^^^^^^^
#|   hint: did you mean `transpose`?

# case: storing into an attribute
# call: f(f64[:, :])
def f(x):
    x.T = x
#| error: cannot assign to the attribute `T`
#|   2:5
#|         x.T = x
#|         ^^^

# case: a shape of floats
# call: f(f64[:])
def f(x):
    return x.reshape(2.0, -1)
#| error: an extent must be an int, not float
#|   2:22
#|         return x.reshape(2.0, -1)
#|                          ^^^
#|   hint: convert with `int(…)`, or divide with `//`

# case: reshape without a shape
# call: f(f64[:])
def f(x):
    return x.reshape()
#| error: `x.reshape` needs a shape
#|   2:12
#|         return x.reshape()
#|                ^^^^^^^^^^^

# case: an order that is none
# call: f(f64[:])
def f(x):
    return x.reshape(2, 2, order="A")
#| error: an order is "C" or "F"
#|   2:34
#|         return x.reshape(2, 2, order="A")
#|                                      ^^^

# case: an option of ravel that is not supported
# call: f(f64[:])
def f(x):
    return np.ravel(x, copy=True)
#| error: the option `copy` is not supported yet
#|   2:24
#|         return np.ravel(x, copy=True)
#|                            ^^^^

# case: rows, columns and blocks in a prange are proved to be disjoint
# call: f(f64[:, :], f64[:], int)
def f(y, z, n):
    for i in prange(len(y)):
        y[i] = y[i] * 2.0
        row = y[i, 1:]
        row[::-1] = row
    for j in prange(y.shape[1]):
        y[:, j] += 1.0
        y.T[j] *= 2.0
    for k in prange(n):
        z[k * 8 : k * 8 + 8] = k
        part = z[8 * k : 8 * (k + 1)]
        part[1:] += part[:-1]
#| no messages

# case: rows that depend on each other
# call: f(f64[:, :])
def f(y):
    for i in prange(1, len(y)):
        y[i] = y[i - 1] * 2.0
#| error: `y` is read in one iteration of prange and `y` written in another
#|   3:16
#|             y[i] = y[i - 1] * 2.0
#|                    ^^^^^^^^ read here
#|   3:9
#|             y[i] = y[i - 1] * 2.0
#|             --------------------- the same element is written here, by another iteration
#|   2:5
#|         for i in prange(1, len(y)):
#|         -------------------------- iterations of this loop have no order
#|   hint: to read what `y` was before the loop, write into another array
#|   hint: for iterations that run in order, use range instead of prange

# case: blocks that may overlap
# call: f(f64[:], int)
def f(z, n):
    for k in prange(n):
        z[k * 7 : k * 7 + 8] = k
#| warning: cannot tell whether two iterations write the same element of `z`
#|   2:5
#|         for k in prange(n):
#|         ^^^^^^^^^^^^^^^^^^ runs serially
#|   3:9
#|             z[k * 7 : k * 7 + 8] = k
#|             ------------------------ `z` is written here
#|   hint: if iterations never meet, say so: `@kernel(disjoint=("z",))` or `--assume-disjoint z`
