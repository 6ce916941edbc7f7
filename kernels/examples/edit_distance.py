"""The edit distance of Levenshtein (1966): the fewest insertions, deletions and substitutions that turn one text into another.

    a, b    integers of any dtype, one per character
    returns the distance; memory for one row of the table, time len(a) * len(b)

    durum run kernels/examples/edit_distance.py edit_distance a='arange(2000) % 26' b='arange(1900) * 7 % 26'
"""

# call: edit_distance(np.array([107, 105, 116, 116, 101, 110]), np.array([115, 105, 116, 116, 105, 110, 103]))
# call: edit_distance(arange(40) % 5, arange(33) % 7)
# call: edit_distance(arange(0), arange(9))
# call: edit_distance(arange(9), arange(0))


def edit_distance(a, b):
    row = np.arange(len(b) + 1)
    for i in range(len(a)):
        diagonal = row[0]
        row[0] = i + 1
        for j in range(len(b)):
            substituted = diagonal + (a[i] != b[j])
            diagonal = row[j + 1]
            row[j + 1] = min(substituted, diagonal + 1, row[j] + 1)
    return row[-1]
