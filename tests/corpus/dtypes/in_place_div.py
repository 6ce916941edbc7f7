"""`x /= y` of arrays: what NumPy stores back."""

# fixed-layout
# call: idiv(arange(5) * 0.75 - 1.5, f32(arange(5) * 0.75 - 1.5))
# call: idiv(arange(5) * 0.75 - 1.5, f32(-2.5))
# call: idiv(arange(5) * 0.75 - 1.5, 200)


def idiv(a, b):
    a /= b
    return a
