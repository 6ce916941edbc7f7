"""The second oracle: runs a kernel file under CPython and NumPy >= 2, as DESIGN section 2 defines the language.

    python tests/cpython.py run FILE KERNEL NAME=EXPR...   print what the kernel returns
    python tests/cpython.py record FILE...                 write FILE.expected from the `# call:` lines of FILE
    python tests/cpython.py check FILE...                  recompute and compare; exit status 1 on a difference
    python tests/cpython.py programs FILE...               the same for random programs (tests/random): a line of JSON each

A line `# call: name(expr, name=expr)` of a kernel file is one call. FILE.expected holds one JSON object per call, in
order, one per line:

    {"call": TEXT, "result": VALUE | [VALUE, ...] | null, "args": {PARAMETER: VALUE}}    arrays, after the call
    {"call": TEXT, "fault": "IndexError"}                                                if Python raised
    VALUE = {"dtype": "f64", "shape": [3], "bits": HEX}                up to 256 bytes: C order, little-endian
          | {"dtype": "f64", "shape": [99], "fnv": HEX, "head": HEX}   more: FNV-1a 64 and the first 64 bytes

NaNs are stored as the positive quiet NaN. Python's int, float and bool are recorded as i64, f64 and bool of shape [].
Only NumPy is needed. Published exceptions of the language (docs/language.md) are followed where that is easy:
`math.*` outside its domain gives nan or inf, and casts of floats to integers never raise.
"""

import __future__

import ast
import builtins
import inspect
import json
import math
import re
import sys
import types
import warnings
from fractions import Fraction

import numpy as np

# ---- the names a kernel file sees ------------------------------------------------------------------------------------


class Type:
    """A type name: a cast `f32(x)`, a dtype `np.zeros(n, f32)`, an annotation `f32[:, ::1]`, a signature `f32(f32)`."""

    def __init__(self, dtype):
        self.dtype = np.dtype(dtype)

    def __getitem__(self, _axes):
        return self

    def __call__(self, *values):
        if not values or any(isinstance(value, Type) for value in values):
            return self
        (value,) = values
        if self.dtype.kind in "iu":
            return cast_to_integer(value, self.dtype)
        return self.dtype.type(value)

    def __repr__(self):
        return dtype_name(self.dtype)


def cast_to_integer(value, dtype):
    """Truncates to i64 (nan and what does not fit become its minimum), then wraps to the width."""
    array = np.asarray(value) if not isinstance(value, int) else np.asarray(wrap(int(value)))
    if isinstance(value, np.ndarray) and array.dtype == dtype:
        return value
    if array.dtype.kind == "f":
        wide = array.astype(np.float64)
        fits = (wide >= -(2.0**63)) & (wide < 2.0**63)
        array = np.where(fits, np.where(fits, wide, 0.0).astype(np.int64), np.int64(-(2**63)))
    result = array.astype(dtype)
    return result if result.shape else dtype.type(result)


def wrap(integer):
    """A Python integer modulo 2**64, signed."""
    return (integer + 2**63) % 2**64 - 2**63


def dtype_name(dtype):
    dtype = np.dtype(dtype)
    return "bool" if dtype.kind == "b" else f"{dtype.kind}{8 * dtype.itemsize}"


SHORT_TYPES = {name: Type(f"{name[0]}{int(name[1:]) // 8}")
               for name in "i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 c64 c128".split()}
LONG_TYPES = {np.dtype(short.dtype).name: short for short in SHORT_TYPES.values()}
TYPES = SHORT_TYPES | LONG_TYPES | {"boolean": Type(np.bool_), "bool_": Type(np.bool_)}


def decorator(*arguments, **_options):
    """`@kernel`, `@njit(parallel=True)`, `@vectorize([...])`: the function itself."""
    if len(arguments) == 1 and inspect.isfunction(arguments[0]):
        return arguments[0]
    return lambda function: function


