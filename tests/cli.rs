//! The command line from outside: the built binary, its output, its messages and its exit status.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const KERNELS: &str = r#"def same(x):
    return x

def nothing(x):
    pass

def fill(y, a):
    for i in range(len(y)):
        y[i] = a

def two(x):
    return x + 1, x.sum()

def sum_beyond(x):
    s = 0.0
    for i in range(len(x) + 1):
        s += x[i]
    return s

def forever(x):
    while True:
        x[0] += 1.0

def annotated(x: f64[:], n: int = 3, a = 2.5):
    return x * a + n

def carried(y):
    for i in prange(1, len(y)):
        y[i] = y[i - 1]

def undecided(out, idx):
    for i in prange(len(idx)):
        out[idx[i]] = 1.0

def large(n):
    return np.zeros(n)

def rebound(y):
    y[0] = 5.0
    y = y + 1.0
    return y
"#;

/// A directory of its own, gone at the end.
struct Place {
    dir: PathBuf,
}

struct Ran {
    status: i32,
    out: String,
    err: String,
}

impl Place {
    fn new() -> Place {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("durum-cli-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let dir = std::env::temp_dir().join(name);
        fs::create_dir(&dir).unwrap();
        let place = Place { dir };
        place.write("k.py", KERNELS);
        place
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.dir.join(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.dir.join(name)).unwrap()
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_durum"));
        command
            .args(line.split_whitespace())
            .current_dir(&self.dir)
            .env_remove("DURUM_NUM_THREADS")
            .stdin(Stdio::null());
        command
    }

    fn durum(&self, line: &str) -> Ran {
        Ran::of(self.command(line).output().unwrap())
    }

    /// What the command prints when all is well.
    #[track_caller]
    fn prints(&self, line: &str, expected: &str) {
        let ran = self.durum(line);
        assert_eq!((ran.status, ran.err.as_str(), ran.out.as_str()), (0, "", expected), "durum {line}");
    }

    /// Status and message when it is not.
    #[track_caller]
    fn fails(&self, line: &str, status: i32, expected: &str) {
        let ran = self.durum(line);
        assert_eq!(
            (ran.err.trim_end(), ran.status, ran.out.as_str()),
            (expected, status, ""),
            "durum {line}"
        );
    }

    /// No temporary file is left.
    fn files(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(&self.dir)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}

impl Ran {
    fn of(output: Output) -> Ran {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { status: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// A `.npy` file.
fn npy(version: u8, descr: &str, fortran: bool, shape: &str, data: &[u8]) -> Vec<u8> {
    let fortran = if fortran { "True" } else { "False" };
    let header = format!("{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}\n");
    let length = (header.len() as u32).to_le_bytes();
    let length = &length[..if version == 1 { 2 } else { 4 }];
    [b"\x93NUMPY", &[version, 0][..], length, header.as_bytes(), data].concat()
}

fn f64s(numbers: &[f64]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn vector(numbers: &[f64]) -> Vec<u8> {
    npy(1, "'<f8'", false, &format!("({},)", numbers.len()), &f64s(numbers))
}

/// Header text and data of a file that durum wrote.
fn parts(file: &[u8]) -> (String, &[u8]) {
    assert!(file.starts_with(b"\x93NUMPY\x01\x00"));
    let end = 10 + u16::from_le_bytes([file[8], file[9]]) as usize;
    assert_eq!(end % 64, 0);
    (String::from_utf8(file[10..end].to_vec()).unwrap().trim_end().to_string(), &file[end..])
}

#[test]
fn values_are_expressions() {
    let place = Place::new();
    place.prints("run k.py same x=2.5", "2.5\n");
    place.prints("run k.py same x=7", "7\n");
    place.prints("run k.py same x=True", "True\n");
    place.prints("run k.py same x=f32(0.1)", "0.1\n");
    place.prints("run k.py same x=-np.inf", "-inf\n");
    place.prints("run k.py same x=np.nan", "nan\n");
    place.prints("run k.py same x=np.linspace(0,1,5)", "[0.   0.25 0.5  0.75 1.  ]\n");
    place.prints("run k.py same x=zeros((2,2))", "[[0. 0.]\n [0. 0.]]\n");
    place.prints("run k.py same x=arange(2000)", "[   0    1    2 ... 1997 1998 1999]\n");
    place.prints("run k.py two x=arange(3)", "(array([1, 2, 3]), np.int64(3))\n");
    place.prints("run k.py nothing x=1", "");
}

#[test]
fn seeds_decide_random_values() {
    let place = Place::new();
    let zero = place.durum("run k.py same x=uniform(3)").out;
    assert_eq!(zero, place.durum("run k.py same x=uniform(3) --seed 0").out);
    assert_ne!(zero, place.durum("run k.py same x=uniform(3) --seed 1").out);
}

#[test]
fn defaults_and_annotations_hold() {
    let place = Place::new();
    place.prints("run k.py annotated x=arange(3.0)", "[3.  5.5 8. ]\n");
    place.prints("run k.py annotated x=arange(3.0) n=0 a=1.0", "[0. 1. 2.]\n");
}

#[test]
fn a_kernel_that_returns_none_prints_what_it_wrote() {
    let place = Place::new();
    place.prints("run k.py fill y=zeros(3) a=2", "y = [2. 2. 2.]\n");
    // Lines are wrapped below the first element.
    let ones = ["1."; 23].join(" ");
    place.prints("run k.py fill y=zeros(25) a=1", &format!("y = [{ones}\n     1. 1.]\n"));
}

#[test]
fn options_do_not_change_results() {
    let place = Place::new();
    let expected = place.durum("run k.py two x=np.linspace(0,1,1000)").out;
    for options in [
        "--no-fuse",
        "--no-parallel",
        "--threads 1",
        "--threads 3",
        "--interpret",
        "--timeout 10s --memory-limit 1GiB",
    ] {
        place.prints(&format!("run k.py two x=np.linspace(0,1,1000) {options}"), &expected);
    }
}

#[test]
fn all_dtypes_go_through_files() {
    let place = Place::new();
    let dtypes = [
        ("b1", 1),
        ("i1", 1),
        ("i2", 2),
        ("i4", 4),
        ("i8", 8),
        ("u1", 1),
        ("u2", 2),
        ("u4", 4),
        ("u8", 8),
        ("f4", 4),
        ("f8", 8),
    ];
    for (name, size) in dtypes {
        // Every byte is 0 or 1: valid for bools, and different when swapped.
        let data: Vec<u8> = (0..6 * size).map(|k| u8::from(k % 3 == 0)).collect();
        let swapped: Vec<u8> = data.chunks(size).flat_map(|element| element.iter().rev().copied()).collect();
        for version in [1, 2, 3] {
            for fortran in [false, true] {
                for (order, bytes) in [('<', &data), ('>', &swapped)] {
                    let descr = format!("'{}{name}'", if size == 1 { '|' } else { order });
                    let bytes = if size == 1 { &data } else { bytes };
                    place.write("x.npy", npy(version, &descr, fortran, "(2, 3)", bytes));
                    place.prints("run k.py nothing x=x.npy --out x=y.npy", "");
                    let written = place.read("y.npy");
                    let (header, elements) = parts(&written);
                    let order = if size == 1 { '|' } else { '<' };
                    let fortran = if fortran { "True" } else { "False" };
                    assert_eq!(
                        header,
                        format!(
                            "{{'descr': '{order}{name}', 'fortran_order': {fortran}, 'shape': (2, 3), }}"
                        )
                    );
                    assert_eq!(elements, data, "{name}");
                }
            }
        }
    }
}

#[test]
fn layouts_and_shapes_of_files_are_those_of_numpy() {
    let place = Place::new();
    let data = f64s(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
    place.write("c.npy", npy(1, "'<f8'", false, "(2, 3)", &data));
    place.write("f.npy", npy(1, "'<f8'", true, "(2, 3)", &data));
    place.write("zero.npy", npy(1, "'<f8'", false, "(0, 3)", &[]));
    place.write("one.npy", npy(1, "'<f8'", false, "()", &data[8..]));
    place.write("trailing.npy", npy(1, "'<f8'", false, "(2,)", &data));
    place.prints("run k.py same x=c.npy", "[[0. 1. 2.]\n [3. 4. 5.]]\n");
    place.prints("run k.py same x=f.npy", "[[0. 2. 4.]\n [1. 3. 5.]]\n");
    place.prints("run k.py same x=zero.npy", "[]\n");
    place.prints("run k.py same x=one.npy", "1.0\n");
    place.prints("run k.py same x=trailing.npy", "[0. 1.]\n");
    place.prints("run k.py nothing x=zero.npy --out x=out.npy", "");
    assert!(parts(&place.read("out.npy")).0.contains("(0, 3)"));
}

#[test]
fn bad_files_are_errors_that_name_them() {
    const TAKEN: &str =
        "kernels take bool, int8–int64, uint8–uint64, float32, float64, complex64 and complex128";
    let place = Place::new();
    let data = f64s(&[1.0, 2.0]);
    let cases = [
        (b"hello".to_vec(), "this is no .npy file: it does not begin with \\x93NUMPY".to_string()),
        (vec![], "the file is empty".to_string()),
        (
            npy(1, "'<f8'", false, "(3,)", &data),
            "the file is cut off: its array takes 24 bytes, and there are 16".to_string(),
        ),
        (
            npy(1, "'<f8'", false, "(3,)", &data)[..20].to_vec(),
            "the header of the .npy file is cut off".to_string(),
        ),
        (
            npy(9, "'<f8'", false, "(2,)", &data),
            "version 9.0 of the .npy format is not supported".to_string(),
        ),
        (
            npy(1, "'<f8'", false, "(9223372036854775807, 9223372036854775807)", &data),
            "the shape (9223372036854775807, 9223372036854775807) is too large".to_string(),
        ),
        (
            npy(1, "'<f8'", false, "(1, 1, 1, 1, 1, 1, 1, 1, 2)", &data),
            "the array has rank 9; the highest rank is 8".to_string(),
        ),
        (
            npy(1, "'<f8'", false, "two", &data),
            "the header of the .npy file is malformed: it is no dict literal".to_string(),
        ),
        (npy(1, "'<f2'", false, "(8,)", &data), format!("float16 arrays are not supported; {TAKEN}")),
        (npy(1, "'<f16'", false, "(1,)", &data), format!("long double arrays are not supported; {TAKEN}")),
        (npy(1, "'|O'", false, "(2,)", &data), format!("object arrays are not supported; {TAKEN}")),
        (
            npy(1, "[('a', '<f8')]", false, "(2,)", &data),
            format!("structured arrays are not supported; {TAKEN}"),
        ),
        (npy(1, "'<U2'", false, "(2,)", &data), format!("string arrays are not supported; {TAKEN}")),
        (npy(1, "'<M8[s]'", false, "(2,)", &data), format!("datetime arrays are not supported; {TAKEN}")),
    ];
    for (bytes, message) in cases {
        place.write("x.npy", bytes);
        place.fails("run k.py same x=x.npy", 1, &format!("error: x.npy: {message}"));
    }
    place.fails("run k.py same x=none.npy", 1, "error: none.npy: no such file or directory");
    place.fails("run k.py same x=./none", 1, "error: ./none: data files end in .npy, .npz:KEY or .csv");
    place.write("c.npy", npy(1, "'<c16'", false, "(1,)", &data));
    place.fails("run k.py same x=c.npy", 2, "error: `x` is complex; kernels take no complex numbers yet");
    place.write("table.csv", "1,2\n3\n");
    place.fails(
        "run k.py same x=table.csv",
        1,
        "error: table.csv: line 2 has 1 columns, the lines before have 2",
    );
    place.write("z.npz", "hello");
    place.fails("run k.py same x=z.npz:a", 1, "error: z.npz: this is no .npz archive");
}

#[test]
fn tables_are_read() {
    let place = Place::new();
    place.write("table.csv", "# a, b\n1,2.5\n-3,nan\n");
    place.prints("run k.py same x=table.csv", "[[ 1.   2.5]\n [-3.   nan]]\n");
    place.write("column.csv", "1\n2\n");
    place.prints("run k.py same x=column.csv", "[1. 2.]\n");
}

#[test]
fn inputs_are_never_modified() {
    let place = Place::new();
    place.write("y.npy", vector(&[1.0, 2.0]));
    let before = place.read("y.npy");
    place.prints("run k.py fill y=y.npy a=9", "y = [9. 9.]\n");
    assert_eq!(place.read("y.npy"), before);
    // An output may replace an input.
    place.prints("run k.py fill y=y.npy a=9 --out y=y.npy", "");
    place.prints("run k.py same x=y.npy", "[9. 9.]\n");
}

#[test]
fn in_place_changes_the_file() {
    let place = Place::new();
    place.write("y.npy", vector(&[1.0, 2.0]));
    place.prints("run k.py fill y=y.npy a=9 --in-place y", "");
    assert_eq!(place.read("y.npy"), vector(&[9.0, 9.0]));
    place.write("swapped.npy", npy(1, "'>f8'", false, "(2,)", &[0; 16]));
    place.fails(
        "run k.py fill y=swapped.npy a=9 --in-place y",
        1,
        "error: swapped.npy: the file has the other byte order, so it cannot be changed in place",
    );
    place.fails(
        "run k.py fill y=zeros(3) a=9 --in-place y",
        2,
        "error: `--in-place y` needs y to be given as a .npy file",
    );
    place.fails(
        "run k.py fill y=y.npy a=9 --in-place z",
        2,
        "error: `fill` has no parameter `z`\nhelp: parameters are y, a",
    );
}

#[test]
fn outputs_hold_results() {
    let place = Place::new();
    place.prints("run k.py same x=2.5 --out return=r.npy", "");
    assert_eq!(
        parts(&place.read("r.npy")),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (), }".to_string(), &f64s(&[2.5])[..])
    );
    place.prints("run k.py two x=arange(3) --out return=t.npz --out x=x.npy", "");
    place.prints("run k.py same x=t.npz:arr_0", "[1 2 3]\n");
    place.prints("run k.py same x=t.npz:arr_1", "3\n");
    place.prints("run k.py same x=x.npy", "[0 1 2]\n");
    // The caller's array, although the kernel rebinds its name.
    place.prints("run k.py rebound y=zeros(2) --out y=y.npy --out return=r.npz", "");
    place.prints("run k.py same x=y.npy", "[5. 0.]\n");
    place.prints("run k.py same x=r.npz:arr_0", "[6. 1.]\n");
    place.fails(
        "run k.py same x=t.npz",
        1,
        "error: t.npz: say which array of the archive, as in t.npz:KEY; it has arr_0, arr_1",
    );
    place.fails(
        "run k.py same x=t.npz:b",
        1,
        "error: t.npz: there is no array `b`; the archive has arr_0, arr_1",
    );
    assert_eq!(place.files(), ["k.py", "r.npy", "r.npz", "t.npz", "x.npy", "y.npy"]);
}

#[test]
fn outputs_that_cannot_be_are_refused() {
    let place = Place::new();
    fs::create_dir(place.dir.join("d.npy")).unwrap();
    place.fails(
        "run k.py two x=arange(3) --out return=t.npy",
        2,
        "error: the kernel returns several values; `--out return=` needs a name that ends in .npz",
    );
    place.fails(
        "run k.py nothing x=arange(3) --out return=t.npy",
        2,
        "error: the kernel returns None, so there is nothing for `--out return=`",
    );
    place.fails(
        "run k.py same x=1 --out return=t.txt",
        2,
        "error: `t.txt` is no name for an output\nhelp: outputs end in .npy or .npz",
    );
    place.fails(
        "run k.py same x=1 --out x=t.npy",
        2,
        "error: `x` is not an array, so there is nothing to write",
    );
    place.fails("run k.py same x=1 --out t.npy", 2, "error: `--out t.npy` is not of the form NAME=PATH");
    place.fails(
        "run k.py same x=1 --out y=t.npy",
        2,
        "error: `same` has no parameter `y`\nhelp: parameters are x",
    );
    place.fails(
        "run k.py same x=1 --out return=none/t.npy",
        1,
        "error: none/t.npy: cannot be written: no such file or directory",
    );
    place.fails("run k.py same x=1 --out return=d.npy", 1, "error: d.npy: is a directory");
    place.fails(
        "run k.py two x=arange(3) --out return=t.npz --out x=t.npz",
        2,
        "error: two outputs go to t.npz",
    );
    // A fault leaves no file, and the old one as it was.
    place.write("old.npy", "old");
    let ran = place.durum("run k.py sum_beyond x=arange(3.0) --out return=old.npy --out x=new.npy");
    assert_eq!(ran.status, 1);
    assert_eq!(place.read("old.npy"), b"old");
    assert_eq!(place.files(), ["d.npy", "k.py", "old.npy"]);
}

#[test]
fn usage_errors_have_status_2() {
    let place = Place::new();
    place.fails("run k.py sane x=1", 2, "error: k.py has no function `sane`\nhelp: did you mean `same`?");
    place.fails("run k.py same y=1", 2, "error: `same` has no parameter `y`\nhelp: parameters are x");
    place.fails("run k.py same", 2, "error: `same` is missing the argument `x`\nhelp: give x=VALUE");
    place.fails(
        "run k.py fill",
        2,
        "error: `fill` is missing the arguments `y`, `a`\nhelp: give y=VALUE a=VALUE",
    );
    place.fails("run k.py same x=1 x=2", 2, "error: `x` is given twice");
    place.fails("run k.py same x", 2, "error: `x` is not of the form NAME=VALUE");
    place.fails("run k.py same x:f64", 2, "error: `x` is given a type; run takes values, as in x=VALUE");
    place.fails(
        "run k.py x=1",
        2,
        "error: k.py has several functions: say which\nhelp: functions are same, nothing, fill, two, sum_beyond, forever, annotated, \
         carried, undecided, large, rebound",
    );
    place.fails(
        "run k.py undecided out=zeros(3) idx=arange(3) --assume-disjoint ouy",
        2,
        "error: `undecided` has no variable `ouy`\nhelp: did you mean `out`?",
    );
    place.fails("explain k.py same", 2, "error: the types of `same` are not known\nhelp: give x:TYPE");
    for (line, expected) in [
        ("run", "required arguments"),
        ("", "Usage"),
        ("rum k.py", "similar subcommand"),
        ("run k.py same x=1 --threds 2", "similar argument exists: '--threads'"),
        ("run k.py same x=1 --threads 0", "from 1 to"),
        ("run k.py same x=1 --timeout 10", "a duration is like 10s"),
        ("run k.py same x=1 --memory-limit lots", "a size is like 4GiB"),
        ("dump k.py same x=1", "--stage"),
    ] {
        let ran = place.durum(line);
        assert_eq!(ran.status, 2, "{line}: {}", ran.err);
        assert!(ran.err.contains(expected), "{line}: {}", ran.err);
    }
}

#[test]
fn the_environment_decides_threads_unless_the_line_does() {
    let place = Place::new();
    let with = |value: &str, line: &str| {
        Ran::of(place.command(line).env("DURUM_NUM_THREADS", value).output().unwrap())
    };
    assert!(with("3", "run k.py same x=1 --time").err.contains("threads  3\n"));
    assert!(with("3", "run k.py same x=1 --time --threads 2").err.contains("threads  2\n"));
    assert_eq!(with("", "run k.py same x=1").status, 0);
    let ran = with("many", "run k.py same x=1");
    assert_eq!(
        (ran.status, ran.err.as_str()),
        (2, "error: invalid value 'many' for DURUM_NUM_THREADS: a number of threads is from 1 to 1024\n")
    );
}

#[test]
fn errors_in_values_point_at_them() {
    let place = Place::new();
    place.fails(
        "run k.py same x=1+",
        2,
        "\
error: expected an expression, found the end of the line
 --> argument x:1:3
  |
1 | 1+
  |   ^",
    );
    place.fails(
        "run k.py same x=np.foo",
        2,
        "\
error: `numpy.foo` is not a value of the language
 --> argument x:1:1
  |
1 | np.foo
  | ^^^^^^",
    );
    place.fails(
        "run k.py same x=1//0",
        2,
        "\
error: integer division or modulo by zero
 --> argument x:1:1
  |
1 | 1//0
  | ^^^^",
    );
}

#[test]
fn faults_point_at_the_source() {
    let place = Place::new();
    let expected = "\
error: index 9 is out of range for axis 0 with size 9 (with i = 9)
  --> k.py:17:14
   |
17 |         s += x[i]
   |              ^^^^";
    place.fails("run k.py sum_beyond x=arange(9.0)", 1, expected);
    place.fails("run k.py sum_beyond x=arange(9.0) --interpret", 1, expected);
}

#[test]
fn program_errors_point_at_the_source() {
    let place = Place::new();
    place.fails(
        "run k.py carried y=zeros(3)",
        1,
        "\
error: `y[i - 1]` is read in one iteration of prange and `y[i]` written in another
  --> k.py:29:16
   |
28 |     for i in prange(1, len(y)):
   |     -------------------------- iterations of this loop have no order
29 |         y[i] = y[i - 1]
   |         ----   ^^^^^^^^ read here
   |         |
   |         the same element is written here, by another iteration
   |
   = help: to read what `y` was before the loop, write into another array
   = help: for iterations that run in order, use range instead of prange",
    );
    place.write("syntax.py", "def f(x):\n    return x +\n\ndef g(x):\n    return )\n");
    let ran = place.durum("run syntax.py f x=1");
    assert_eq!(ran.status, 1);
    assert!(ran.err.contains(" --> syntax.py:2:") && ran.err.contains(" --> syntax.py:5:"), "{}", ran.err);
}

#[test]
fn warnings_come_before_results() {
    let place = Place::new();
    let ran = place.durum("run k.py undecided out=zeros(3) idx=arange(2)");
    assert_eq!((ran.status, ran.out.as_str()), (0, "out = [1. 1. 0.]\n"));
    assert!(ran.err.starts_with(
        "warning: cannot tell whether two iterations write the same element of `out`\n  --> k.py:32:5\n"
    ));
    place.prints("run k.py undecided out=zeros(3) idx=arange(2) --assume-disjoint out", "out = [1. 1. 0.]\n");
}

#[test]
fn races_are_looked_for_on_the_data_at_hand() {
    let place = Place::new();
    place.write(
        "races.py",
        "def put(x, index, out):\n    for i in prange(len(x)):\n        out[index[i]] = x[i]\n\n\
         def shift(x, index):\n    for i in prange(len(x)):\n        x[index[i]] = x[i] + 1\n\n\
         def private(x, h):\n    for i in prange(len(x)):\n        t = np.zeros(2)\n        t += x[i]\n        h[x[i] % 2] += t[0]\n",
    );
    let fine =
        "run races.py put x=arange(4) index=3-arange(4) out=zeros(4) --assume-disjoint out --check-races";
    place.prints(fine, "out = [3. 2. 1. 0.]\n");
    place.prints("run races.py private x=arange(4) h=zeros(2) --check-races", "h = [2. 4.]\n");
    place.fails(
        "run races.py put x=arange(4) index=arange(4)//2 out=zeros(4) --assume-disjoint out --check-races",
        1,
        "error: two iterations of this prange meet in element [0]: written with i = 0, written with i = 1
 --> races.py:3:9
  |
2 |     for i in prange(len(x)):
  |     ----------------------- iterations of this loop
3 |         out[index[i]] = x[i]
  |         ^^^^^^^^^^^^^ written here with i = 1
  |
  = help: on this data `disjoint` would be wrong: use `range`, or give every iteration elements of its own",
    );
    let shifted = "run races.py shift x=arange(4) index=(arange(4)+1)%4 --assume-disjoint x --check-races";
    let ran = place.durum(shifted);
    let message = "meet in element [1]: written with i = 0, read with i = 1";
    assert!(ran.status == 1 && ran.err.contains(message), "{}", ran.err);
}

#[test]
fn limits_end_kernels() {
    let place = Place::new();
    place.fails("run k.py forever x=zeros(1) --timeout 100ms", 1, "error: timed out");
    place.fails("run k.py forever x=zeros(1) --timeout 100ms --interpret", 1, "error: timed out");
    let ran = place.durum("run k.py large n=1000000 --memory-limit 1MB");
    assert_eq!(ran.status, 1);
    assert!(
        ran.err.starts_with("error: memory limit exceeded by an array of 8000000 bytes\n  --> k.py:36:12\n"),
        "{}",
        ran.err
    );
}

#[cfg(unix)]
#[test]
fn interrupts_cancel_kernels() {
    let place = Place::new();
    let child =
        place.command("run k.py forever x=zeros(1) --out x=x.npy").stderr(Stdio::piped()).spawn().unwrap();
    let temporary = || place.files().iter().any(|name| name.ends_with(".tmp"));
    // The output is opened right before the kernel starts.
    let start = Instant::now();
    while !temporary() && start.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(200));
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert_eq!((ran.status, ran.err.as_str()), (1, "error: cancelled\n"));
    assert_eq!(place.files(), ["k.py"]);
}

#[test]
fn files_that_are_no_kernels_are_errors() {
    let place = Place::new();
    place.fails("run none.py", 1, "error: none.py: no such file or directory");
    place.fails("check .", 1, "error: .: is a directory, not a kernel file");
    place.write("bytes.py", b"# caf\xc3\xa9\n# \xff\n");
    place.fails("run bytes.py f", 1, "error: bytes.py: line 2 is not UTF-8");
    place.write("empty.py", "");
    place.fails("run empty.py f", 1, "error: empty.py: the file has no functions");
}

#[test]
fn checks_compile_what_has_types() {
    let place = Place::new();
    place.write("one.py", "def f(x: f64[:]):\n    return x + 1\n");
    place.prints("check one.py", "");
    let ran = place.durum("check k.py");
    assert_eq!((ran.status, ran.out.as_str()), (0, ""));
    assert!(ran.err.starts_with(
        "\
remark: the types of `same` are not known, so only what holds for any types was checked
 --> k.py:1:1
  |
1 | def same(x):
  | ^^^^^^^^^^^^
  |
  = help: give x:TYPE
"
    ));
    assert!(!ran.err.contains("`annotated`"));
    let ran = place.durum("check k.py carried y:f64[:]");
    assert_eq!(ran.status, 1);
    assert!(ran.err.starts_with("error: `y[i - 1]` is read in one iteration"));
    assert_eq!(place.durum("check k.py carried y=zeros(3)").status, 1);
    place.prints("check k.py same x:f32", "");
    let ran = place.durum("check k.py same x:f99");
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains(" --> argument x:1:1\n"), "{}", ran.err);
    place.fails("check k.py same z:f64", 2, "error: `same` has no parameter `z`\nhelp: parameters are x");
}

#[test]
fn dumps_show_every_stage() {
    let place = Place::new();
    place.write("one.py", "def f(x: f64[:]):\n    return x + 1\n");
    let ran = place.durum("dump one.py --stage ast");
    assert_eq!((ran.status, ran.out.as_str()), (0, "def f(x: f64[:]):\n    return x + 1\n"));
    for stage in durum::stages() {
        let ran = place.durum(&format!("dump k.py same --stage {stage} x:f64[:]"));
        assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{stage}");
        assert!(ran.out.len() > 10, "{stage}");
    }
    place.fails(
        "dump k.py same --stage loops",
        2,
        "error: the types of `same` are not known\nhelp: give x:TYPE",
    );
    place.fails(
        "dump k.py same --stage fuze",
        2,
        "error: the compiler has no stage `fuze`\nhelp: did you mean `fuse`?",
    );
}

#[test]
fn times_go_to_standard_error() {
    let place = Place::new();
    let ran = place.durum("run k.py same x=1 --time --threads 2");
    let names: Vec<&str> = ran.err.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!((ran.out.as_str(), names), ("1\n", vec!["compile", "run", "code", "threads"]));
}

#[test]
fn json_holds_everything() {
    let place = Place::new();
    let ran = place.durum("run k.py undecided out=zeros(3) idx=arange(2) --json");
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    assert!(
        ran.out.contains(r#""arguments": {"out": {"dtype": "f64", "shape": [3], "data": [1.0, 1.0, 0.0]}}"#),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains(r#""diagnostics": [{"severity": "warning", "message": "cannot tell whether"#),
        "{}",
        ran.out
    );
    let ran = place.durum("run k.py two x=full((1,2),np.inf) --json");
    assert!(
        ran.out.contains(r#""result": [{"dtype": "f64", "shape": [1, 2], "data": [["inf", "inf"]]}, "inf"]"#),
        "{}",
        ran.out
    );
    let ran = place.durum("run k.py same x=zeros(2000) --json");
    assert!(ran.out.contains(r#""result": {"dtype": "f64", "shape": [2000], "data": null}"#), "{}", ran.out);
    let ran = place.durum("run k.py sum_beyond x=arange(9.0) --json");
    assert_eq!((ran.status, ran.err.as_str()), (1, ""));
    assert!(
        ran.out.contains(r#""fault": {"exception": "IndexError", "message": "index 9 is out of range"#),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains(r#""file": "k.py", "line": 17, "column": 14, "values": [9, 9], "loops": {"i": 9}}"#),
        "{}",
        ran.out
    );
    let ran = place.durum("run k.py same --json");
    assert_eq!((ran.status, ran.err.as_str()), (2, ""));
    assert!(
        ran.out.starts_with(
            r#"{"status": 2, "diagnostics": [{"severity": "error", "message": "`same` is missing"#
        ),
        "{}",
        ran.out
    );
}

#[test]
fn a_closed_or_full_standard_output_is_no_panic() {
    let place = Place::new();
    let mut child = place
        .command("run k.py same x=zeros(900)")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert_eq!((ran.status, ran.err.as_str()), (1, ""));
    if Path::new("/dev/full").exists() {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ran = Ran::of(place.command("run k.py same x=1").stdout(full).output().unwrap());
        assert_eq!((ran.status, ran.err.as_str()), (1, "error: standard output: no space left on device\n"));
    }
}

#[test]
fn help_and_version_succeed() {
    let place = Place::new();
    assert!(place.durum("--version").out.starts_with(concat!("durum ", env!("CARGO_PKG_VERSION"))));
    let help = place.durum("run --help");
    assert_eq!(help.status, 0);
    for option in [
        "--out",
        "--in-place",
        "--threads",
        "--timeout",
        "--memory-limit",
        "--interpret",
        "--assume-disjoint",
    ] {
        assert!(help.out.contains(option), "{option}");
    }
}

#[test]
fn fast_math_goes_for_the_functions_that_say_nothing() {
    let place = Place::new();
    let text = "def square(a, b):\n    return a * a - b\n\n\n@njit(fastmath=False)\ndef strict(a, b):\n    return a * a - b\n";
    fs::write(place.dir.join("fast.py"), text).expect("writable");
    let gives = |line: &str| {
        let ran = place.durum(line);
        assert_eq!(ran.status, 0, "{line}: {}", ran.err);
        ran.out
    };
    let plain = gives("run fast.py square a=0.1 b=0.01");
    let fused = gives("run fast.py square a=0.1 b=0.01 --fast-math");
    assert_eq!(gives("run fast.py square a=0.1 b=0.01 --fast-math --interpret"), fused);
    assert_eq!(gives("run fast.py strict a=0.1 b=0.01 --fast-math"), plain);
    let dumped = gives("dump fast.py square a=0.1 b=0.01 --stage relax --fast-math");
    assert_eq!(dumped.contains("fma(a, a, -b)"), fused != plain, "{dumped}");
    assert!(gives("dump fast.py square a=0.1 b=0.01 --stage relax").starts_with("(unchanged)"));
    gives("check fast.py --fast-math");
    gives("explain fast.py square a=0.1 b=0.01 --fast-math");
}
