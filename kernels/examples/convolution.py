"""Convolution of an image with a small kernel, where the kernel fits inside.

    image     f32[h, w]
    weights   f32[a, b]
    returns   f32[h - a + 1, w - b + 1]

    durum run kernels/examples/convolution.py convolve image='uniform((1080, 1920)).astype(f32)' weights='full((5, 5), 0.04, f32)' --out return=smooth.npy
"""

# call: convolve(uniform((20, 31)).astype(f32), uniform((3, 5)).astype(f32))
# call: convolve(uniform((4, 4)).astype(f32), uniform((4, 4)).astype(f32))
# call: convolve(uniform((9, 8)), uniform((1, 1)))
# call: sobel(uniform((12, 13)))


def convolve(image, weights):
    height, width = image.shape
    a, b = weights.shape
    out = np.zeros((height - a + 1, width - b + 1), dtype=image.dtype)
    for i in range(a):
        for j in range(b):
            out += weights[a - 1 - i, b - 1 - j] * image[i : i + out.shape[0], j : j + out.shape[1]]
    return out


def sobel(image):
    """The length of the gradient, by Sobel's operators."""
    across = image[:, 2:] - image[:, :-2]
    down = image[2:] - image[:-2]
    x = across[:-2] + 2 * across[1:-1] + across[2:]
    y = down[:, :-2] + 2 * down[:, 1:-1] + down[:, 2:]
    return np.sqrt(x * x + y * y)
