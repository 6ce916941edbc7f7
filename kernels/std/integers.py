"""Python's gcd, lcm, isqrt, factorial, comb and perm of 64-bit integers, exact modulo 2**64; fmod of integers.

Method. isqrt: the root of the nearest f64, corrected. comb: numerator and denominator without their
factors of 2, the odd denominator inverted modulo 2**64 by Newton's iteration (H. S. Warren, "Hacker's Delight", 2002,
10-15), so that it is right also where the product overflows.
"""


def gcd_signed(x: i64, y: i64):
    """The greatest common divisor, at least 0."""
    return i64(gcd(u64(abs(x)), u64(abs(y))))


def lcm_signed(x: i64, y: i64):
    """The least common multiple, at least 0."""
    return i64(lcm(u64(abs(x)), u64(abs(y))))


def isqrt(n: i64):
    """The root, rounded down."""
    if n < 0:
        raise ValueError("isqrt() argument must be nonnegative")
    wide = u64(n)
    root = u64(sqrt(f64(n)))
    while root * root > wide:
        root -= 1
    while (root + 1) * (root + 1) <= wide:
        root += 1
    return i64(root)


def factorial(n: i64):
    """1 * 2 * ... * n; 0 from 66 on, where 2**64 divides it."""
    if n < 0:
        raise ValueError("factorial() not defined for negative values")
    product = 1
    for k in range(2, min(n, 66) + 1):
        product *= k
    return product


def perm(n: i64, k: i64):
    """n (n - 1) ... (n - k + 1): ways to choose k of n in order."""
    if (n < 0) | (k < 0):
        raise ValueError("arguments of perm() must be non-negative integers")
    if k > n:
        return 0
    product = 1
    factor = n
    while (factor > n - k) & (product != 0):
        product *= factor
        factor -= 1
    return product


def comb(n: i64, k: i64):
    """n! / (k! (n - k)!): ways to choose k of n."""
    if (n < 0) | (k < 0):
        raise ValueError("arguments of comb() must be non-negative integers")
    if k > n:
        return 0
    k = min(k, n - k)
    top = 1
    bottom = 1
    twos = 0
    for i in range(1, k + 1):
        factor = n - k + i
        twos += _trailing_zeros(factor) - _trailing_zeros(i)
        top *= factor >> _trailing_zeros(factor)
        bottom *= i >> _trailing_zeros(i)
    inverse = bottom
    for _ in range(5):
        inverse *= 2 - bottom * inverse
    return (top * inverse) << min(twos, 64)


def _trailing_zeros(n: i64):
    """How often 2 divides n > 0."""
    return (bits(f64(n & -n)) >> 52) - 1023


def fmod_signed(x: i64, y: i64):
    """C's remainder, with the sign of x; 0 for y = 0."""
    divisor = select(y == 0, 1, y)
    rest = x % divisor
    return select((rest != 0) & ((rest < 0) != (x < 0)), rest - divisor, rest)


def fmod_unsigned(x: u64, y: u64):
    """The remainder; 0 for y = 0."""
    return x % select(y == 0, u64(1), y)
