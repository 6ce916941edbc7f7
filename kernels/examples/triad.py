"""The triad a x + z of McCalpin's STREAM (1995), the usual measure of bandwidth: two thirds read, one third written.
    x, z   f64[n] or f32[n]
    a      a number
    out    as x, written
    durum run kernels/examples/triad.py triad a=0.5 x='uniform(1_000_000)' z='ones(1_000_000)' out='zeros(1_000_000)' --out out=out.npy
"""


# call: triad(0.5, uniform(100), ones(100), zeros(100))
# call: triad(0.5, f32(uniform(9)), f32(ones(9)), f32(zeros(9)))
# call: triad(2, arange(10), arange(10), zeros(10, i64))
def triad(a, x, z, out):
    out[:] = a * x + z
