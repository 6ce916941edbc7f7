# The outcomes of prange.

# case: a recurrence
# call: f(f64[:])
def f(y):
    for i in prange(1, len(y)):
        y[i] = y[i - 1] + 1.0
#| error: `y[i - 1]` is read in one iteration of prange and `y[i]` written in another
#|   3:16
#|             y[i] = y[i - 1] + 1.0
#|                    ^^^^^^^^ read here
#|   3:9
#|             y[i] = y[i - 1] + 1.0
#|             ---- the same element is written here, by another iteration
#|   2:5
#|         for i in prange(1, len(y)):
#|         -------------------------- iterations of this loop have no order
#|   hint: to read what `y` was before the loop, write into another array
#|   hint: for iterations that run in order, use range instead of prange

# case: every iteration writes one element
# call: f(f64[:], f64[:])
def f(x, y):
    for i in prange(len(x)):
        y[0] = x[i]
#| error: `y[0]` is written by more than one iteration of prange
#|   3:9
#|             y[0] = x[i]
#|             ^^^^ written here
#|   2:5
#|         for i in prange(len(x)):
#|         ----------------------- iterations of this loop have no order
#|   hint: index `y` with `i`, or store into it once, after the loop
#|   hint: for a sum, product, minimum or maximum over the iterations, update a local scalar: `s += …`
#|   hint: for iterations that run in order, use range instead of prange

# case: two statements write the same element
# call: f(f64[:], f64[:])
def f(x, y):
    for i in prange(len(x) - 1):
        y[i] = x[i]
        y[i + 1] = 0.0
#| error: `y[i]` and `y[i + 1]` are the same element in different iterations of prange
#|   3:9
#|             y[i] = x[i]
#|             ^^^^ written here
#|   4:9
#|             y[i + 1] = 0.0
#|             -------- and here, by another iteration
#|   2:5
#|         for i in prange(len(x) - 1):
#|         --------------------------- iterations of this loop have no order
#|   hint: let every iteration store into elements of its own
#|   hint: for a sum, product, minimum or maximum over the iterations, update a local scalar: `s += …`
#|   hint: for iterations that run in order, use range instead of prange

# case: a row that depends on the row above
# call: f(f64[:, :])
def f(a):
    for i in prange(1, a.shape[0]):
        for j in range(a.shape[1]):
            a[i, j] = a[i - 1, j] * 0.5
#| error: `a[i - 1, j]` is read in one iteration of prange and `a[i, j]` written in another
#|   4:23
#|                 a[i, j] = a[i - 1, j] * 0.5
#|                           ^^^^^^^^^^^ read here
#|   4:13
#|                 a[i, j] = a[i - 1, j] * 0.5
#|                 ------- the same element is written here, by another iteration
#|   2:5
#|         for i in prange(1, a.shape[0]):
#|         ------------------------------ iterations of this loop have no order
#|   hint: to read what `a` was before the loop, write into another array
#|   hint: for iterations that run in order, use range instead of prange

# case: rows in parallel, written by column
# call: f(f64[:, :])
def f(a):
    for i in prange(a.shape[0]):
        for j in range(a.shape[1]):
            a[0, j] = i * 1.0
#| error: `a[0, j]` is written by more than one iteration of prange
#|   4:13
#|                 a[0, j] = i * 1.0
#|                 ^^^^^^^ written here
#|   2:5
#|         for i in prange(a.shape[0]):
#|         --------------------------- iterations of this loop have no order
#|   hint: index `a` with `i`, or store into it once, after the loop
#|   hint: for a sum, product, minimum or maximum over the iterations, update a local scalar: `s += …`
#|   hint: for iterations that run in order, use range instead of prange

# case: nested pranges, the inner one dependent
# call: f(f64[:, :])
def f(a):
    for i in prange(a.shape[0]):
        for j in prange(1, a.shape[1]):
            a[i, j] = a[i, j - 1]
