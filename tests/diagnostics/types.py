# Operators and conversions on the wrong types.

# case: an array and None
# call: f(f64[:])
def f(x):
    return x + None
#| error: cannot add f64[:] and None
#|   2:12
#|         return x + None
#|                ^^^^^^^^

# case: a bool array subtracted
# call: f(bool[:], bool[:])
def f(a, b):
    c = 1
    return a - b
#| error: cannot subtract bool[:] and bool[:]
#|   3:12
#|         return a - b
#|                ^^^^^
#|   hint: NumPy has no subtraction of bools: use `^`

# case: negating a bool array
# call: f(bool[:])
def f(a):
    return -a
#| error: no unary `-` for bool[:]
#|   2:12
#|         return -a
#|                ^^
#|   hint: use `~` for logical negation

# case: a tuple as a number
# call: f(f64[:])
def f(x):
    return x.shape * 2.0
#| error: cannot multiply (int,) and float
#|   2:12
#|         return x.shape * 2.0
#|                ^^^^^^^^^^^^^

# case: bits of a float
# call: f(f64, int)
def f(x, k):
    return x & k
#| error: cannot combine f64 and int by `&`
#|   2:12
#|         return x & k
#|                ^^^^^

# case: shifting an array of floats
# call: f(f64[:])
def f(x):
    y = x
    y <<= 2
    return y
#| error: cannot combine f64[:] and int by `<<`
#|   3:5
#|         y <<= 2
#|         ^^^^^^^

# case: the truth of an array
# call: f(f64[:])
def f(x):
    if x > 0.0:
        return 1
    return 0
#| error: the truth value of bool[::1] is ambiguous
#|   2:8
#|         if x > 0.0:
#|            ^^^^^^^
#|   hint: compare one element, or reduce the array first

# case: an array in a while condition
# call: f(f64[:])
def f(x):
    while x:
        pass
    return 0
#| error: the truth value of f64[:] is ambiguous
#|   2:11
#|         while x:
#|               ^
#|   hint: compare one element, or reduce the array first

# case: comparing a tuple
# call: f(f64[:])
def f(x):
    return x.shape < 3
#| error: cannot compare (int,) and int by `<`
#|   2:12
#|         return x.shape < 3
#|                ^^^^^^^^^^^

# case: a float index
# call: f(f64[:], int)
def f(x, n):
    return x[n / 2]
#| error: an index must be an int, not float
#|   2:14
#|         return x[n / 2]
#|                  ^^^^^
#|   hint: convert with `int(…)`, or divide with `//`

# case: a float bound of range
# call: f(f64[:], int)
def f(x, n):
    s = 0.0
    for i in range(n / 2):
        s += x[i]
    return s
#| error: a bound of range must be an int, not float
#|   3:20
#|         for i in range(n / 2):
#|                        ^^^^^
#|   hint: convert with `int(…)`, or divide with `//`

# case: types that do not merge
# call: f(f64[:], int)
def f(x, n):
    if n > 0:
        y = x
    else:
        y = 0.0
    return y + 1.0
#| error: `y` is f64[:] on one path and float on another
#|   6:12
#|         return y + 1.0
#|                ^
#|   3:9
#|             y = x
#|             - f64[:] here
#|   5:9
#|             y = 0.0
#|             - float here
#|   hint: use two names, or convert to one type

# case: types that do not merge, ternary
# call: f(f64[:], int)
def f(x, n):
    y = x if n > 0 else None
    return y
#| error: one side is f64[:], the other None
#|   2:9
#|         y = x if n > 0 else None
#|             ^^^^^^^^^^^^^^^^^^^^
#|   2:9
#|         y = x if n > 0 else None
#|             - f64[:] here
#|   2:25
#|         y = x if n > 0 else None
#|                             ---- None here
#|   hint: convert both to one type

# case: types that do not merge at the head of a loop
# call: f(f64[:], int)
def f(x, n):
    y = 0.0
    for i in range(n):
        y = y + x
    return y
#| error: `y` is float on one path and f64[::1] on another
#|   4:13
#|             y = y + x
#|                 ^
#|   2:5
#|         y = 0.0
#|         - float here
#|   4:9
#|             y = y + x
#|             - f64[::1] here
#|   hint: use two names, or convert to one type

# case: ranks that do not merge
# call: f(f64[:], f64[:, :], int)
def f(x, a, n):
    y = x
    if n > 0:
        y = a
    return y.sum()
#| error: `y` is f64[:, :] on one path and f64[:] on another
#|   5:12
#|         return y.sum()
#|                ^
#|   4:9
#|             y = a
#|             - f64[:, :] here
#|   2:5
#|         y = x
#|         - f64[:] here
#|   hint: use two names, or convert to one type

