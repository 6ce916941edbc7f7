"""The Mandelbrot set: for each point of a grid, the step at which z <- z*z + c leaves the disc of radius 2.

    x0, x1, y0, y1   the rectangle of the complex plane
    steps            at most so many; points of the set keep this number
    out              i32[h, w], written

    durum run kernels/examples/mandelbrot.py mandelbrot x0=-2.0 x1=0.6 y0=-1.2 y1=1.2 steps=200 \\
        out='zeros((800, 1200), i32)' --out out=mandelbrot.npy
"""

# call: mandelbrot(-2.0, 0.6, -1.2, 1.2, 50, zeros((24, 36), i32))
# call: mandelbrot(-0.75, -0.74, 0.1, 0.11, 200, zeros((7, 9), i32))


def escape_step(cr, ci, steps):
    zr = 0.0
    zi = 0.0
    step = 0
    while step < steps and zr * zr + zi * zi <= 4.0:
        next_zr = zr * zr - zi * zi + cr
        zi = 2.0 * zr * zi + ci
        zr = next_zr
        step += 1
    return step


def mandelbrot(x0, x1, y0, y1, steps, out):
    height, width = out.shape
    for row in prange(height):
        ci = y0 + (y1 - y0) * row / height
        for column in range(width):
            cr = x0 + (x1 - x0) * column / width
            out[row, column] = escape_step(cr, ci, steps)