#| error: `a[i, j - 1]` is read in one iteration of prange and `a[i, j]` written in another
#|   4:23
#|                 a[i, j] = a[i, j - 1]
#|                           ^^^^^^^^^^^ read here
#|   4:13
#|                 a[i, j] = a[i, j - 1]
#|                 ------- the same element is written here, by another iteration
#|   3:9
#|             for j in prange(1, a.shape[1]):
#|             ------------------------------ iterations of this loop have no order
#|   hint: to read what `a` was before the loop, write into another array
#|   hint: for iterations that run in order, use range instead of prange

# case: a scatter
# call: f(f64[:], i64[:], f64[:])
def f(x, index, out):
    for i in prange(len(x)):
        out[index[i]] = x[i]
#| warning: cannot tell whether two iterations write the same element of `out`
#|   2:5
#|         for i in prange(len(x)):
#|         ^^^^^^^^^^^^^^^^^^^^^^^ runs serially
#|   3:9
#|             out[index[i]] = x[i]
#|             ------------- `out` is written here
#|   hint: if iterations never meet, say so: `@kernel(disjoint=("out",))` or `--assume-disjoint out`

# case: a scatter that is vouched for
# call: f(f64[:], i64[:], f64[:])
@kernel(disjoint=("out",))
def f(x, index, out):
    for i in prange(len(x)):
        out[index[i]] = x[i]
#| no messages

# case: a conflict under a condition
# call: f(f64[:], f64[:])
def f(x, y):
    for i in prange(len(x)):
        if x[i] > 0.0:
            y[0] = x[i]
#| warning: iterations meet in `y` where a condition holds
#|   2:5
#|         for i in prange(len(x)):
#|         ^^^^^^^^^^^^^^^^^^^^^^^ runs serially
#|   4:13
#|                 y[0] = x[i]
#|                 ---- `y[0]` is written here
#|   hint: if iterations never meet, say so: `@kernel(disjoint=("y",))` or `--assume-disjoint y`

# case: a histogram
# call: f(i64[:], f64[:])
def f(bins, h):
    for i in prange(len(bins)):
        h[bins[i]] += 1.0
#| no messages

# case: a scalar carried from one iteration to the next
# call: f(f64[:], f64[:])
def f(x, y):
    last = 0.0
    for i in prange(len(x)):
        y[i] = x[i] - last
        last = x[i]
#| error: `last` is carried from one iteration of this prange to the next
#|   4:23
#|             y[i] = x[i] - last
#|                           ^^^^ read here
#|   5:9
#|             last = x[i]
#|             ---- assigned here
#|   3:5
#|         for i in prange(len(x)):
#|         ----------------------- iterations of this loop are independent
#|   hint: use `range`, or a reduction (`+=`, `*=`, `min`, `max`, …)

# case: a local bound on some paths of an iteration
# call: f(f64[:], f64[:])
def f(x, y):
    for i in prange(len(x)):
        if x[i] > 0.0:
            t = x[i]
        y[i] = t
#| error: `t` may be read here before this iteration has bound it
#|   5:16
#|             y[i] = t
#|                    ^ read here
#|   4:13
#|                 t = x[i]
#|                 - assigned here
#|   2:5
#|         for i in prange(len(x)):
#|         ----------------------- iterations of this loop are independent
#|   hint: assign it on every path of the iteration, or before the loop if it is a reduction

# case: a private local read after the loop
# call: f(f64[:])
def f(x):
    t = 0.0
    for i in prange(len(x)):
        t = x[i]
        x[i] = t * 2.0
    return t
#| error: `t` is private to the iterations of a prange and can't be read after it
#|   6:12
#|         return t
#|                ^
#|   4:9
#|             t = x[i]
#|             - assigned in the prange here
#|   hint: write it to an array element, or use a reduction such as `+=`

# case: a reduction that is read in the loop
# call: f(f64[:], f64[:])
def f(x, y):
    s = 0.0
    for i in prange(len(x)):
        s += x[i]
        y[i] = s
    return s
#| error: `s` is reduced in this prange, so it can't be read in it
#|   5:16
#|             y[i] = s
#|                    ^
#|   4:9
#|             s += x[i]
#|             --------- reduced here
#|   3:5
#|         for i in prange(len(x)):
#|         ----------------------- iterations of this loop run in any order
#|   hint: use `range` where each iteration needs the running value

