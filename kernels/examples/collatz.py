"""How many steps the Collatz iteration takes from 1, 2, 3, … to reach 1: n is halved if even, else it becomes 3 n + 1.
    out   i64[n], written: out[k] is for the number k + 1
    durum run kernels/examples/collatz.py collatz out='zeros(1_000_000, i64)' --out out=steps.npy
Iterations end at very different times: in lanes those that have ended wait for the longest.
"""


# call: steps(27)
def steps(n):
    count = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        count += 1
    return count


# call: collatz(zeros(100, i64))
# call: collatz(zeros(0, i64))
def collatz(out):
    for k in prange(len(out)):
        out[k] = steps(k + 1)


# call: longest(1000)
def longest(n):
    """The number up to n that takes most steps."""
    out = np.zeros(n, dtype=np.int64)
    collatz(out)
    return np.argmax(out) + 1
