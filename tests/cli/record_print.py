"""Records how NumPy prints arrays: `python tests/cli/record_print.py > tests/cli/print_cases.txt` (NumPy >= 2.4).

One case is a line `KIND DTYPE SHAPE DATA` and the text, each line behind `|`. KIND is `str` or `repr` (what tuples show).
DATA is little-endian hexadecimal in C order, or `START+STEP`: element k is START + k * STEP.
"""

import numpy as np

NAMES = {
    "bool": "bool", "int8": "i8", "int16": "i16", "int32": "i32", "int64": "i64", "uint8": "u8", "uint16": "u16",
    "uint32": "u32", "uint64": "u64", "float32": "f32", "float64": "f64", "complex64": "c64", "complex128": "c128",
}


def case(array, data=None):
    array = np.asarray(array)
    for kind, text in (("str", str(array)), ("repr", repr(array))):
        shape = ",".join(map(str, array.shape)) or "-"
        shown = data or np.ascontiguousarray(array).tobytes().hex() or "-"
        print(kind, NAMES[array.dtype.name], shape, shown)
        for line in text.split("\n"):
            print("|" + line)


def steps(dtype, count, start, step, shape):
    values = (start + np.arange(count) * step).astype(dtype)
    case(values.reshape(shape), f"{start}+{step}")


FLOATS = [
    [1.0, 2.0, 3.0], [0.5, 0.25, 0.125], [1 / 3], [1 / 3, 2 / 3, 1.0], [1e-5, 1.0], [1e-4, 1e-3], [9.9e-5], [1e8], [99999999.0],
    [1e7, 1e4], [1.0, 1000.0], [1.0, 1000.1], [0.001, 1.0], [-1.0, 2.0], [-1.5, -0.25], [0.0], [-0.0], [0.0, -0.0, 1e-10],
    [np.nan], [np.inf], [-np.inf], [np.nan, 1.0], [np.inf, 1.5], [-np.inf, 1.5], [-np.inf, 1e10], [np.nan, np.inf, -np.inf],
    [1e300, 1e-300], [5e-324], [1.7976931348623157e308], [1e100], [1e99, 1e100], [1.23456789012345], [1.000000001, 1.0],
    [0.1 + 0.2], [123456.789], [999999.0], [1e6], [1e5, 2e5], [16777216.0], [3.4e38], [1.1754944e-38], [2.5, 100.125, -3.75],
    [0.00012345678912345], [12345.678912345678, 1.0], [1.5e-7, -2.25e-7], [1e16], [123456789.123], [np.pi, np.e, -np.pi * 1e3],
    [0.5, np.nan, 1e-9], [1e-9, -np.inf], [0.123456785, 0.123456775], [8.5, 0.000000005], [100.0, 0.1], [-100.0, 99.9],
]

for values in FLOATS:
    case(np.array(values, np.float64))
    with np.errstate(over="ignore", under="ignore"):
        case(np.array(values, np.float32))
for value in [1.5, 0.0, -0.0, 1e16, 1e15, 1e-4, 9e-5, 1e6, 999999.0, np.nan, -np.inf, 1 / 3, 1e300]:
    with np.errstate(over="ignore"):
        case(np.float64(value)), case(np.float32(value)), case(np.complex128(complex(value, -value)))
case(np.bool_(True)), case(np.bool_(False)), case(np.int8(-5)), case(np.uint64(2**64 - 1))
case(np.complex64(1 + 2j)), case(np.complex128(2j)), case(np.complex128(complex(np.nan, np.inf)))
case([True, False]), case([[True], [False]]), case(np.ones(30, bool))
for dtype in [np.int8, np.int16, np.int32, np.int64]:
    case(np.array([-1, 0, 100], dtype)), case(np.array([np.iinfo(dtype).min, np.iinfo(dtype).max]))
for dtype in [np.uint8, np.uint16, np.uint32, np.uint64]:
    case(np.array([1, 0, 100], dtype)), case(np.array([np.iinfo(dtype).max], dtype))
for dtype in [np.complex64, np.complex128]:
    case(np.array([1 + 2j, -3.5j], dtype)), case(np.array([1e10 + 1j, 1e-9 - 2j], dtype))
    case(np.array([complex(np.nan, 1), complex(2, np.inf), complex(-np.inf, -0.0)], dtype)), case(np.array([0j], dtype))
    case(np.array([[1.25 + 2j], [3 - 1j / 3]], dtype)), case(np.full(20, 1.5 - 2.5j, dtype))
for shape in [(0,), (0, 3), (3, 0), (2, 0, 3), (1,), (1, 1), (1, 1, 1), (2, 1, 2), (1, 3), (3, 1)]:
    case(np.ones(shape)), case(np.ones(shape, np.int16))
steps("int64", 24, 0, 1, (2, 3, 4)), steps("int64", 16, -8, 1, (2, 2, 2, 2)), steps("float64", 12, 0, 0.5, (3, 4))
steps("int64", 40, 0, 1000, (40,)), steps("int64", 1000, 0, 1, (1000,)), steps("int64", 1001, 0, 1, (1001,))
steps("float64", 1001, 0, 0.001, (1001,)), steps("float64", 2500, -5, 0.25, (50, 50)), steps("float32", 1200, 0, 1, (6, 200))
steps("float64", 1200, 0, 1e-7, (200, 6)), steps("int32", 1024, 0, 3, (4, 4, 8, 8)), steps("int8", 2000, 0, 0, (1000, 2))
steps("uint8", 1400, 0, 0, (7, 200)), steps("float64", 60, 0, 1e6, (3, 20)), steps("float64", 60, 1, 12345.678, (3, 20))
steps("complex128", 1300, 0, 0.5, (13, 100)), steps("float64", 30, 0, 1 / 3, (30,)), steps("int64", 1029, 0, 1, (3, 7, 7, 7))
steps("bool", 1100, 1, 0, (1100,)), steps("float64", 7, 0.1, 0.1, (7,)), steps("int64", 26, 100, 1, (26,)), steps("int64", 19, 100, 1, (19,))