# case: a reduction with two operators
# call: f(f64[:])
def f(x):
    s = 1.0
    for i in prange(len(x)):
        s += x[i]
        s *= 2.0
    return s
#| error: `s` is reduced with two different operators in this prange
#|   5:9
#|             s *= 2.0
#|             ^^^^^^^^ `*` here
#|   4:9
#|             s += x[i]
#|             --------- `+` here
#|   3:5
#|         for i in prange(len(x)):
#|         ----------------------- iterations of this loop run in any order
#|   hint: use one variable for each operator and combine them after the loop, or `range`

# case: a reduction by division
# call: f(f64[:])
def f(x):
    s = 1.0
    for i in prange(len(x)):
        s /= x[i]
    return s
#| error: `s` is carried from one iteration of this prange to the next
#|   4:9
#|             s /= x[i]
#|             ^ read here
#|   4:9
#|             s /= x[i]
#|             - assigned here
#|   3:5
#|         for i in prange(len(x)):
#|         ----------------------- iterations of this loop are independent
#|   hint: use `range`, or a reduction (`+=`, `*=`, `min`, `max`, …)

# case: a reduction on a name that is not bound
# call: f(f64[:])
def f(x):
    for i in prange(len(x)):
        s += x[i]
    return s
#| error: `s` may be read here before this iteration has bound it
#|   3:9
#|             s += x[i]
#|             ^ read here
#|   3:9
#|             s += x[i]
#|             - assigned here
#|   2:5
#|         for i in prange(len(x)):
#|         ----------------------- iterations of this loop are independent
#|   hint: assign it on every path of the iteration, or before the loop if it is a reduction

# case: the place of the smallest
# call: f(f64[:])
def f(x):
    best = x[0]
    place = 0
    for i in prange(len(x)):
        if x[i] < best:
            best = x[i]
            place = i
    return place
#| error: `best` is carried from one iteration of this prange to the next
#|   5:19
#|             if x[i] < best:
#|                       ^^^^ read here
#|   6:13
#|                 best = x[i]
#|                 ---- assigned here
#|   4:5
#|         for i in prange(len(x)):
#|         ----------------------- iterations of this loop are independent
#|   hint: for the value alone write `best = min(best, …)`; for its place store the values in an array and use np.argmin, or use a `range` loop

# case: a minimum that is also tested
# call: f(f64[:])
def f(x):
    best = x[0]
    for i in prange(len(x)):
        best = min(best, x[i])
        if best < 0.0:
            x[i] = 0.0
    return best
#| error: `best` is reduced in this prange, so it can't be read in it
#|   5:12
#|             if best < 0.0:
#|                ^^^^
#|   4:9
#|             best = min(best, x[i])
#|             ---------------------- reduced here
#|   3:5
#|         for i in prange(len(x)):
#|         ----------------------- iterations of this loop run in any order
#|   hint: for the place of the smallest value use np.argmin, or a `range` loop

# case: an array as a reduction
# call: f(f64[:, :], f64[:])
def f(x, y):
    total = np.zeros(len(y))
    for i in prange(x.shape[0]):
        total += y
    return total
#| no messages

# case: break
# call: f(f64[:])
def f(x):
    for i in prange(len(x)):
        if x[i] > 0.0:
            break
#| error: `break` out of a prange
#|   4:13
#|                 break
#|                 ^^^^^
#|   2:5
#|         for i in prange(len(x)):
#|         ----------------------- iterations of this loop may run in any order
#|   hint: use `range` for a loop that ends early

# case: return
# call: f(f64[:])
def f(x):
    for i in prange(len(x)):
        if x[i] > 0.0:
            return i
    return -1
#| error: `return` out of a prange
#|   4:13
#|                 return i
#|                 ^^^^^^^^
#|   2:5
#|         for i in prange(len(x)):
#|         ----------------------- iterations of this loop may run in any order
#|   hint: use `range` for a loop that ends early

# case: a called function that writes what another iteration reads
# call: f(f64[:])
def step(y, i):
    y[i] = y[i - 1]

def f(y):
    for i in prange(1, len(y)):
        step(y, i)
