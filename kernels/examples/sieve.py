"""The sieve of Eratosthenes: which numbers below n are prime.

    returns bool[n]; `count_primes` how many there are

    durum run kernels/examples/sieve.py count_primes n=10000000
"""

# call: sieve(100)
# call: sieve(2)
# call: sieve(0)
# call: count_primes(1000)


def sieve(n):
    prime = np.ones(n, dtype=np.bool_)
    prime[:2] = False
    candidate = 2
    while candidate * candidate < n:
        if prime[candidate]:
            prime[candidate * candidate :: candidate] = False
        candidate += 1
    return prime


def count_primes(n):
    return np.sum(sieve(n))
