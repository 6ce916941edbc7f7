"""Functions that rearrange axes."""
# call: transposes(uniform((2, 3, 4)))
# call: transposes(uniform((1, 3, 1)))
# call: transposes(uniform((2, 0, 3)))
# call: moves(uniform((2, 3, 4)))
# call: expansions(uniform((2, 3)))
# call: squeezes(uniform((1, 3)), uniform((3, 1)))
# call: flips(uniform((3, 4)))
# call: flips(uniform((1, 1)))
# call: flips(uniform((0, 2)))
# call: flip_one(uniform(5))
# call: at_least(uniform(3), uniform((2, 2)))
# call: stores(uniform((3, 3)))


def transposes(x):
    return (
        np.transpose(x),
        x.transpose(),
        x.transpose(None),
        x.transpose(1, 0, 2),
        x.transpose((2, 0, 1)),
        np.transpose(x, (0, -1, 1)),
        np.transpose(x, axes=[1, 2, 0]),
        np.permute_dims(x, (0, 1, 2)),
        np.matrix_transpose(x),
    )


def moves(x):
    return (
        np.swapaxes(x, 0, 1),
        x.swapaxes(-1, 0),
        np.moveaxis(x, 0, -1),
        np.moveaxis(x, -1, 0),
        np.moveaxis(x, (0, 1), (-1, -2)),
        np.moveaxis(x, [2, 0], [0, 1]),
    )


def expansions(x):
    return (
        np.expand_dims(x, 0),
        np.expand_dims(x, -1),
        np.expand_dims(x, axis=1),
        np.expand_dims(x, (0, -1)),
        np.expand_dims(x[0], axis=(0, 2)),
    )


def squeezes(x, y):
    return (
        np.squeeze(x, 0),
        x.squeeze(axis=0)[1:],
        np.squeeze(y, axis=-1),
        np.squeeze(x[None, :, None], (0, 2)),
        np.zeros((4, 1)).squeeze(1),
    )


def flips(x):
    return np.flip(x), np.flip(x, 0), np.flip(x, axis=1), np.flip(x, (0, 1)), np.fliplr(x), np.flipud(x)


def flip_one(x):
    np.flip(x)[1:] = x[1:]
    return np.flip(x), np.flipud(x)[::2]


def at_least(x, y):
    return np.atleast_1d(x), np.atleast_2d(x), np.atleast_2d(y), np.atleast_2d(x[0, ...])


def stores(x):
    x.transpose(1, 0)[0] = 1.0
    np.flip(x, 0)[0, 1:] = 2.0
    x.swapaxes(0, 1)[1:] += x[1:].T[1:][:, :1][:, 0][:, None] * 0.0 + 1.0
    return x
