"""Records for tests/overlap.rs what CPython + NumPy do with arguments that share memory: writes tests/overlap.expected."""

import pathlib
import re

import numpy as np
from cpython import fnv

HERE = pathlib.Path(__file__).parent
SOURCE = (HERE / "overlap.rs").read_text()
PROGRAM = re.search(r'const PROGRAM: &str = "(.*?)";', SOURCE, re.DOTALL).group(1)
KERNELS = re.findall(r'^    "(\w+)",$', SOURCE, re.MULTILINE)
VIEW = r"view\((-?\d+), (\d+), (-?\d+)\)"
PAIRS = re.findall(rf'\("([^"]+)", {VIEW}, {VIEW}\)', SOURCE)


def view(buffer, offset, length, stride):
    return np.lib.stride_tricks.as_strided(buffer[int(offset):], (int(length),), (int(stride) * 8,))


def collected(value):
    if isinstance(value, tuple):
        return b"".join(map(collected, value))
    return b"" if value is None else np.asarray(value).tobytes()


def main():
    namespace = {"np": np, "prange": range}
    exec(PROGRAM, namespace)
    with open(HERE / "overlap.expected", "w", encoding="utf-8") as file:
        for kernel in KERNELS:
            for relation, *places in PAIRS:
                buffer = np.array([k * 37 % 101 * 0.25 - 7.0 for k in range(96)])
                result = namespace[kernel](view(buffer, *places[:3]), view(buffer, *places[3:]))
                file.write(f"{kernel}|{relation}|{fnv(buffer.tobytes() + collected(result)):016x}\n")


main()
