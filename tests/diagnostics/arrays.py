# case: functions of a later version
# call: f(f64[:])
def f(x):
    a = np.sort(x)
    b = np.histogram(x)
    c = np.nonzero(x)
    return np.where(x > 0)
#| error: `np.sort` is not supported yet
#|   2:12
#|         a = np.sort(x)
#|                ^^^^
#| error: `np.histogram` is not supported yet
#|   3:12
#|         b = np.histogram(x)
#|                ^^^^^^^^^
#| error: `np.nonzero` is not supported yet
#|   4:12
#|         c = np.nonzero(x)
#|                ^^^^^^^
#| error: `np.where` with one argument, which gives indices, is not supported yet
#|   5:12
#|         return np.where(x > 0)
#|                ^^^^^^^^^^^^^^^

# case: a name near another one
# call: f(f64[:])
def f(x):
    return np.maximun(x, 0), np.linspce(0, 1, 3), np.concatinate((x, x)), x.clipp(0, 1)
#| error: `np.maximun` is not supported yet
#|   2:15
#|         return np.maximun(x, 0), np.linspce(0, 1, 3), np.concatinate((x, x)), x.clipp(0, 1)
#|                   ^^^^^^^
#|   hint: did you mean `np.maximum`?

# case: where= of an elementwise function
# call: f(f64[:], bool[:])
def f(x, m):
    return np.add(x, x, where=m)
#| error: the option `where=` of `np.add` is not supported yet
#|   2:25
#|         return np.add(x, x, where=m)
#|                             ^^^^^

# case: out= of a lower kind
# call: f(f64[:], i64[:])
def f(x, z):
    return np.add(x, x, out=z)
#| error: cannot store f64 as i64
#|   2:12
#|         return np.add(x, x, out=z)
#|                ^^^^^^^^^^^^^^^^^^^
#|   hint: NumPy refuses this too; convert with `.astype(…)`

# case: out= is no array
# call: f(f64[:], float)
def f(x, z):
    return np.add(x, x, out=z)
#| error: `out` is an array, not float
#|   2:29
#|         return np.add(x, x, out=z)
#|                                 ^

# case: out= has too few axes
# call: f(f64[:, :], f64[:])
def f(x, z):
    return np.add(x, x, out=z)
#| error: f64[:, ::1] does not fit `out`, which is f64[:]
#|   2:12
#|         return np.add(x, x, out=z)
#|                ^^^^^^^^^^^^^^^^^^^

# case: a dtype to compute in that the function does not have
# call: f(i64[:])
def f(x):
    return np.divide(x, 2, dtype=np.int64), np.sqrt(x, dtype=np.float32)
#| error: `np.divide` does not compute in i64
#|   2:12
#|         return np.divide(x, 2, dtype=np.int64), np.sqrt(x, dtype=np.float32)
#|                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

# case: elementwise functions of dtypes that they do not take
# call: f(bool[:], f64[:], i8[:])
def f(b, x, i):
    p = np.sign(b)
    q = np.gcd(x, x)
    r = np.bitwise_count(x)
    s = np.bitwise_and(x, x)
    t = np.rint(i)
    u = np.subtract(b, b)
    return np.positive(b)
#| error: NumPy has no `np.sign` of bool
#|   2:9
#|         p = np.sign(b)
#|             ^^^^^^^^^^
#| error: `np.gcd` takes integers, not f64
#|   3:9
#|         q = np.gcd(x, x)
#|             ^^^^^^^^^^^^
#| error: `np.bitwise_count` takes integers, not f64
#|   4:9
#|         r = np.bitwise_count(x)
#|             ^^^^^^^^^^^^^^^^^^^
#| error: cannot combine f64[:] and f64[:] by `&`
#|   5:9
#|         s = np.bitwise_and(x, x)
#|             ^^^^^^^^^^^^^^^^^^^^
#| error: `np.rint` of i8 would give 16-bit floats, which the language does not have
#|   6:9
#|         t = np.rint(i)
#|             ^^^^^^^^^^
#|   hint: convert first: `np.float32(x)`
#| error: cannot subtract bool[:] and bool[:]
#|   7:9
#|         u = np.subtract(b, b)
#|             ^^^^^^^^^^^^^^^^^
#|   hint: NumPy has no subtraction of bools: use `^`
#| error: unary `+` has no meaning for bool arrays and np.bool_
#|   8:12
#|         return np.positive(b)
#|                ^^^^^^^^^^^^^^

# case: round to a number of decimals that is not known
# call: f(f64[:], int)
def f(x, n):
    return np.round(x, n)
#| error: `decimals` of `np.round` is an int constant
#|   2:24
#|         return np.round(x, n)
#|                            ^

# case: options of clip and isclose
# call: f(u8[:], bool)
def f(x, e):
    a = np.clip(x, 0, 1, min=2)
    b = np.clip(x, 300, 400)
    return np.isclose(x, x, equal_nan=e)
#| error: a bound of `np.clip` is given twice
#|   2:9
#|         a = np.clip(x, 0, 1, min=2)
#|             ^^^^^^^^^^^^^^^^^^^^^^^
#| error: 300 does not fit u8, which holds 0 to 255
#|   3:20
#|         b = np.clip(x, 300, 400)
#|                        ^^^
#| error: `equal_nan` is True or False
#|   4:12
#|         return np.isclose(x, x, equal_nan=e)
#|                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

# case: arange without numbers
# call: f(f64[:])
def f(x):
    a = np.arange()
    b = np.arange(x)
    c = np.arange(3, dtype=bool)
    return np.arange(-1, 3, dtype=np.uint8)
