"""LU decomposition with partial pivoting (Golub and Van Loan, Matrix Computations, section 3.4), and solving with it.

    a       f64[n, n], overwritten by L below the diagonal (its own diagonal is 1) and U from the diagonal on
    pivots  i64[n], written: the row that was swapped with row k
    b       f64[n], overwritten by x with A x = b

    durum run kernels/examples/lu.py solve a='uniform((400, 400))' b='ones(400)' --out return=x.npy
"""

# call: lu(uniform((7, 7)), zeros(7, i64))
# call: lu(ones((1, 1)), zeros(1, i64))
# call: solve(uniform((9, 9)), uniform(9))
# call: solve(eye(3), linspace(1.0, 3.0, 3))


def lu(a, pivots):
    n = len(a)
    for k in range(n):
        pivot = k
        for i in range(k + 1, n):
            if abs(a[i, k]) > abs(a[pivot, k]):
                pivot = i
        pivots[k] = pivot
        for j in range(n):
            a[k, j], a[pivot, j] = a[pivot, j], a[k, j]
        for i in prange(k + 1, n):
            a[i, k] /= a[k, k]
            for j in range(k + 1, n):
                a[i, j] -= a[i, k] * a[k, j]


def solve(a, b):
    n = len(a)
    factors = a.copy()
    pivots = np.zeros(n, dtype=np.int64)
    lu(factors, pivots)
    x = b.copy()
    for k in range(n):
        x[k], x[pivots[k]] = x[pivots[k]], x[k]
    for i in range(n):
        for j in range(i):
            x[i] -= factors[i, j] * x[j]
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            x[i] -= factors[i, j] * x[j]
        x[i] /= factors[i, i]
    return x