#| error: `y[i - 1]` is read in one iteration of prange and `y[i]` written in another
#|   2:12
#|         y[i] = y[i - 1]
#|                ^^^^^^^^ read here
#|   2:5
#|         y[i] = y[i - 1]
#|         ---- the same element is written here, by another iteration
#|   5:5
#|         for i in prange(1, len(y)):
#|         -------------------------- iterations of this loop have no order
#|   hint: to read what `y` was before the loop, write into another array
#|   hint: for iterations that run in order, use range instead of prange

# case: a recursive function that writes
# call: f(f64[:])
def fill(y, i, n):
    if n > 0:
        y[i] = n
        fill(y, i, n - 1)

def f(y):
    for i in prange(len(y)):
        fill(y, i, 3)
#| warning: cannot tell which elements of `y` the called function uses
#|   7:5
#|         for i in prange(len(y)):
#|         ^^^^^^^^^^^^^^^^^^^^^^^ runs serially
#|   8:9
#|             fill(y, i, 3)
#|             ------------- `y` is written here
#|   hint: if iterations never meet, say so: `@kernel(disjoint=("y",))` or `--assume-disjoint y`

# case: a step that may be zero
# call: f(f64[:], int)
def f(y, k):
    for i in prange(len(y)):
        y[i * k] = 1.0
#| warning: cannot tell whether two iterations write the same element of `y`
#|   2:5
#|         for i in prange(len(y)):
#|         ^^^^^^^^^^^^^^^^^^^^^^^ runs serially
#|   3:9
#|             y[i * k] = 1.0
#|             -------- `y` is written here
#|   hint: if iterations never meet, say so: `@kernel(disjoint=("y",))` or `--assume-disjoint y`

# case: step zero
# call: f(f64[:])
def f(y):
    for i in range(0, len(y), 0):
        y[i] = 1.0
#| error: range() with step 0
#|   2:14
#|         for i in range(0, len(y), 0):
#|                  ^^^^^^^^^^^^^^^^^^^

# case: prange outside a loop header
# call: f(int)
def f(n):
    r = prange(n)
    return n
#| error: `prange` stands only after `for … in`
#|   2:9
#|         r = prange(n)
#|             ^^^^^^^^^

# case: assigning the loop variable
# call: f(f64[:])
def f(y):
    for i in prange(len(y)):
        i = i + 1
        y[i] = 0.0
#| no messages

# case: a recursive function that writes what others read
# call: f(f64[:])
def fill(y, i, n):
    if n > 0:
        y[i] = y[i] + y[i - n]
        fill(y, i, n - 1)

def f(y):
    for i in prange(len(y)):
        fill(y, i, 3)
#| warning: cannot tell which elements of `y` the called function uses
#|   7:5
#|         for i in prange(len(y)):
#|         ^^^^^^^^^^^^^^^^^^^^^^^ runs serially
#|   8:9
#|             fill(y, i, 3)
#|             ------------- `y` is written here
#|   hint: if iterations never meet, say so: `@kernel(disjoint=("y",))` or `--assume-disjoint y`

# case: an accumulator that is read
# call: f(f64[:], f64[:], f64[:])
def f(x, y, acc):
    for i in prange(len(x)):
        acc += x
        y[i] = acc[0]
#| error: `acc` is reduced in this prange, so it can't be read in it
#|   4:16
#|             y[i] = acc[0]
#|                    ^^^
#|   3:9
#|             acc += x
#|             -------- reduced here
#|   2:5
#|         for i in prange(len(x)):
#|         ----------------------- iterations of this loop run in any order
#|   hint: use `range` where each iteration needs the running value

# case: a whole array with two operators
# call: f(f64[:], f64[:])
def f(x, acc):
    for i in prange(len(x)):
        acc += x
        acc *= 2.0
#| error: `acc` is reduced with two different operators in this prange
#|   4:9
#|             acc *= 2.0
#|             ^^^^^^^^^^ `*` here
#|   3:9
#|             acc += x
#|             -------- `+` here
#|   2:5
#|         for i in prange(len(x)):
#|         ----------------------- iterations of this loop run in any order
#|   hint: use one variable for each operator and combine them after the loop, or `range`

# case: a new array in every iteration
# call: f(f64[:], f64[:])
def f(x, y):
    acc = np.zeros(len(y))
    for i in prange(len(x)):
        acc = acc + y
    return acc
