"""Shortest paths between all pairs of nodes (Floyd 1962, Warshall 1962).

    distance   f64[n, n], the length of each edge, inf where there is none; overwritten by the length of the shortest path

    durum run kernels/examples/floyd_warshall.py floyd_warshall distance='uniform((300, 300))' --out distance=paths.npy
"""

# call: floyd_warshall(uniform((12, 12)))
# call: ring(9)
# call: floyd_warshall(zeros((0, 0)))


def floyd_warshall(distance):
    n = len(distance)
    for via in range(n):
        row = distance[via].copy()
        for i in prange(n):
            first = distance[i, via]
            for j in range(n):
                distance[i, j] = min(distance[i, j], first + row[j])


def ring(n):
    """A one-way ring: from i to j it is (j - i) mod n steps."""
    distance = np.full((n, n), np.inf)
    for i in range(n):
        distance[i, i] = 0.0
        distance[i, (i + 1) % n] = 1.0
    floyd_warshall(distance)
    return distance
