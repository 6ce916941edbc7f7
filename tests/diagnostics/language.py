# Tuples, loops, statements and dtypes: what is refused, and how.

# case: a tuple indexed by a variable
# call: f(int)
def f(k):
    t = (1, 2.5)
    return t[k]
#| error: a tuple is indexed by a constant
#|   3:14
#|         return t[k]
#|                  ^
#|   hint: its items may have different types

# case: a tuple index out of range
# call: f(int)
def f(k):
    t = (k, 2.5)
    return t[2]
#| error: index 2 is out of range for a tuple of 2
#|   3:14
#|         return t[2]
#|                  ^

# case: a tuple sliced by a variable
# call: f(int)
def f(k):
    return (k, 2.5, 3)[k:]
#| error: a tuple is sliced by constants
#|   2:24
#|         return (k, 2.5, 3)[k:]
#|                            ^
#|   hint: its items may have different types

# case: a tuple repeated a variable number of times
# call: f(int)
def f(k):
    return (1, 2) * k
#| error: a tuple is repeated a constant number of times
#|   2:12
#|         return (1, 2) * k
#|                ^^^^^^^^^^

# case: a tuple repeated too often
# call: f(int)
def f(k):
    return (k,) * 100000
#| error: a tuple of more than 1000 items
#|   2:12
#|         return (k,) * 100000
#|                ^^^^^^^^^^^^^
#|   hint: for that many values take an array

# case: a tuple and a number
# call: f(int)
def f(k):
    return (k, 1) + k
#| error: cannot add (int, int) and int
#|   2:12
#|         return (k, 1) + k
#|                ^^^^^^^^^^

# case: tuples of different kinds in order
# call: f(int)
def f(k):
    return (None, k) < (1, k)
#| error: cannot compare None and int by `<`
#|   2:12
#|         return (None, k) < (1, k)
#|                ^^^^^^^^^^^^^^^^^^

# case: tuples of arrays compared
# call: f(f64[:])
def f(x):
    return (x, 1) == (x, 1)
#| error: comparing f64[:] and f64[:] is ambiguous: compare the items
#|   2:12
#|         return (x, 1) == (x, 1)
#|                ^^^^^^^^^^^^^^^^

# case: membership in an array
# call: f(f64[:])
def f(x):
    return 2.0 in x
#| error: `in` of f64[:] is not supported yet
#|   2:12
#|         return 2.0 in x
#|                ^^^^^^^^
#|   hint: compare in a loop, or elementwise with `==`

# case: too many names
# call: f(f64[:])
def f(x):
    a, b, c = x.shape[0], 1
    return a
#| error: cannot unpack 2 values into 3 names
#|   2:5
#|         a, b, c = x.shape[0], 1
#|         ^^^^^^^

# case: a scalar unpacked
# call: f(f64)
def f(x):
    a, b = x
    return a
#| error: cannot unpack f64 into 2 names
#|   2:5
#|         a, b = x
#|         ^^^^

# case: a starred target
# call: f(int)
def f(n):
    a, *b = (n, 1, 2)
    return a
#| error: a starred target, which makes a list, is not part of the language
#|   2:8
#|         a, *b = (n, 1, 2)
#|            ^^
#|   hint: slice the tuple: `b = t[1:]`

# case: the smallest of nothing
# call: f()
def f():
    return min(())
#| error: `min` of an empty tuple
#|   2:12
#|         return min(())
#|                ^^^^^^^

# case: sum of an array
# call: f(f64[:])
def f(x):
    return sum(x)
#| error: `sum` takes a tuple, not f64[:]
#|   2:12
#|         return sum(x)
#|                ^^^^^^
#|   hint: for an array write `np.sum(x)`

# case: a loop over a number
# call: f(f64)
def f(x):
    for v in x:
        pass
#| error: cannot loop over f64
#|   2:14
#|         for v in x:
#|                  ^
#|   hint: loops run over range(…), arrays and tuples

# case: a loop over an array of rank 0
# call: f(int)
def f(n):
    for v in np.zeros(()):
        pass
#| error: an array of rank 0 has no items
#|   2:14
#|         for v in np.zeros(()):
#|                  ^^^^^^^^^^^^