def fma(a, b, c):
    """a * b + c, rounded once: to f32 if an operand is f32 and the others are f32 or weak, else to f64."""
    if any(isinstance(value, np.ndarray) for value in (a, b, c)):
        return np.vectorize(fma)(a, b, c)
    narrow = np.result_type(a, b, c) == np.float32
    a, b, c = float(a), float(b), float(c)
    if not all(map(math.isfinite, (a, b, c))):
        value = float(np.float64(a) * np.float64(b) + np.float64(c))
    else:
        exact = Fraction(a) * Fraction(b) + Fraction(c)
        value = a * b + c if exact == 0 else nearest(exact, narrow)
    return np.float32(value) if narrow else np.float64(value)


def nearest(exact, odd):
    """The f64 nearest to a fraction; with `odd`, rounded to odd, so that rounding it to f32 is right."""
    try:
        value = float(exact)
    except OverflowError:
        return math.inf if exact > 0 else -math.inf
    if odd and Fraction(value) != exact and int(np.float64(value).view(np.int64)) % 2 == 0:
        value = math.nextafter(value, math.inf if exact > Fraction(value) else -math.inf)
    return value


def bits(value):
    """The bits of a float, as an integer of its width."""
    return value.view(np.int32) if isinstance(value, np.float32) else np.float64(value).view(np.int64)


def from_bits(value):
    """The float with these bits."""
    return value.view(np.float32) if isinstance(value, np.int32) else np.int64(value).view(np.float64)


def mulhi(a, b):
    """The high half of the 128-bit product of two u64."""
    return np.uint64(int(a) * int(b) >> 64)


def select(condition, a, b):
    """a where the condition holds, else b, in their common type."""
    kind = np.result_type(a, b)
    return kind.type(a if condition else b)


def numpy_with_filled_empty():
    """NumPy, but `empty` and `empty_like` fill with bytes 0xCD, as every allocator does in tests."""
    module = types.ModuleType("numpy")
    vars(module).update({name: getattr(np, name) for name in dir(np) if not name.startswith("__")})

    def filled(make):
        def empty(*arguments, **options):
            array = make(*arguments, **options)
            array.reshape(-1, order="A").view(np.uint8)[...] = 0xCD
            return array
        return empty

    module.empty, module.empty_like = filled(np.empty), filled(np.empty_like)
    return module


def beyond(name, x, *rest):
    """What C's function gives where Python's raises."""
    if name == "log" and rest:
        return float(np.log(x) / np.log(*rest))
    if name == "ldexp" or name == "gamma" and x >= 0:
        return math.copysign(math.inf, x)
    if name == "lgamma":
        return math.inf
    fallback = getattr(np, name, None)
    return float(fallback(x, *rest)) if fallback else math.nan


def math_without_errors():
    """`math`, with NumPy's nan or inf (else nan) where Python would raise."""
    module = types.ModuleType("math")

    def total(function, name):
        def call(*arguments):
            try:
                return function(*arguments)
            except (ValueError, OverflowError, ZeroDivisionError):
                return beyond(name, *map(np.float64, arguments))
        return call

    for name in dir(math):
        value = getattr(math, name)
        integral = name in ("floor", "ceil", "trunc", "factorial", "comb", "perm", "gcd", "lcm", "isqrt", "isclose")
        setattr(module, name, total(value, name) if callable(value) and not integral else value)
    return module


NUMPY = numpy_with_filled_empty()
MATH = math_without_errors()
NAMES = TYPES | {"np": NUMPY, "math": MATH, "prange": range, "fma": fma}
NAMES |= {name: decorator for name in ("kernel", "njit", "jit", "vectorize", "guvectorize")}
INTRINSICS = {"bits": bits, "from_bits": from_bits, "mulhi": mulhi, "select": select}
INTRINSICS |= {name: getattr(np, name) for name in "sqrt rint floor ceil trunc copysign minimum maximum".split()}


NUMBA = types.SimpleNamespace(**NAMES)  # for `from numba import njit, prange`
MODULES = {"numpy": NUMPY, "math": MATH, "numba": NUMBA, "durum": NUMBA}


