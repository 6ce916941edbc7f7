"""Gravitational accelerations of n bodies, all pairs, with a softened distance.

    position       f64[n, 3]
    mass           f64[n], in units with G = 1
    softening      a length, above 0
    acceleration   f64[n, 3], written

    durum run kernels/examples/nbody.py nbody position='normal((4096, 3))' mass='ones(4096)' softening=0.01 \\
        acceleration='zeros((4096, 3))' --out acceleration=acceleration.npy
"""

# call: nbody(normal((20, 3)), uniform(20), 0.01, zeros((20, 3)))


def nbody(position, mass, softening, acceleration):
    n = len(mass)
    for i in prange(n):
        x = position[i, 0]
        y = position[i, 1]
        z = position[i, 2]
        ax = 0.0
        ay = 0.0
        az = 0.0
        for j in range(n):
            dx = position[j, 0] - x
            dy = position[j, 1] - y
            dz = position[j, 2] - z
            square = dx * dx + dy * dy + dz * dz + softening * softening
            pull = mass[j] / (square * np.sqrt(square))
            ax += pull * dx
            ay += pull * dy
            az += pull * dz
        acceleration[i, 0] = ax
        acceleration[i, 1] = ay
        acceleration[i, 2] = az
