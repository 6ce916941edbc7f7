"""Pi from random points in the unit square: four times the share that falls inside the quarter disc.

    n      number of points
    seed   any integer from 0; the same seed gives the same points on any number of threads

Point i takes outputs 2i and 2i + 1 of a counter-based generator, the finaliser of splitmix64 (G. L. Steele, D. Lea,
C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014), so iterations are independent.

    durum run kernels/examples/monte_carlo_pi.py monte_carlo_pi n=10_000_000 seed=1
"""

# call: monte_carlo_pi(1000, 1)
# call: random(np.uint64(12345))


def random(counter):
    """A number in [0, 1) from a u64 counter."""
    z = counter * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return np.float64(z >> np.uint64(11)) * 1.1102230246251565e-16


def monte_carlo_pi(n, seed):
    inside = 0
    for i in prange(n):
        counter = np.uint64(seed) * np.uint64(0x100000000) + np.uint64(2 * i)
        x = random(counter)
        y = random(counter + np.uint64(1))
        if x * x + y * y < 1.0:
            inside += 1
    return 4.0 * inside / n