# case: reversed enumerate
# call: f(f64[:])
def f(x):
    for i, v in reversed(enumerate(x)):
        pass
#| error: `reversed` takes a range, an array or a tuple
#|   2:17
#|         for i, v in reversed(enumerate(x)):
#|                     ^^^^^^^^^^^^^^^^^^^^^^

# case: zip with an option
# call: f(f64[:], f64[:])
def f(x, y):
    for a, b in zip(x, y, strict=True):
        pass
#| error: the option `strict` of `zip` is not supported
#|   2:27
#|         for a, b in zip(x, y, strict=True):
#|                               ^^^^^^

# case: ndindex inside enumerate
# call: f(int)
def f(n):
    for k, i in enumerate(np.ndindex(n, n)):
        pass
#| error: `np.ndindex` and `np.ndenumerate` stand directly after `in`
#|   2:5
#|         for k, i in enumerate(np.ndindex(n, n)):
#|         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

# case: a pair unpacked into three
# call: f(f64[:])
def f(x):
    for i, v, w in enumerate(x):
        pass
#| error: cannot unpack 2 values into 3 names
#|   2:9
#|         for i, v, w in enumerate(x):
#|             ^^^^^^^

# case: a number unpacked by range
# call: f(int)
def f(n):
    for i, j in range(n):
        pass
#| error: cannot unpack int into 2 names
#|   2:9
#|         for i, j in range(n):
#|             ^^^^

# case: a range as a value
# call: f(int)
def f(n):
    r = range(n)
    return r
#| error: `range` stands only after `for … in`
#|   2:9
#|         r = range(n)
#|             ^^^^^^^^

# case: two names of a prange
# call: f(int)
def f(n):
    for i, j in prange(n):
        pass
#| error: the variable of a loop over prange is one name
#|   2:9
#|         for i, j in prange(n):
#|             ^^^^

# case: enumerate as a value
# call: f(f64[:])
def f(x):
    e = enumerate(x)
    return e
#| error: `enumerate` stands only after `for … in`
#|   2:9
#|         e = enumerate(x)
#|             ^^^^^^^^^^^^

# case: unrolled too often
# call: f(int)
def f(n):
    t = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10) * 10
    for a in t:
        for b in t:
            n += a * b
    return n
#| error: unrolling this loop would take more than 1000 copies
#|   4:9
#|             for b in t:
#|             ^^^^^^^^^^

# case: a type conflict between copies of a loop
# call: f(int, f64[:])
def f(n, x):
    for v in (n, x):
        w = v
        if n > 2:
            break
    return w
#| error: `w` is f64[:] on one path and int on another
#|   6:12
#|         return w
#|                ^
#|   3:9
#|             w = v
#|             - f64[:] here
#|   3:9
#|             w = v
#|             - int here
#|   hint: use two names, or convert to one type

# case: break out of a prange in an unrolled loop is its own
# call: f(f64[:])
def f(x):
    for i in prange(len(x)):
        for v in (1, 2.5):
            if x[i] > v:
                break
            x[i] = v
        if x[i] > 1:
            break
#| error: `break` out of a prange
#|   8:13
#|                 break
#|                 ^^^^^
#|   2:5
#|         for i in prange(len(x)):
#|         ----------------------- iterations of this loop may run in any order
#|   hint: use `range` for a loop that ends early

# case: only the live branch is typed
# call: f(f64[:])
def f(w):
    if w is None:
        return "text"
    return undefined
#| error: unknown name `undefined`
#|   4:12
#|         return undefined
#|                ^^^^^^^^^

# case: is with a number
# call: f(int)
def f(n):
    return n is 3
#| error: `is` compares with None only
#|   2:12
#|         return n is 3
#|                ^^^^^^
#|   hint: compare values with `==`

# case: arrays and `and`
# call: f(f64[:], f64[:])
def f(x, y):
    return x > 0 and y > 0
#| error: the truth value of bool[::1] is ambiguous
#|   2:12
#|         return x > 0 and y > 0
#|                ^^^^^
#|   hint: compare one element, or reduce the array first

# case: an f-string in raise
# call: f(int)
def f(n):
    if n < 0:
        raise ValueError(f"n is {n}")
    return n
