# Calls: arguments, parameters, annotations, recursion.

# case: too many arguments
# call: f(f64)
def g(a, b):
    return a + b

def f(x):
    return g(x, x, x)
#| error: `g` takes 2 positional arguments, not 3
#|   5:12
#|         return g(x, x, x)
#|                ^^^^^^^^^^
#|   1:1
#|     def g(a, b):
#|     ------------ declared here

# case: a missing argument
# call: f(f64)
def g(a, b):
    return a + b

def f(x):
    return g(x)
#| error: `g` misses the argument `b`
#|   5:12
#|         return g(x)
#|                ^^^^
#|   1:1
#|     def g(a, b):
#|     ------------ declared here

# case: an unknown keyword
# call: f(f64)
def g(a, scale=1.0):
    return a * scale

def f(x):
    return g(x, scales=2.0)
#| error: `g` has no parameter `scales`
#|   5:17
#|         return g(x, scales=2.0)
#|                     ^^^^^^
#|   1:1
#|     def g(a, scale=1.0):
#|     -------------------- declared here
#|   hint: did you mean `scale`?

# case: an argument given twice
# call: f(f64)
def g(a, b=1.0):
    return a * b

def f(x):
    return g(x, 2.0, a=3.0)
#| error: `a` is given twice
#|   5:22
#|         return g(x, 2.0, a=3.0)
#|                          ^

# case: the wrong number of arguments from outside
# call: f(f64)
def f(x, y):
    return x + y
#| error: `f` takes 2 arguments, not 1
#|   1:5
#|     def f(x, y):
#|         ^

# case: an argument of another rank than annotated, from outside
# call: f(f64[:, :])
def f(x: f64[:]):
    return x.sum()
#| error: argument `x` is f64[:, :], but the parameter is annotated f64[:]
#|   1:7
#|     def f(x: f64[:]):
#|           ^

# case: an argument of another dtype than annotated, from outside
# call: f(f32[:])
def f(x: f64[:]):
    return x.sum()
#| error: argument `x` is f32[:], but the parameter is annotated f64[:]
#|   1:7
#|     def f(x: f64[:]):
#|           ^

# case: a float for an int parameter, from outside
# call: f(float)
def f(n: int):
    return n
#| error: argument `n` is float, but the parameter is annotated int
#|   1:7
#|     def f(n: int):
#|           ^

# case: a layout that the annotation excludes
# call: f(f64[:, :])
def f(x: f64[:, ::1]):
    return x.sum()
#| error: argument `x` is f64[:, :], but the parameter is annotated f64[:, ::1]
#|   1:7
#|     def f(x: f64[:, ::1]):
#|           ^
#|   hint: `::1` asks for elements without gaps: pass a copy, or write `:`

# case: an argument of another type than annotated
# call: f(f64[:])
def g(a: f64[:], n: int):
    return a[n]

def f(x):
    return g(x, x[0])
#| error: argument `n` is f64, but the parameter is annotated int
#|   5:17
#|         return g(x, x[0])
#|                     ^^^^
#|   1:18
#|     def g(a: f64[:], n: int):
#|                      - declared here

# case: a number for an array parameter
# call: f(f64[:])
def g(a: f64[:]):
    return a[0]

def f(x):
    return g(x[0])
#| error: argument `a` is f64, but the parameter is annotated f64[:]
#|   5:14
#|         return g(x[0])
#|                  ^^^^
#|   1:7
#|     def g(a: f64[:]):
#|           - declared here

# case: an annotation that is no type
# call: f(f64)
def f(x: number):
    return x
#| error: this annotation is not a type of the language
#|   1:10
#|     def f(x: number):
#|              ^^^^^^
#|   hint: types are int, float, bool, i8…i64, u8…u64, f32, f64, and arrays such as f64[:] or f32[:, ::1]

# case: an annotation with a wrong axis
# call: f(f64[:])
def f(x: f64[3]):
    return x[0]
#| error: an axis in an array type is `:` or `::1`
#|   1:14
#|     def f(x: f64[3]):
#|                  ^

# case: an annotated variable
# call: f(f64[:])
def f(x):
    y: int = x[0]
    return y