# case: return of an array and of a number
# call: f(f64[:], int)
def f(x, n):
    if n > 0:
        return x
    return 0.0
#| error: returns float here and f64[:] elsewhere
#|   4:5
#|         return 0.0
#|         ^^^^^^^^^^
#|   3:9
#|             return x
#|             -------- returns f64[:]
#|   hint: return one type on every path

# case: return on some paths only
# call: f(f64[:])
def f(x):
    if x[0] > 0.0:
        return x[0]
#| error: `f` returns f64 on one path and nothing on another
#|   1:5
#|     def f(x):
#|         ^
#|   3:9
#|             return x[0]
#|             ----------- returns f64
#|   hint: return a value of one type on every path

# case: return with and without a value
# call: f(f64[:])
def f(x):
    if x[0] > 0.0:
        return
    return x[0]
#| error: returns f64 here and None elsewhere
#|   4:5
#|         return x[0]
#|         ^^^^^^^^^^^
#|   3:9
#|             return
#|             ------ returns None
#|   hint: return one type on every path

# case: storing an array into an element
# call: f(f64[:], f64[:])
def f(x, y):
    for i in range(len(x)):
        y[i] = x
#| error: cannot store f64[:] as one element of f64[:]
#|   3:9
#|             y[i] = x
#|             ^^^^^^^^
#|   hint: index the value, or store elementwise with `[:] = …`

# case: storing a matrix into a vector
# call: f(f64[:, :], f64[:])
def f(a, y):
    y[:] = a
#| error: cannot store f64[:, :] into f64[:]
#|   2:5
#|         y[:] = a
#|         ^^^^^^^^

# case: storing None
# call: f(f64[:])
def f(x):
    x[0] = None
#| error: cannot store None as an element of type f64
#|   2:5
#|         x[0] = None
#|         ^^^^^^^^^^^

# case: unpacking a number
# call: f(f64)
def f(x):
    a, b = x
    return a
#| error: cannot unpack f64 into 2 names
#|   2:5
#|         a, b = x
#|         ^^^^

# case: unpacking too few
# call: f(f64[:, :])
def f(x):
    a, b, c = x.shape
    return a
#| error: cannot unpack 2 values into 3 names
#|   2:5
#|         a, b, c = x.shape
#|         ^^^^^^^

# case: indexing a number
# call: f(float)
def f(x):
    return x[0]
#| error: cannot index float
#|   2:12
#|         return x[0]
#|                ^^^^

# case: too many indices
# call: f(f64[:])
def f(x):
    return x[0, 1]
#| error: 2 indices for f64[:], which has rank 1
#|   2:12
#|         return x[0, 1]
#|                ^^^^^^^

# case: a tuple index out of range
# call: f(f64[:, :])
def f(a):
    return a.shape[2]
#| error: index 2 is out of range for a tuple of 2
#|   2:20
#|         return a.shape[2]
#|                        ^

# case: a tuple index that is not known
# call: f(f64[:, :], int)
def f(a, k):
    return a.shape[k]
#| error: a tuple is indexed by a constant
#|   2:20
#|         return a.shape[k]
#|                        ^
#|   hint: its items may have different types

# case: several errors at once
# call: f(f64[:], int)
def f(x, n):
    a = x + None
    b = n[0]
    c = a + b
    return c + unknown
#| error: cannot add f64[:] and None
#|   2:9
#|         a = x + None
#|             ^^^^^^^^
#| error: cannot index int
#|   3:9
#|         b = n[0]
#|             ^^^^

# case: a unary operator on None
# call: f()
def f():
    a = None
    return -a
#| error: no unary operator for None
#|   3:12
#|         return -a
#|                ^^

# case: in-place division of integers
# call: f(i64[:])
def f(x):
    x /= 2
#| error: cannot store f64 back into i64[:] in place
#|   2:7
#|         x /= 2
#|           ^^
#|   hint: NumPy refuses this too; write `x[...] = …` to convert, or use f64 for the result

# case: in-place with an array that does not fit the dtype
# call: f(i32[:], f64[:])
def f(x, y):
    x += y
#| error: cannot store f64 back into i32[:] in place
#|   2:7
#|         x += y
#|           ^^
#|   hint: NumPy refuses this too; write `x[...] = …` to convert, or use f64 for the result

# case: a float in a shift
# call: f(int)
def f(n):
    return n << 1.5
#| error: cannot combine int and float by `<<`
#|   2:12
#|         return n << 1.5
#|                ^^^^^^^^

# case: an in-place operator that makes an array of a scalar
# call: f(f64[:])
def f(x):
    s = 0.0
    s += x
    return s
#| no messages
