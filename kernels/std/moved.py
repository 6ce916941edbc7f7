"""Functions that move elements about: they fill a new array, whose extent their caller has computed."""


def _diagonal(out, x, row: int, column: int):
    """Down the diagonal that starts at x[row, column]."""
    for i in range(len(out)):
        out[i] = x[row + i, column + i]


def _roll(out, x, shift: int):
    """Each element `shift` places further, around the end."""
    size = len(x)
    if size > 0:
        moved = shift % size
        out[moved:] = x[: size - moved]
        out[:moved] = x[size - moved :]


def _repeat(out, x, count: int):
    """Each element `count` times."""
    for i in range(len(x)):
        out[i * count : (i + 1) * count] = x[i]


def _tile(out, x, count: int):
    """All elements, `count` times."""
    size = len(x)
    for i in range(count):
        out[i * size : (i + 1) * size] = x