#| error: the value is f64, the annotation says int
#|   2:14
#|         y: int = x[0]
#|                  ^^^^
#|   2:8
#|         y: int = x[0]
#|            --- annotated here

# case: star parameters
# call: f(f64)
def f(x, *rest):
    return x
#| error: `*rest` is not part of the language
#|   1:11
#|     def f(x, *rest):
#|               ^^^^
#|   hint: name each parameter

# case: a starred argument
# call: f(f64[:, :])
def g(a, b):
    return a + b

def f(x):
    return g(*x.shape)
#| error: `*` in a call is not part of the language
#|   5:15
#|         return g(*x.shape)
#|                   ^^^^^^^

# case: an unknown decorator
# call: f(f64)
@cached
def f(x):
    return x
#| error: this decorator is not part of the language
#|   1:2
#|     @cached
#|      ^^^^^^
#|   hint: decorators are @kernel, @njit, @jit and @vectorize, with or without options

# case: a signature with another number of parameters
# call: f(f64, f64)
@njit(f64(f64))
def f(x, y):
    return x + y
#| error: the signature has 1 parameter, `f` has 2
#|   1:7
#|     @njit(f64(f64))
#|           ^^^^^^^^
#|   2:1
#|     def f(x, y):
#|     ------------ declared here

# case: disjoint that is no string
# call: f(f64[:])
@kernel(disjoint=x)
def f(x):
    return x[0]
#| error: `disjoint` takes names of arrays as strings, e.g. disjoint=("out",)
#|   1:18
#|     @kernel(disjoint=x)
#|                      ^

# case: recursion without a base
# call: f(int)
def f(n):
    return f(n - 1) + 1
#| error: `f` calls itself on every path
#|   1:5
#|     def f(n):
#|         ^
#|   hint: return a value on some path without a call

# case: mutual recursion without a base
# call: f(int)
def f(n):
    return g(n - 1)

def g(n):
    return f(n + 1)
#| error: `f` calls itself on every path
#|   1:5
#|     def f(n):
#|         ^
#|   hint: return a value on some path without a call

# case: recursion with ever new types
# call: f(int)
def f(n):
    return g((n, n))

def g(t):
    return g((t, t))
#| error: `g` is called with ever new argument types
#|   4:5
#|     def g(t):
#|         ^

# case: recursion whose results do not merge
# call: f(f64[:], int)
def f(x, n):
    if n == 0:
        return x
    return f(x, n - 1).sum()
#| error: returns f64 here and f64[:] elsewhere
#|   4:5
#|         return f(x, n - 1).sum()
#|         ^^^^^^^^^^^^^^^^^^^^^^^^
#|   3:9
#|             return x
#|             -------- returns f64[:]
#|   hint: return one type on every path

# case: an error inside a called function
# call: f(f64[:])
def g(a):
    return a + None

def f(x):
    return g(x)
#| error: cannot add f64[:] and None
#|   2:12
#|         return a + None
#|                ^^^^^^^^

# case: len of a number
# call: f(f64)
def f(x):
    return len(x)
#| error: f64 has no len()
#|   2:12
#|         return len(x)
#|                ^^^^^^

# case: min of an array
# call: f(f64[:])
def f(x):
    return min(x)
#| error: `min` takes two or more numbers, or a tuple
#|   2:12
#|         return min(x)
#|                ^^^^^^
#|   hint: for an array write `np.min(x)`

# case: max of two arrays
# call: f(f64[:], f64[:])
def f(x, y):
    return max(x, y)
#| error: `max` compares numbers, not f64[:] and f64[:]
#|   2:12
#|         return max(x, y)
#|                ^^^^^^^^^
#|   hint: elementwise it is `np.maximum`

# case: math of an array
# call: f(f64[:])
def f(x):
    return math.exp(x)
#| error: `math.exp` takes a number, not f64[:]
#|   2:21
#|         return math.exp(x)
#|                         ^
#|   hint: elementwise it is `np.exp`

# case: int of an array
# call: f(f64[:])
def f(x):
    return int(x)
