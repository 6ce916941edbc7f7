"""Elementwise functions that are no single operator, of any dtype that they are given."""


def sign(x):
    """-1, 0 or 1; NaN for NaN."""
    return 1 if x > 0 else (-1 if x < 0 else x + 0)


def fmin(a, b):
    """The smaller number; the other one if one is NaN."""
    return select(isnan(a), b, select(isnan(b), a, minimum(a, b)))


def fmax(a, b):
    """The larger number; the other one if one is NaN."""
    return select(isnan(a), b, select(isnan(b), a, maximum(a, b)))


def gcd(a: u64, b: u64):
    """The greatest common divisor."""
    while b != 0:
        a, b = b, a % b
    return a


def lcm(a: u64, b: u64):
    """The least common multiple, modulo 2**64."""
    divisor = gcd(a, b)
    return u64(0) if divisor == 0 else a // max(divisor, u64(1)) * b


def _bit_count(x: u64):
    """How many bits are set, by adding up ever wider fields."""
    pairs = x - ((x >> 1) & 0x5555555555555555)
    fours = (pairs & 0x3333333333333333) + ((pairs >> 2) & 0x3333333333333333)
    bytes = (fours + (fours >> 4)) & 0x0F0F0F0F0F0F0F0F
    return (bytes * 0x0101010101010101) >> 56


def _arange_count(start: int, stop: int, step: int):
    """How many of start, start + step, ... come before stop; step is not 0."""
    if step > 0:
        if start >= stop:
            return 0
        length = u64(stop) - u64(start)
        stride = u64(step)
    else:
        if start <= stop:
            return 0
        length = u64(start) - u64(stop)
        stride = u64(0) - u64(step)
    count = (length - 1) // max(stride, u64(1)) + 1
    return int(min(count, u64(0x7FFFFFFFFFFFFFFF)))