def import_module(name, *arguments):
    return MODULES[name] if name in MODULES else builtins.__import__(name, *arguments)


def load(path):
    """Executes a kernel file; its namespace."""
    with open(path, encoding="utf-8") as file:
        return execute(file.read(), path)


def execute(source, path):
    """Executes the text of a kernel file; its namespace. Annotations are never evaluated."""
    code = compile(source, path, "exec", flags=__future__.annotations.compiler_flag, dont_inherit=True)
    namespace = INTRINSICS | NAMES
    namespace["__builtins__"] = vars(builtins) | {"__import__": import_module}
    namespace["__name__"] = "kernel"
    with np.errstate(all="ignore"):
        exec(code, namespace)
    return namespace


# ---- the names an argument expression sees ---------------------------------------------------------------------------


def uniform_bits(count, seed):
    """splitmix64 (G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014): outputs 1 to count from this seed."""
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def values(seed=0):
    """The namespace of VALUE expressions, on the command line and in `# call:` lines.

    `uniform(shape)`: element k, in C order, is the top 53 bits of output k + 1 of splitmix64, times 2**-53. Each call
    starts again from the seed. `normal(shape)`: element k is uniform elements 12k to 12k + 11, added left to right,
    less 6.0 (Irwin-Hall): exact to define, and the same bits in every implementation.
    """

    def count(shape):
        return int(np.prod(shape, dtype=np.int64))

    def uniform(shape):
        return ((uniform_bits(count(shape), seed) >> np.uint64(11)).astype(np.float64) * 2.0**-53).reshape(shape)

    def normal(shape):
        total = np.zeros(count(shape))
        for column in uniform(12 * count(shape)).reshape(-1, 12).T:
            total = total + column
        return (total - 6.0).reshape(shape)

    names = {name: getattr(NUMPY, name) for name in ("arange", "zeros", "ones", "full", "linspace", "eye")}
    return NAMES | names | {"uniform": uniform, "normal": normal}


def evaluate(expression, names):
    if expression.endswith(".npy"):
        return np.load(expression)
    with np.errstate(all="ignore"):
        return eval(expression, dict(names))


# ---- recording -------------------------------------------------------------------------------------------------------


def fnv(data):
    """FNV-1a, 64 bits."""
    state = 0xCBF29CE484222325
    for byte in data:
        state = (state ^ byte) * 0x100000001B3 % 2**64
    return state


def canonical(array):
    """The array in C order and little-endian, every NaN the positive quiet one."""
    array = np.array(array, order="C")
    array = array.astype(array.dtype.newbyteorder("<"))
    if array.dtype.kind in "fc":
        parts = array.reshape(-1).view(array.real.dtype)
        quiet = {4: np.uint32(0x7FC00000), 8: np.uint64(0x7FF8000000000000)}[parts.dtype.itemsize]
        parts[np.isnan(parts)] = quiet.view(parts.dtype)
    return array