#| error: `int` takes a number, not f64[:]
#|   2:12
#|         return int(x)
#|                ^^^^^^
#|   hint: elementwise it is `.astype(int)`

# case: too few arguments of a builtin
# call: f(f64)
def f(x):
    return abs()
#| error: `abs` takes 1 argument, not 0
#|   2:12
#|         return abs()
#|                ^^^^^

# case: too many arguments of a numpy function
# call: f(f64[:])
def f(x):
    return np.sqrt(x, x, x)
#| error: `np.sqrt` takes 1 argument, not 3
#|   2:12
#|         return np.sqrt(x, x, x)
#|                ^^^^^^^^^^^^^^^^

# case: too many arguments of a library function
# call: f(f64[:])
def f(x):
    return np.exp(x, x, x)
#| error: `np.exp` takes 1 argument, not 3
#|   2:12
#|         return np.exp(x, x, x)
#|                ^^^^^^^^^^^^^^^

# case: too many arguments of a math function
# call: f(f64)
def f(x):
    return math.sin(x, x)
#| error: `math.sin` takes 1 argument, not 2
#|   2:12
#|         return math.sin(x, x)
#|                ^^^^^^^^^^^^^^

# case: a misspelled option
# call: f(f64[:, :])
def f(x):
    return x.sum(axes=0)
#| error: `x.sum` has no option `axes`
#|   2:18
#|         return x.sum(axes=0)
#|                      ^^^^
#|   hint: did you mean `axis`?

# case: an axis beyond the rank
# call: f(f64[:, :])
def f(x):
    return np.sum(x, axis=2)
#| error: axis 2 is out of range for an array of rank 2
#|   2:27
#|         return np.sum(x, axis=2)
#|                               ^

# case: an axis that is not known
# call: f(f64[:, :], int)
def f(x, k):
    return np.sum(x, axis=k)
#| error: an axis must be a constant int, not a variable
#|   2:27
#|         return np.sum(x, axis=k)
#|                               ^
#|   hint: the rank of the result depends on it, so it is part of the type

# case: zeros without a shape
# call: f()
def f():
    return np.zeros()
#| error: `np.zeros` needs a shape
#|   2:12
#|         return np.zeros()
#|                ^^^^^^^^^^

# case: a float as a shape
# call: f(float)
def f(n):
    return np.zeros(n)
#| error: an extent must be an int, not float
#|   2:21
#|         return np.zeros(n)
#|                         ^
#|   hint: convert with `int(…)`, or divide with `//`

# case: a dtype that is none
# call: f(int)
def f(n):
    return np.zeros(n, dtype="text")
#| error: NumPy has no dtype "text"
#|   2:30
#|         return np.zeros(n, dtype="text")
#|                                  ^^^^^^

# case: full without a value
# call: f(int)
def f(n):
    return np.full(n)
#| error: `np.full` needs a fill value
#|   2:12
#|         return np.full(n)
#|                ^^^^^^^^^^

# case: full with an array
# call: f(f64[:])
def f(x):
    return np.full(3, x.shape)
#| error: `np.full` fills with numbers, not (int,)
#|   2:12
#|         return np.full(3, x.shape)
#|                ^^^^^^^^^^^^^^^^^^^

# case: an error in a function that is called in a loop
# call: f(f64[:])
def g(x, i):
    return x[i] + None

def f(x):
    s = 0.0
    for i in range(len(x)):
        s += g(x, i)
    return s
#| error: cannot add f64 and None
#|   2:12
#|         return x[i] + None
#|                ^^^^^^^^^^^

# case: recursion without results
# call: f(f64[:], int)
def f(x, n):
    if n > 0:
        x[n] = 1.0
        f(x, n - 1)
#| no messages

# case: mutual recursion with one base
# call: f(int)
def f(n):
    if n == 0:
        return 0.5
    return g(n - 1)

def g(n):
    return f(n - 1) + 1
#| no messages

# case: mutual recursion with two bases
# call: even(int)
def even(n):
    if n == 0:
        return True
    return odd(n - 1)

def odd(n):
    if n == 0:
        return False
    return even(n - 1)
#| no messages