#| error: `np.arange` needs a stop
#|   2:9
#|         a = np.arange()
#|             ^^^^^^^^^^^
#| error: `np.arange` takes numbers, not f64[:]
#|   3:19
#|         b = np.arange(x)
#|                       ^
#| error: `np.arange` of bool is not supported
#|   4:9
#|         c = np.arange(3, dtype=bool)
#|             ^^^^^^^^^^^^^^^^^^^^^^^^
#| error: -1 does not fit u8, which holds 0 to 255
#|   5:22
#|         return np.arange(-1, 3, dtype=np.uint8)
#|                          ^^

# case: linspace
# call: f(f64[:], float)
def f(x, n):
    a = np.linspace(0)
    b = np.linspace(0, 1, n)
    c = np.linspace(0, x)
    return np.linspace(0, 1, 5, retstep=True)
#| error: `np.linspace` needs a start and a stop
#|   2:9
#|         a = np.linspace(0)
#|             ^^^^^^^^^^^^^^
#| error: the number of samples must be an int, not float
#|   3:27
#|         b = np.linspace(0, 1, n)
#|                               ^
#|   hint: convert with `int(…)`, or divide with `//`
#| error: `np.linspace` takes numbers, not f64[:]
#|   4:24
#|         c = np.linspace(0, x)
#|                            ^
#| error: `retstep=True` of `np.linspace` is not supported yet
#|   5:12
#|         return np.linspace(0, 1, 5, retstep=True)
#|                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

# case: a ragged literal
# call: f()
def f():
    return np.array([[1, 2], [3]])
#| error: the rows of an array literal have one shape
#|   2:30
#|         return np.array([[1, 2], [3]])
#|                                  ^^^
#|   2:22
#|         return np.array([[1, 2], [3]])
#|                          ------ unlike this one

# case: a literal of numbers and lists
# call: f()
def f():
    return np.array([1, [2, 3]])
#| error: the rows of an array literal have one shape
#|   2:25
#|         return np.array([1, [2, 3]])
#|                             ^^^^^^
#|   2:22
#|         return np.array([1, [2, 3]])
#|                          - unlike this one

# case: a literal with an element that does not fit
# call: f()
def f():
    return np.array([1, 300], dtype=np.uint8)
#| error: 300 does not fit u8, which holds 0 to 255
#|   2:25
#|         return np.array([1, 300], dtype=np.uint8)
#|                             ^^^

# case: a literal with a tuple among its elements
# call: f(f64[:])
def f(x):
    y = x.shape
    return np.array([1, y])
#| error: an element of an array literal is a number, not (int,)
#|   3:25
#|         return np.array([1, y])
#|                             ^

# case: joined arrays of different ranks
# call: f(f64[:], f64[:, :])
def f(x, y):
    return np.concatenate((x, y))
#| error: cannot join f64[:, :] with f64[:]
#|   2:31
#|         return np.concatenate((x, y))
#|                                   ^
#|   2:28
#|         return np.concatenate((x, y))
#|                                - f64[:] here
#|   hint: joined arrays have the same number of axes

# case: joining
# call: f(f64[:], int)
def f(x, n):
    a = np.concatenate(x)
    b = np.concatenate(())
    c = np.concatenate((x, x), axis=1)
    d = np.stack((x, x), axis=n)
    return np.hstack((x, 1.0))
#| error: `np.concatenate` takes a tuple of arrays, not f64[:]
#|   2:24
#|         a = np.concatenate(x)
#|                            ^
#| error: `np.concatenate` needs at least one array
#|   3:24
#|         b = np.concatenate(())
#|                            ^^
#| error: axis 1 is out of range for an array of rank 1
#|   4:37
#|         c = np.concatenate((x, x), axis=1)
#|                                         ^
#| error: an axis must be a constant int, not a variable
#|   5:31
#|         d = np.stack((x, x), axis=n)
#|                                   ^
#|   hint: the rank of the result depends on it, so it is part of the type
#| error: `np.hstack` joins arrays, not float
#|   6:26
#|         return np.hstack((x, 1.0))
#|                              ^^^

# case: products
# call: f(f64[:, :], f64[:, :, :], f64[:])
def f(a, b, x):
    p = a @ 2.0
    q = a @ b
    r = np.vdot(a, a)
    s = np.outer(a, x)
    return np.dot(x)
#| error: `@` multiplies arrays, not f64[:, :] and float
#|   2:9
#|         p = a @ 2.0
#|             ^^^^^^^
#| error: `@` of arrays of more than two axes is not supported yet
#|   3:9
#|         q = a @ b
#|             ^^^^^
#| error: `np.vdot` of matrices is not supported yet
#|   4:9
#|         r = np.vdot(a, a)
#|             ^^^^^^^^^^^^^
#| error: `np.outer` of anything but vectors is not supported yet
#|   5:9
#|         s = np.outer(a, x)
#|             ^^^^^^^^^^^^^^
#| error: `np.dot` multiplies two arrays
#|   6:12
#|         return np.dot(x)
#|                ^^^^^^^^^

# case: a product in place of another shape
# call: f(f64[:], f64[:])
def f(x, y):
    x @= y
    return x
#| error: a product of type f64 does not fit f64[:]
#|   2:7
#|         x @= y
#|           ^^

# case: matrices of vectors
# call: f(f64[:], f64[:, :])
def f(x, m):
    a = np.tril(x)
    b = np.diag(m)
    return np.eye(2.5)
#| error: this takes a matrix, not f64[:]
#|   2:9
#|         a = np.tril(x)
#|             ^^^^^^^^^^
#| error: an extent must be an int, not float
#|   4:19
#|         return np.eye(2.5)
#|                       ^^^
#|   hint: convert with `int(…)`, or divide with `//`
