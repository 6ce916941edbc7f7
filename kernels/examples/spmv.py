"""Sparse matrix times vector, the matrix in compressed rows (CSR).

    indptr    i64[rows + 1]: row r owns the entries indptr[r] to indptr[r + 1] - 1
    indices   i64[entries]: their columns
    data      f64[entries]: their values
    x         f64[columns];  an array f64[rows] is returned

`band` makes an example: a matrix with `width` ones per row, beginning on the diagonal and wrapping around.

    durum run kernels/examples/spmv.py spmv indptr='arange(1_000_001) * 4' indices='arange(4_000_000) // 4' \\
        data='ones(4_000_000)' x='uniform(1_000_000)' --out return=y.npy
"""

# call: spmv(arange(21) * 3, (arange(60) * 7) % 20, uniform(60), np.linspace(0, 1, 20))
# call: spmv(arange(4) * 2, arange(6), ones(6), ones(5))
# call: band(6, 3)


def spmv(indptr, indices, data, x):
    rows = len(indptr) - 1
    y = np.empty(rows)
    for row in prange(rows):
        total = 0.0
        for entry in range(indptr[row], indptr[row + 1]):
            total += data[entry] * x[indices[entry]]
        y[row] = total
    return y


def band(n, width):
    indptr = np.zeros(n + 1, np.int64)
    indices = np.zeros(n * width, np.int64)
    for row in range(n):
        indptr[row + 1] = (row + 1) * width
        for k in range(width):
            indices[row * width + k] = (row + k) % n
    return spmv(indptr, indices, np.ones(n * width), np.ones(n))