#| error: an f-string is not part of the language: a message is a string literal
#|   3:26
#|             raise ValueError(f"n is {n}")
#|                              ^^^^^^^^^^^
#|   hint: the fault reports its place and the loop variables by itself

# case: a message put together
# call: f(int)
def f(n):
    assert n > 0, "n is %d" % n
    return n
#| error: a message put together at run time is not part of the language: a message is a string literal
#|   2:19
#|         assert n > 0, "n is %d" % n
#|                       ^^^^^^^^^^^^^
#|   hint: the fault reports its place and the loop variables by itself

# case: an unknown exception
# call: f(int)
def f(n):
    if n < 0:
        raise ValeError("no")
    return n
#| error: `ValeError` is no exception of Python or of this file
#|   3:15
#|             raise ValeError("no")
#|                   ^^^^^^^^^^^^^^^
#|   hint: did you mean `ValueError`?

# case: an exception of the file
# call: f(int)
class Mine(Exception):
    pass

def f(n):
    if n < 0:
        raise Mine("no")
    return n
#| no messages

# case: an int array and a float in place
# call: f(i64[:])
def f(x):
    x += 0.5
#| error: cannot store f64 back into i64[:] in place
#|   2:7
#|         x += 0.5
#|           ^^
#|   hint: NumPy refuses this too; write `x[...] = …` to convert, or use f64 for the result

# case: a signed value into an unsigned array in place
# call: f(u8[:], i8)
def f(x, k):
    x += k
#| error: cannot store i16 back into u8[:] in place
#|   2:7
#|         x += k
#|           ^^
#|   hint: NumPy refuses this too; write `x[...] = …` to convert, or use i16 for the result

# case: round to a variable number of digits
# call: f(float, int)
def f(x, n):
    return round(x, n)
#| error: the digits of `round` are a constant
#|   2:21
#|         return round(x, n)
#|                         ^

# case: round of an array
# call: f(f64[:])
def f(x):
    return round(x, 2)
#| error: `round` takes a number, not f64[:]
#|   2:12
#|         return round(x, 2)
#|                ^^^^^^^^^^^
#|   hint: elementwise it is `np.rint` or `np.round`

# case: a dtype that NumPy does not know
# call: f(int)
def f(n):
    return np.zeros(n, "f64")
#| error: NumPy has no dtype "f64"
#|   2:24
#|         return np.zeros(n, "f64")
#|                            ^^^^^

# case: no signature fits
# call: f(f64[:])
@njit(["i64(i64)", "f64(f64)"])
def f(x):
    return x
#| error: no explicit signature of `f` takes (f64[:])
#|   2:5
#|     def f(x):
#|         ^

# case: a result unlike the signature
# call: f(f64)
@njit("i64(f64)")
def f(x):
    return x
#| error: returns f64, but the explicit signature says i64
#|   3:5
#|         return x
#|         ^^^^^^^^

# case: a signature in quotes that is none
# call: f(f64)
@njit("f64 of f64")
def f(x):
    return x
#| error: this explicit signature is not supported
#|   1:7
#|     @njit("f64 of f64")
#|           ^^^^^^^^^^^^
#|   hint: write the types of the result and the parameters, e.g. @njit(f64(f64[:], i64)), or annotate the parameters

# case: locals without such a name
# call: f(f64)
@njit(locals={"t": f32})
def f(x):
    s = x
    return s
#| error: `f` has no variable `t`
#|   1:15
#|     @njit(locals={"t": f32})
#|                   ^^^
#|   2:1
#|     def f(x):
#|     --------- declared here

# case: locals of an array
# call: f(f64[:])
@njit(locals={"s": f32})
def f(x):
    s = x
    return s
#| error: `s` is f64[:], but `locals` says f32
#|   3:5
#|         s = x
#|         ^

# case: locals that are no types
# call: f(f64)
@njit(locals={"s": 3})
def f(x):
    s = x
    return s
#| error: `locals` gives types of scalars, e.g. f32 or np.int64
#|   1:20
#|     @njit(locals={"s": 3})
#|                        ^

# case: a dict
# call: f(int)
def f(n):
    return {"a": n}
#| error: dict display is not part of the language
#|   2:12
#|         return {"a": n}
#|                ^^^^^^^^
