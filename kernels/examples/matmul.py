"""Matrix product, written as loops: the innermost runs along rows of b and of the result.

    a   f64[n, m];  b   f64[m, p];  an array f64[n, p] is returned

    durum run kernels/examples/matmul.py matmul a='uniform((512, 512))' b='eye(512)' --out return=c.npy
"""

# call: matmul(uniform((13, 7)), normal((7, 10)))
# call: matmul(uniform((8, 8)), eye(8))


def matmul(a, b):
    n, m = a.shape
    p = b.shape[1]
    assert b.shape[0] == m, "the inner sizes differ"
    c = np.zeros((n, p))
    for i in prange(n):
        for k in range(m):
            scale = a[i, k]
            for j in range(p):
                c[i, j] += scale * b[k, j]
    return c
