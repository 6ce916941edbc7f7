# Mathematical functions that are not there, or not for these arguments.

# case: a name that is nearly right
# call: f(f64[:])
def f(x):
    return np.arcsinhh(x)
#| error: `np.arcsinhh` is not supported yet
#|   2:15
#|         return np.arcsinhh(x)
#|                   ^^^^^^^^
#|   hint: did you mean `np.arcsinh`?

# case: a name of math that is nearly right
# call: f(float)
def f(x):
    return math.asihn(x)
#| error: `math.asihn` is not supported yet
#|   2:17
#|         return math.asihn(x)
#|                     ^^^^^
#|   hint: did you mean `math.asinh`?

# case: a helper of the embedded mathematics is not a function of NumPy
# call: f(f64[:])
def f(x):
    return np.exp_f32(x)
#| error: `np.exp_f32` is not supported yet
#|   2:15
#|         return np.exp_f32(x)
#|                   ^^^^^^^
#|   hint: did you mean `np.exp`?

# case: too few arguments
# call: f(f64[:])
def f(x):
    return np.logaddexp(x)
#| error: `np.logaddexp` takes 2 arguments, not 1
#|   2:12
#|         return np.logaddexp(x)
#|                ^^^^^^^^^^^^^^^

# case: too many arguments
# call: f(float)
def f(x):
    return math.gamma(x, x)
#| error: `math.gamma` takes 1 argument, not 2
#|   2:12
#|         return math.gamma(x, x)
#|                ^^^^^^^^^^^^^^^^

# case: 16-bit floats
# call: f(i8[:])
def f(x):
    return np.frexp(x)
#| error: `np.frexp` of i8 would give 16-bit floats, which the language does not have
#|   2:12
#|         return np.frexp(x)
#|                ^^^^^^^^^^^
#|   hint: convert first: `np.float32(x)`

# case: an exponent that is no int
# call: f(f64[:], f64[:])
def f(x, n):
    return np.ldexp(x, n)
#| error: `np.ldexp` takes i64 exponents or smaller, not f64[:]
#|   2:24
#|         return np.ldexp(x, n)
#|                            ^
#|   hint: convert with `np.int64(…)`

# case: an exponent that no NumPy loop takes
# call: f(f64[:], u64[:])
def f(x, n):
    return np.ldexp(x, n)
#| error: `np.ldexp` takes i64 exponents or smaller, not u64[:]
#|   2:24
#|         return np.ldexp(x, n)
#|                            ^
#|   hint: convert with `np.int64(…)`

# case: an exponent of math.ldexp
# call: f(float, float)
def f(x, n):
    return math.ldexp(x, n)
#| error: `math.ldexp` takes an int here, not float
#|   2:26
#|         return math.ldexp(x, n)
#|                              ^
#|   hint: convert with `int(…)`

# case: ints only
# call: f(int, float)
def f(n, x):
    return math.gcd(n, x)
#| error: `math.gcd` takes an int here, not float
#|   2:24
#|         return math.gcd(n, x)
#|                            ^
#|   hint: convert with `int(…)`

# case: an array in math, with a function of NumPy
# call: f(f64[:])
def f(x):
    return math.erfc(x)
#| error: `math.erfc` takes a number, not f64[:]
#|   2:22
#|         return math.erfc(x)
#|                          ^
#|   hint: elementwise it is `np.erfc`

# case: an array in math, without one
# call: f(f64[:])
def f(x):
    return math.ulp(x)
#| error: `math.ulp` takes a number, not f64[:]
#|   2:21
#|         return math.ulp(x)
#|                         ^

# case: an option of isclose
# call: f(float)
def f(x):
    return math.isclose(x, 1.0, rtol=1e-3)
#| error: `math.isclose` has no parameter `rtol`
#|   2:33
#|         return math.isclose(x, 1.0, rtol=1e-3)
#|                                     ^^^^

# case: points of different dimension
# call: f(float)
def f(x):
    return math.dist((x, x), (x, x, x))
#| error: points of 2 and 3 coordinates have no distance
#|   2:12
#|         return math.dist((x, x), (x, x, x))
#|                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^

# case: no points
# call: f(float)
def f(x):
    return math.dist(x, x)
#| error: `math.dist` takes two points, as tuples of numbers
#|   2:12
#|         return math.dist(x, x)
#|                ^^^^^^^^^^^^^^^

# case: a function of iterables
# call: f(f64[:])
def f(x):
    return math.fsum(x)
#| error: `math.fsum` is not supported yet
#|   2:17
#|         return math.fsum(x)
#|                     ^^^^