def describe(value):
    """A result as it is recorded."""
    if value is None:
        return None
    if isinstance(value, (tuple, list)):
        return [describe(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        value = np.int64(wrap(value))
    array = canonical(value)
    data = array.tobytes()
    record = {"dtype": dtype_name(array.dtype), "shape": list(array.shape)}
    if len(data) <= 256:
        return record | {"bits": data.hex()}
    return record | {"fnv": f"{fnv(data):016x}", "head": data[:64].hex()}


def perform(namespace, call):
    """Evaluates the text of a call with fresh arguments: its record."""
    node = ast.parse(call, mode="eval").body
    names = values()
    function = namespace[node.func.id]
    positional = [evaluate(ast.unparse(argument), names) for argument in node.args]
    keywords = {keyword.arg: evaluate(ast.unparse(keyword.value), names) for keyword in node.keywords}
    bound = inspect.signature(function).bind(*positional, **keywords).arguments
    try:
        with np.errstate(all="ignore"):
            result = function(*positional, **keywords)
    except Exception as error:
        return {"call": call, "fault": type(error).__name__}
    arrays = {name: describe(value) for name, value in bound.items() if isinstance(value, np.ndarray)}
    return {"call": call, "result": describe(result), "args": arrays}


def records(path):
    """One line of JSON for each `# call:` line of a kernel file."""
    with open(path, encoding="utf-8") as file:
        calls = re.findall(r"^# call: *(.*?) *$", file.read(), re.MULTILINE)
    return [json.dumps(perform(load(path), call)) for call in calls]


# ---- the command -----------------------------------------------------------------------------------------------------


def record(*paths):
    for path in paths:
        with open(f"{path}.expected", "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in records(path))


def allowed_ulp(path):
    """The number in the `# ulp:` header: NumPy's own mathematics differs from one processor to another."""
    with open(path, encoding="utf-8") as file:
        header = re.search(r"^# ulp: *(\d+)", file.read(), re.MULTILINE)
    return int(header[1]) if header else 0


def agree(a, b, ulp):
    """Whether two records are the same, floats within so many units in the last place; of large arrays only the head shows."""
    if isinstance(a, dict) and isinstance(b, dict):
        if ulp and a.get("dtype") in ("f32", "f64") and a.keys() == b.keys():
            data = "bits" if "bits" in a else "head"
            same_type = a["dtype"] == b["dtype"] and a["shape"] == b["shape"]
            return same_type and distance(a[data], b[data], a["dtype"]) <= ulp
        return a.keys() == b.keys() and all(agree(a[key], b[key], ulp) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(agree(*pair, ulp) for pair in zip(a, b))
    return a == b


def distance(a, b, dtype):
    """The largest distance of two arrays of floats, written as hexadecimal bytes, in units in the last place."""
    if len(a) != len(b):
        return math.inf
    size = {"f32": 4, "f64": 8}[dtype]

    def ordered(text):
        bits = np.frombuffer(bytes.fromhex(text), f"<i{size}").tolist()
        return [value if value >= 0 else -(value + 2 ** (8 * size - 1)) for value in bits]

    return max((abs(x - y) for x, y in zip(ordered(a), ordered(b))), default=0)


def check(*paths):
    warnings.simplefilter("ignore")
    differences = 0
    for path in paths:
        with open(f"{path}.expected", encoding="utf-8") as file:
            expected = file.read().splitlines()
        found, ulp = records(path), allowed_ulp(path)
        if len(expected) != len(found):
            differences += 1
            print(f"{path}: {len(expected)} calls recorded, {len(found)} in the file")
        for before, after in zip(expected, found):
            if not agree(json.loads(before), json.loads(after), ulp):
                differences += 1
                print(f"{path}:\n  recorded {before}\n  now      {after}")
    return 1 if differences else 0


def programs(*paths):
    warnings.simplefilter("ignore")
    total = differences = 0
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for line in file:
                program = json.loads(line)
                total += 1
                found = perform(execute(program["text"], path), program["call"])
                del found["call"]
                if json.loads(json.dumps(found)) != program["expected"]:
                    differences += 1
                    print(f"seed {program['seed']}:\n# call: {program['call']}\n\n\n{program['text']}")
                    print(f"durum   {json.dumps(program['expected'])}\ncpython {json.dumps(found)}\n")
    print(f"{total} programs, {differences} differences")
    return 1 if differences else 0


def run(path, kernel, *bindings):
    names = values()
    arguments = {name: evaluate(text, names) for name, text in (binding.split("=", 1) for binding in bindings)}
    with np.errstate(all="ignore"):
        print(load(path)[kernel](**arguments))


def main(arguments):
    commands = {"record": record, "check": check, "programs": programs, "run": run}
    if len(arguments) < 2 or arguments[0] not in commands:
        print(__doc__, file=sys.stderr)
        return 2
    return commands[arguments[0]](*arguments[1:]) or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
