# Literals and constants that do not fit.

# case: a literal beyond the dtype
# call: f(u8[:])
def f(x):
    return x + 300
#| error: 300 does not fit u8, which holds 0 to 255
#|   2:16
#|         return x + 300
#|                    ^^^

# case: a negative literal and unsigned
# call: f(u32)
def f(x):
    return x * -1
#| error: -1 does not fit u32, which holds 0 to 4294967295
#|   2:16
#|         return x * -1
#|                    ^^

# case: a folded constant beyond the dtype
# call: f(i8[:])
def f(x):
    for i in range(len(x)):
        x[i] = 100 + 100
#| error: 200 does not fit i8, which holds -128 to 127
#|   3:16
#|             x[i] = 100 + 100
#|                    ^^^^^^^^^

# case: a cast of a literal
# call: f()
def f():
    return np.uint8(256)
#| error: 256 does not fit u8, which holds 0 to 255
#|   2:21
#|         return np.uint8(256)
#|                         ^^^

# case: beyond 64 bits
# call: f()
def f():
    x = 2 ** 64
    return x
#| error: 18446744073709551616 does not fit int (64 bits)
#|   2:9
#|         x = 2 ** 64
#|             ^^^^^^^
#|   hint: np.uint64(…) holds up to 2**64 - 1

# case: beyond 64 bits as an argument
# call: f(int)
def g(x):
    return x

def f(n):
    return g(9223372036854775808) + n
#| error: 9223372036854775808 does not fit int (64 bits)
#|   5:14
#|         return g(9223372036854775808) + n
#|                  ^^^^^^^^^^^^^^^^^^^
#|   hint: np.uint64(…) holds up to 2**64 - 1

# case: a module constant beyond the dtype
# call: f(i16[:])
LIMIT = 40000

def f(x):
    return x + LIMIT
#| error: 40000 does not fit i16, which holds -32768 to 32767
#|   4:16
#|         return x + LIMIT
#|                    ^^^^^

# case: a constant that depends on itself
# call: f()
A = B + 1
B = A + 1

def f():
    return A
#| error: the constant `A` depends on itself
#|   2:5
#|     B = A + 1
#|         ^

# case: an imaginary literal
# call: f(f64)
def f(x):
    return x + 2j
#| error: complex arithmetic is not supported yet
#|   2:16
#|         return x + 2j
#|                    ^^

# case: a string
# call: f()
def f():
    x = "text"
    return x
#| error: strings are not values of the language
#|   2:9
#|         x = "text"
#|             ^^^^^^

# case: an f-string
# call: f(f64)
def f(x):
    assert x > 0.0, f"negative {x}"
    return x
#| error: an f-string is not part of the language: a message is a string literal
#|   2:21
#|         assert x > 0.0, f"negative {x}"
#|                         ^^^^^^^^^^^^^^^
#|   hint: the fault reports its place and the loop variables by itself
