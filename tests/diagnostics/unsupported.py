# Python outside the language, refused by name.

# case: try
# call: f(f64)
def f(x):
    try:
        return x
    except ValueError:
        return 0.0
#| error: `try` is not part of the language
#|   2:5
#|         try:
#|         ^^^^

# case: with
# call: f(f64)
def f(x):
    with x:
        return x
#| error: `with` is not part of the language
#|   2:5
#|         with x:
#|         ^^^^^^^

# case: del
# call: f(f64)
def f(x):
    del x
    return 0
#| error: `del` is not part of the language
#|   2:5
#|         del x
#|         ^^^^^

# case: global
# call: f(f64)
def f(x):
    global count
    count = 1
    return x
#| error: `global` is not part of the language
#|   2:5
#|         global count
#|         ^^^^^^^^^^^^

# case: a nested function
# call: f(f64)
def f(x):
    def g(y):
        return y
    return g(x)
#| error: a function inside a function is not part of the language
#|   2:5
#|         def g(y):
#|         ^^^^^^^^^
#|   hint: define it at the top level of the file
#| error: unknown function `g`
#|   4:12
#|         return g(x)
#|                ^

# case: yield
# call: f(f64)
def f(x):
    yield x
#| error: `yield` is not part of the language
#|   2:5
#|         yield x
#|         ^^^^^^^

# case: await
# call: f(f64)
def f(x):
    return await x
#| error: `await` is not part of the language
#|   2:12
#|         return await x
#|                ^^^^^^^

# case: a list comprehension
# call: f(f64[:])
def f(x):
    return [v * 2.0 for v in x]
#| error: list comprehension is not part of the language
#|   2:12
#|         return [v * 2.0 for v in x]
#|                ^^^^^^^^^^^^^^^^^^^^

# case: a dict
# call: f(f64)
def f(x):
    d = {1: x}
    return x
#| error: dict display is not part of the language
#|   2:9
#|         d = {1: x}
#|             ^^^^^^

# case: a set
# call: f(f64)
def f(x):
    return x in {1.0, 2.0}
#| error: set display is not part of the language
#|   2:17
#|         return x in {1.0, 2.0}
#|                     ^^^^^^^^^^

# case: a list
# call: f(f64)
def f(x):
    y = [x, x]
    return x
#| error: lists are not supported yet
#|   2:9
#|         y = [x, x]
#|             ^^^^^^

# case: a lambda
# call: f(f64)
def f(x):
    g = lambda y: y * 2.0
    return g(x)
#| error: `lambda` is not supported yet
#|   2:9
#|         g = lambda y: y * 2.0
#|             ^^^^^^^^^^^^^^^^^

# case: the walrus
# call: f(f64)
def f(x):
    if (y := x) > 0.0:
        return y
    return 0.0
#| error: `:=` is not part of the language
#|   2:9
#|         if (y := x) > 0.0:
#|             ^^^^^^

# case: match
# call: f(int)
def f(n):
    match n:
        case 0:
            return 1
    return 2
#| error: `match` is not part of the language
#|   2:5
#|         match n:
#|         ^^^^^^^^

# case: import in a function
# call: f(f64)
def f(x):
    import math
    return math.sin(x)
#| error: `import` is not part of the language
#|   2:5
#|         import math
#|         ^^^^^^^^^^^

# case: in
# call: f(f64, f64[:])
def f(x, y):
    return x in y
#| error: `in` of f64[:] is not supported yet
#|   2:12
#|         return x in y
#|                ^^^^^^
#|   hint: compare in a loop, or elementwise with `==`

# case: is
# call: f(f64, f64)
def f(x, y):
    return x is y
#| error: `is` compares with None only
#|   2:12
#|         return x is y
#|                ^^^^^^
#|   hint: compare values with `==`

# case: print
# call: f(f64)
def f(x):
    print(x)
    return x
#| error: `print` is not supported yet
#|   2:5
#|         print(x)
#|         ^^^^^^^^

# case: complex
# call: f(f64)
def f(x):
    return complex(x, x)
#| error: `complex` is not supported yet
#|   2:12
#|         return complex(x, x)
#|                ^^^^^^^^^^^^^

# case: a mask
# call: f(f64[:])
def f(x):
    return x[x > 0.0]
#| error: indexing by an array is not supported yet
#|   2:14
#|         return x[x > 0.0]
#|                  ^^^^^^^

# case: an index array
# call: f(f64[:], i64[:])
def f(x, k):
    return x[k]
#| error: indexing by an array is not supported yet
#|   2:14
#|         return x[k]
#|                  ^

# case: a random number
# call: f(int)
def f(n):
    return np.random.rand(n)
#| error: `numpy.random.rand` is not supported yet
#|   2:22
#|         return np.random.rand(n)
#|                          ^^^^

# case: raise of something else
# call: f(f64)
def f(x):
    raise ValueError("a", x)
#| error: an exception is a name with at most one string, as ValueError("…")
#|   2:11
#|         raise ValueError("a", x)
#|               ^^^^^^^^^^^^^^^^^^

# case: a message that is no literal
# call: f(f64)
def f(x):
    assert x > 0.0, x
    return x
#| error: a message is a string literal
#|   2:21
#|         assert x > 0.0, x
#|                         ^

# case: break outside a loop
# call: f(f64)
def f(x):
    break
#| error: `break` outside a loop
#|   2:5
#|         break
#|         ^^^^^
#|   hint: `return` leaves a function

# case: continue outside a loop
# call: f(f64)
def f(x):
    continue
#| error: `continue` outside a loop
#|   2:5
#|         continue
#|         ^^^^^^^^
#|   hint: `pass` does nothing

# case: an unknown flag of fastmath
# call: f(f64[:])
@njit(fastmath={"contrakt", "nnan"})
def f(x):
    return x.sum()
#| error: `contrakt` is no flag of `fastmath`
#|   1:17
#|     @njit(fastmath={"contrakt", "nnan"})
#|                     ^^^^^^^^^^
#|   hint: did you mean "contract"?

# case: fastmath that is no set
# call: f(f64[:])
@njit(fastmath="contract")
def f(x):
    return x.sum()
#| error: `fastmath` is True, False or a set of flags, e.g. {"contract", "arcp"}
#|   1:16
#|     @njit(fastmath="contract")
#|                    ^^^^^^^^^^

# case: chained assignment to a call
# call: f(f64)
def f(x):
    f(x) = 2.0
    return x
#| error: cannot assign to a call
#|   2:5
#|         f(x) = 2.0
#|         ^^^^
#|   hint: assign to elements with brackets: `a[i] = …`

# case: a missing colon
# call: f(f64)
def f(x)
    return x
#| error: expected `:`, found the end of the line
#|   1:9
#|     def f(x)
#|             ^
#|   hint: the line of `def` ends with `:`

# case: an unclosed bracket
# call: f(f64)
def f(x):
    y = (x + 1.0
    return y
#| error: `(` is never closed
#|   2:9
#|         y = (x + 1.0
#|             ^ opened here
#|   hint: close it with `)`