#| error: this makes a new array `acc` in every iteration
#|   4:9
#|             acc = acc + y
#|             ^^^^^^^^^^^^^
#|   3:5
#|         for i in prange(len(x)):
#|         ----------------------- iterations of this loop are independent
#|   hint: write `acc += …`, which updates the array in place

# case: a new extreme in every iteration
# call: f(f64[:], f64[:])
def f(x, y):
    acc = np.zeros(len(y))
    for i in prange(len(x)):
        acc = np.maximum(acc, y)
    return acc
#| error: this makes a new array `acc` in every iteration
#|   4:9
#|             acc = np.maximum(acc, y)
#|             ^^^^^^^^^^^^^^^^^^^^^^^^
#|   3:5
#|         for i in prange(len(x)):
#|         ----------------------- iterations of this loop are independent
#|   hint: write `acc[:] = np.maximum(acc, …)`, which updates the array in place

# case: an element that is collected and set
# call: f(i64[:], f64[:])
def f(bins, h):
    for i in prange(len(bins)):
        h[bins[i]] += 1.0
        h[0] = 0.0
#| error: `h[0]` is written by more than one iteration of prange
#|   4:9
#|             h[0] = 0.0
#|             ^^^^ written here
#|   2:5
#|         for i in prange(len(bins)):
#|         -------------------------- iterations of this loop have no order
#|   hint: index `h` with `i`, or store into it once, after the loop
#|   hint: for a sum, product, minimum or maximum over the iterations, update a local scalar: `s += …`
#|   hint: for iterations that run in order, use range instead of prange

# case: elements that are collected and read
# call: f(i64[:], f64[:], f64[:])
def f(bins, h, y):
    for i in prange(len(bins)):
        h[bins[i]] += 1.0
        y[i] = h[i]
#| warning: iterations may update elements of `h` that others read
#|   2:5
#|         for i in prange(len(bins)):
#|         ^^^^^^^^^^^^^^^^^^^^^^^^^^ runs serially
#|   3:9
#|             h[bins[i]] += 1.0
#|             ---------- `h` is written here
#|   4:16
#|             y[i] = h[i]
#|                    ---- `h[i]` is read here
#|   hint: where a prange does nothing with `h` but update it, by one operator, that is done in parallel

