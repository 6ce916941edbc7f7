"""The functions of ints in `math`; results are taken modulo 2**64."""

# call: divisors(12, 18)
# call: divisors(-12, 18)
# call: divisors(0, 0)
# call: divisors(0, -7)
# call: divisors(17, 1)
# call: divisors(9223372036854775807, 7)
# call: divisors(-9223372036854775807 - 1, 6)
# call: divisors(-9223372036854775807 - 1, 0)
# call: divisors(600851475143, 6857)
# call: divisors(9223372036854775806, -139558932227284)
# call: divisors(u8(200), i16(-30))
# call: divisors(True, 4)
# call: many(12, 18, 27)
# call: many(0, 5, 7)
# call: none()
# call: root(0)
# call: root(1)
# call: root(15)
# call: root(16)
# call: root(4503599761588224)
# call: root(4503599761588223)
# call: root(9223372036854775807)
# call: root(9223372030926249001)
# call: root(9223372030926249000)
# call: root(u8(255))
# call: root(True)
# call: root(-1)
# call: product(0)
# call: product(1)
# call: product(10)
# call: product(20)
# call: product(21)
# call: product(65)
# call: product(66)
# call: product(1000)
# call: product(-1)
# call: choices(5, 2)
# call: choices(5, 0)
# call: choices(5, 5)
# call: choices(5, 6)
# call: choices(0, 0)
# call: choices(52, 5)
# call: choices(66, 33)
# call: choices(67, 33)
# call: choices(100, 50)
# call: choices(128, 64)
# call: choices(1000, 3)
# call: choices(1000000007, 2)
# call: choices(9223372036854775807, 2)
# call: choices(i8(12), u8(7))
# call: choices(-1, 2)
# call: choices(3, -2)
# call: quotient(7, 2)
# call: quotient(-7, 2)
# call: quotient(7, -2)
# call: quotient(-9223372036854775807 - 1, 3)
# call: quotient(7.5, 2.0)
# call: quotient(-7.5, 2)
# call: quotient(7.5, -np.inf)
# call: quotient(f32(7.5), 2)
# call: quotient(u8(250), u8(7))
# call: quotient(i8(-100), 7)
# call: quotient(True, True)
# call: quotient(1, 0)


def divisors(a, b):
    return math.gcd(a, b), math.lcm(a, b)


def many(a, b, c):
    return math.gcd(a, b, c), math.lcm(a, b, c), math.gcd(a), math.lcm(-a)


def none():
    return math.gcd(), math.lcm(), math.hypot()


def root(n):
    return math.isqrt(n)


def product(n):
    return math.factorial(n), math.perm(n)


def choices(n, k):
    return math.comb(n, k), math.perm(n, k)


def quotient(a, b):
    q, r = divmod(a, b)
    return q, r, divmod(a, b)
