# Names: unknown, misspelled, unbound.

# case: a misspelled variable
# call: f(f64[:])
def f(values):
    total = 0.0
    for i in range(len(values)):
        total += value[i]
    return total
#| error: unknown name `value`
#|   4:18
#|             total += value[i]
#|                      ^^^^^
#|   hint: did you mean `values`?

# case: an unknown name
# call: f(f64)
def f(x):
    return x * zoom
#| error: unknown name `zoom`
#|   2:16
#|         return x * zoom
#|                    ^^^^

# case: a misspelled function
# call: f(f64)
def helper(x):
    return x

def f(x):
    return helpr(x)
#| error: unknown function `helpr`
#|   5:12
#|         return helpr(x)
#|                ^^^^^
#|   hint: did you mean `helper`?

# case: an unknown function
# call: f(f64)
def f(x):
    return frobnicate(x)
#| error: unknown function `frobnicate`
#|   2:12
#|         return frobnicate(x)
#|                ^^^^^^^^^^

# case: an elementary function without its module
# call: f(f64)
def f(x):
    return sqrt(x)
#| error: unknown function `sqrt`
#|   2:12
#|         return sqrt(x)
#|                ^^^^
#|   hint: it is `np.sqrt` or `math.sqrt`

# case: a misspelled numpy function
# call: f(f64[:])
def f(x):
    return np.sqr(x)
#| error: `np.sqr` is not supported yet
#|   2:15
#|         return np.sqr(x)
#|                   ^^^
#|   hint: did you mean `np.sqrt`?

# case: a misspelled numpy function with a near match
# call: f(f64[:])
def f(x):
    return np.maximun(x, 0.0)
#| error: `np.maximun` is not supported yet
#|   2:15
#|         return np.maximun(x, 0.0)
#|                   ^^^^^^^
#|   hint: did you mean `np.maximum`?

# case: an unknown numpy function
# call: f(f64[:])
def f(x):
    return np.interp(x, x, x)
#| error: `np.interp` is not supported yet
#|   2:15
#|         return np.interp(x, x, x)
#|                   ^^^^^^

# case: a misspelled math function
# call: f(f64)
def f(x):
    return math.squrt(x)
#| error: `math.squrt` is not supported yet
#|   2:17
#|         return math.squrt(x)
#|                     ^^^^^
#|   hint: did you mean `math.sqrt`?

# case: an unknown member of math
# call: f(f64)
def f(x):
    return x * math.phi
#| error: `math.phi` is not a value of the language
#|   2:16
#|         return x * math.phi
#|                    ^^^^^^^^

# case: an unknown attribute
# call: f(f64[:])
def f(x):
    return x.shap
#| error: f64[:] has no attribute `shap`
#|   2:14
#|         return x.shap
#|                  ^^^^
#|   hint: did you mean `shape`?

# case: an attribute of a number
# call: f(f64)
def f(x):
    return x.shape
#| error: f64 has no attribute `shape`
#|   2:14
#|         return x.shape
#|                  ^^^^^

# case: an unknown method
# call: f(f64[:])
def f(x):
    return x.summ()
#| error: the method `summ` is not supported yet
#|   2:14
#|         return x.summ()
#|                  ^^^^
#|   hint: did you mean `sum`?

# case: a method of a number
# call: f(f64)
def f(x):
    return x.sum()
#| error: f64 has no method `sum`
#|   2:14
#|         return x.sum()
#|                  ^^^

# case: read before it is bound
# call: f(f64[:])
def f(x):
    y = total + x[0]
    total = y
    return total
#| error: `total` is read before it is bound
#|   2:9
#|         y = total + x[0]
#|             ^^^^^
#|   hint: it is assigned in this function, so it is local here, as in Python

# case: a local that shadows a constant
# call: f(f64)
scale = 2.0

def f(x):
    y = x * scale
    scale = 3.0
    return y
#| error: `scale` is read before it is bound
#|   4:13
#|         y = x * scale
#|                 ^^^^^
#|   hint: it is assigned in this function, so it is local here, as in Python

# case: calling a variable
# call: f(f64)
def f(x):
    return x(2.0)
#| error: `x` is a variable here, not a function
#|   2:12
#|         return x(2.0)
#|                ^
#|   hint: functions as values are not supported yet

# case: a function as a value
# call: f(f64)
def g(x):
    return x

def f(x):
    h = g
    return h(x)
#| error: `g` is a function; functions as values are not supported yet
#|   5:9
#|         h = g
#|             ^

# case: a name from outside the language
# call: f(f64)
class Config:
    scale = 2.0

def f(x):
    return x * Config.scale
#| error: `Config` is bound by `class`, which is not part of the language
#|   5:16
#|         return x * Config.scale
#|                    ^^^^^^
#|   1:1
#|     class Config:
#|     ------------- bound here

# case: a name bound by a skipped statement
# call: f(f64)
try:
    import fast
except ImportError:
    fast = None

def f(x):
    return fast(x)
#| error: `fast` is bound by `try`, which is not part of the language
#|   7:12
#|         return fast(x)
#|                ^^^^
#|   1:1
#|     try:
#|     ---- bound here

# case: an imported module outside the language
# call: f(f64)
import scipy.special

def f(x):
    return scipy.special.erf(x)
#| error: `scipy.special.erf` is not supported yet
#|   4:26
#|         return scipy.special.erf(x)
#|                              ^^^

# case: assigning to an attribute
# call: f(f64[:])
def f(x):
    x.shape = (1, 2)
#| error: cannot assign to the attribute `shape`
#|   2:5
#|         x.shape = (1, 2)
#|         ^^^^^^^

# case: a misspelled variable in nested loops
# call: f(f64[:, :])
def f(a):
    total = 0.0
    for i in range(a.shape[0]):
        row = 0.0
        for j in range(a.shape[1]):
            row += b[i, j]
        total += row
    return total
#| error: unknown name `b`
#|   6:20
#|                 row += b[i, j]
#|                        ^

# case: bound by an earlier iteration
# call: f(f64[:])
def f(x):
    s = 0.0
    for i in range(len(x)):
        if i > 0:
            s += t
        t = x[i]
    return s
#| no messages