# case: elements collected by two operators
# call: f(i64[:], f64[:])
def f(bins, h):
    for i in prange(len(bins)):
        h[bins[i]] += 1.0
        h[bins[i] // 2] *= 2.0
#| warning: iterations may update the same elements of `h` in different ways
#|   2:5
#|         for i in prange(len(bins)):
#|         ^^^^^^^^^^^^^^^^^^^^^^^^^^ runs serially
#|   3:9
#|             h[bins[i]] += 1.0
#|             ---------- `h` is written here
#|   4:9
#|             h[bins[i] // 2] *= 2.0
#|             --------------- `h` is written here
#|   hint: where a prange does nothing with `h` but update it, by one operator, that is done in parallel

# case: elements of its own are updated as it likes
# call: f(f64[:], f64[:])
def f(x, y):
    for i in prange(len(x)):
        y[2 * i] += x[i]
        y[2 * i] *= 2.0
        y[2 * i + 1] -= y[2 * i]
#| no messages

# case: rows of its own in a flat array
# call: f(f64[:], i64)
def f(y, m):
    for i in prange(len(y) // m):
        for j in range(m):
            y[i * m + j] += 1.0
#| no messages

# case: a histogram in a nested prange
# call: f(i64[:, :], f64[:])
def f(bins, h):
    for i in prange(bins.shape[0]):
        for j in prange(bins.shape[1]):
            h[bins[i, j]] += 1.0
#| no messages

# case: a histogram for each row, in a nested prange
# call: f(i64[:, :], f64[:, :])
def f(bins, h):
    for i in prange(bins.shape[0]):
        for j in prange(bins.shape[1]):
            h[i, bins[i, j]] += 1.0
#| no messages

# case: a histogram by a call
# call: f(i64[:, :], f64[:])
def row(bins, i, h):
    for j in prange(bins.shape[1]):
        h[bins[i, j]] += 1.0
def f(bins, h):
    for i in prange(bins.shape[0]):
        row(bins, i, h)
#| warning: every iteration collects into `h`, in a prange of its own
#|   5:5
#|         for i in prange(bins.shape[0]):
#|         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ runs serially
#|   2:5
#|         for j in prange(bins.shape[1]):
#|         ------------------------------ `h` is written here
#|   hint: write the inner loop in this function: then the outer one collects, in parallel

# case: the smallest value by hand
# call: f(f64[:])
def f(x):
    best = 1e300
    for i in prange(len(x)):
        if best > x[i]:
            best = x[i]
    return best
#| error: `best` is carried from one iteration of this prange to the next
#|   4:12
#|             if best > x[i]:
#|                ^^^^ read here
#|   5:13
#|                 best = x[i]
#|                 ---- assigned here
#|   3:5
#|         for i in prange(len(x)):
#|         ----------------------- iterations of this loop are independent
#|   hint: write `best = min(best, …)`, which is a reduction

# case: the place of the largest value by hand
# call: f(f64[:])
def f(x):
    best, k = -1e300, -1
    for i in prange(len(x)):
        v = x[i] * x[i]
        if v >= best:
            best = v
            k = i
    return k
#| error: `best` is carried from one iteration of this prange to the next
#|   5:17
#|             if v >= best:
#|                     ^^^^ read here
#|   6:13
#|                 best = v
#|                 ---- assigned here
#|   3:5
#|         for i in prange(len(x)):
#|         ----------------------- iterations of this loop are independent
#|   hint: for the value alone write `best = max(best, …)`; for its place store the values in an array and use np.argmax, or use a `range` loop

# case: a reduction by the wrong minimum
# call: f(f64[:])
def min(a, b):
    return a - b
def f(x):
    s = 0.0
    for i in prange(len(x)):
        s = min(s, x[i])
    return s
#| error: `s` is carried from one iteration of this prange to the next
#|   6:17
#|             s = min(s, x[i])
#|                     ^ read here
#|   6:9
#|             s = min(s, x[i])
#|             - assigned here
#|   5:5
#|         for i in prange(len(x)):
#|         ----------------------- iterations of this loop are independent
#|   hint: use `range`, or a reduction (`+=`, `*=`, `min`, `max`, …)

# case: a misspelt disjoint array
# call: f(f64[:], i64[:], f64[:])
@kernel(disjoint=("ouut",))
def f(x, index, out):
    for i in prange(len(x)):
        out[index[i]] = x[i]
#| error: `f` has no variable `ouut`
#|   1:19
#|     @kernel(disjoint=("ouut",))
#|                       ^^^^^^
#|   hint: did you mean "out"?

# case: disjoint of something else
# call: f(f64[:], i64[:], f64[:])
@kernel(disjoint="zebra")
def f(x, index, out):
    for i in prange(len(x)):
        out[index[i]] = x[i]
#| error: `f` has no variable `zebra`
#|   1:18
#|     @kernel(disjoint="zebra")
#|                      ^^^^^^^
#|   hint: `disjoint` names arrays that iterations of a prange write without meeting

# case: vouched for in the function that is called
# call: f(f64[:], i64[:], f64[:])
@kernel(disjoint=("target",))
def put(x, index, target):
    for i in prange(len(x)):
        target[index[i]] = x[i]
def f(x, index, out):
    put(x, index, out)
#| no messages

# case: vouched for in another function
# call: f(f64[:], i64[:], f64[:])
@kernel(disjoint=("out",))
def put(x, index, out):
    for i in prange(len(x)):
        out[index[i]] = x[i]
def f(x, index, out):
    put(x, index, out)
    for i in prange(len(x)):
        out[index[i]] = x[i]
#| warning: cannot tell whether two iterations write the same element of `out`
#|   7:5
#|         for i in prange(len(x)):
#|         ^^^^^^^^^^^^^^^^^^^^^^^ runs serially
#|   8:9
#|             out[index[i]] = x[i]
#|             ------------- `out` is written here
#|   hint: if iterations never meet, say so: `@kernel(disjoint=("out",))` or `--assume-disjoint out`

# case: vouched for, so without copies
# call: f(i64[:], f64[:])
@kernel(disjoint=("h",))
def f(bins, h):
    for i in prange(len(bins)):
        h[bins[i]] += 1.0
#| no messages

# case: a recursive function that only reads
# call: f(f64[:], f64[:])
def total(x, i):
    return 0.0 if i == len(x) else x[i] + total(x, i + 1)
def f(x, y):
    for i in prange(len(x)):
        y[i] = total(x, i)
#| no messages

# case: a recursive function that reads what is written
# call: f(f64[:])
def total(x, i):
    return 0.0 if i == len(x) else x[i] + total(x, i + 1)
def f(x):
    for i in prange(len(x)):
        x[i] = total(x, i)
#| warning: cannot tell which elements of `x` the called function uses
#|   4:5
#|         for i in prange(len(x)):
#|         ^^^^^^^^^^^^^^^^^^^^^^^ runs serially
#|   5:9
#|             x[i] = total(x, i)
#|             ---- `x[i]` is written here
#|   5:16
#|             x[i] = total(x, i)
#|                    ----------- `x` is read here
#|   hint: if iterations never meet, say so: `@kernel(disjoint=("x",))` or `--assume-disjoint x`

# case: a recursive function that writes
# call: f(f64[:])
def fill(x, i):
    if i < len(x):
        x[i] = 1.0
        fill(x, i + 1)
def f(x):
    for i in prange(len(x)):
        fill(x, i)
#| warning: cannot tell which elements of `x` the called function uses
#|   6:5
#|         for i in prange(len(x)):
#|         ^^^^^^^^^^^^^^^^^^^^^^^ runs serially
#|   7:9
#|             fill(x, i)
#|             ---------- `x` is written here
#|   hint: if iterations never meet, say so: `@kernel(disjoint=("x",))` or `--assume-disjoint x`

# case: a recursive function that writes a private array
# call: f(f64[:])
def fill(x, i):
    if i < len(x):
        x[i] = 1.0
        fill(x, i + 1)
def f(x):
    for i in prange(len(x)):
        t = np.zeros(3)
        fill(t, 0)
        x[i] = t[2]
#| no messages

# case: an array that may be one from outside
# call: f(f64[:])
def f(x):
    for i in prange(len(x)):
        if x[i] > 0.0:
            t = x
        else:
            t = np.zeros(3)
        t[0] = 1.0
#| warning: `t` and `x` may overlap
#|   2:5
#|         for i in prange(len(x)):
#|         ^^^^^^^^^^^^^^^^^^^^^^^ runs serially
#|   7:9
#|             t[0] = 1.0
#|             ---- `t[0]` is written here
#|   3:12
#|             if x[i] > 0.0:
#|                ---- `x[i]` is read here
#|   hint: if iterations never meet, say so: `@kernel(disjoint=("t", "x"))` or `--assume-disjoint t --assume-disjoint x`

# case: a negative step
# call: f(f64[:])
def f(x):
    for i in prange(len(x) - 1, -1, -1):
        x[i] = 2.0 * x[i]
#| no messages

# case: a step of zero
# call: f(f64[:])
def f(x):
    for i in prange(0, len(x), 0):
        x[i] = 1.0
#| error: range() with step 0
#|   2:14
#|         for i in prange(0, len(x), 0):
#|                  ^^^^^^^^^^^^^^^^^^^^

# case: halves are lost in an array of integers
# call: f(i64[:], i64[:])
def f(x, acc):
    for i in prange(len(x)):
        acc[:] = acc + x[i] * 0.5
#| error: `acc` is read in one iteration of prange and `acc` written in another
#|   2:5
#|         for i in prange(len(x)):
#|         ^^^^^^^^^^^^^^^^^^^^^^^ read here
#|   3:9
#|             acc[:] = acc + x[i] * 0.5
#|             ------------------------- the same element is written here, by another iteration
#|   2:5
#|         for i in prange(len(x)):
#|         ----------------------- iterations of this loop have no order
#|   hint: to read what `acc` was before the loop, write into another array
#|   hint: for iterations that run in order, use range instead of prange
