"""Conway's game of life on a torus: a cell lives on with two or three living neighbours, and is born with three.

    cells   u8[h, w], 1 where a cell lives
    steps   generations to run
    returns u8[h, w]

    durum run kernels/examples/game_of_life.py life cells='(uniform((512, 512)) < 0.3).astype(u8)' steps=100 --out return=cells.npy
"""

# call: life((uniform((16, 23)) < 0.4).astype(u8), 5)
# call: life(ones((1, 1), u8), 2)
# call: life(zeros((3, 0), u8), 2)
# call: step((uniform((9, 8)) < 0.4).astype(u8), zeros((9, 8), u8))


def step(old, new):
    height, width = old.shape
    for i in prange(height):
        above, below = i - 1, (i + 1) % height
        for j in range(width):
            left, right = j - 1, (j + 1) % width
            neighbours = old[above, left] + old[above, j] + old[above, right]
            neighbours += old[i, left] + old[i, right]
            neighbours += old[below, left] + old[below, j] + old[below, right]
            new[i, j] = neighbours == 3 or (neighbours == 2 and old[i, j] == 1)


def life(cells, steps):
    old, new = cells.copy(), np.zeros_like(cells)
    for _ in range(steps):
        step(old, new)
        old, new = new, old
    return old
