//! `durum bench` from outside: tables, JSON, plots, comparisons, and what it refuses. Never how long anything takes.
#![cfg(feature = "cli")]

use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

const KERNELS: &str = "
def blend(x, y):
    return np.sqrt(x * x + y * y) * 0.5 + x

def axpy(a, x, y):
    for i in prange(len(x)):
        y[i] += a * x[i]

def grow(y):
    for i in range(len(y)):
        y[i] *= 1e100

def total(x):
    s = 0.0
    for i in range(len(x)):
        s += x[i]
    return s

def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps

def beyond(x):
    return x[len(x)]

def half(x, n):
    if n > 100:
        x = x * 0.5
    return x.sum()
";

struct Place {
    dir: PathBuf,
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}

impl Place {
    fn new() -> Place {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("durum-bench-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let dir = std::env::temp_dir().join(name);
        fs::create_dir(&dir).unwrap();
        fs::write(dir.join("k.py"), KERNELS).unwrap();
        Place { dir }
    }

    /// Status, standard output, standard error. Two threads, whatever the machine has.
    fn bench(&self, line: &str) -> (i32, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_durum"))
            .args(["bench", "k.py"])
            .args(line.split_whitespace())
            .current_dir(&self.dir)
            .env("DURUM_NUM_THREADS", "2")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
    }

    #[track_caller]
    fn prints(&self, line: &str) -> String {
        let (status, out, err) = self.bench(&format!("{line} --time 2ms"));
        assert_eq!((status, err.as_str()), (0, ""), "{line}");
        out
    }

    #[track_caller]
    fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.prints(&format!("{line} --json"))).unwrap()
    }

    #[track_caller]
    fn fails(&self, line: &str, status: i32, expected: &str) {
        let (actual, out, err) = self.bench(line);
        assert_eq!((actual, out.as_str()), (status, ""), "{line}\n{err}");
        assert!(err.contains(expected), "{line}\n{err}");
    }
}

const BLEND: &str = "blend --size n=8,64 x=uniform(n) y=uniform(n)";

#[test]
fn the_table_has_every_configuration_at_every_size() {
    let text = Place::new().prints(BLEND);
    for size in ["n = 8\n", "n = 64\n"] {
        assert_eq!(text.matches(size).count(), 1, "{text}");
    }
    for fused in ["unfused ", "fused "] {
        for parallel in ["serial ", "parallel "] {
            for lanes in ["scalar ", "lanes "] {
                let row = |line: &&str| {
                    let mut words = line.split_whitespace();
                    [fused, parallel, lanes].into_iter().all(|word| words.next() == Some(word.trim()))
                };
                assert_eq!(text.lines().filter(row).count(), 2, "{fused}{parallel}{lanes}\n{text}");
            }
        }
    }
    for words in ["95 % interval", "Gflop/s", "% memory", "triad", "fusing: "] {
        assert!(text.contains(words), "{words}\n{text}");
    }
}

#[test]
fn columns_line_up() {
    let text = Place::new().prints("blend x=uniform(64) y=uniform(64) --no-parallel");
    let table: Vec<&str> =
        text.lines().skip_while(|line| !line.starts_with("  configuration")).take(5).collect();
    let end = |line: &str, words: &str| line[..line.find(words).unwrap() + words.len()].chars().count();
    let speedups = table[1..].iter().map(|line| line.chars().count());
    assert_eq!(table.len(), 5, "{text}");
    assert!(speedups.into_iter().all(|width| width == end(table[0], "speedup")), "{text}");
}

#[test]
fn json_says_what_was_measured_and_how() {
    let json = Place::new().json(BLEND);
    assert_eq!(json["kernel"], "blend");
    assert_eq!(json["arguments"]["x"], "uniform(n)");
    assert_eq!(json["threads"], 2);
    assert_eq!(json["sizes"].as_array().unwrap().len(), 2);
    assert!(json["machine"]["cpu"].is_string() && json["method"]["confidence"] == 0.95);
    assert!(json["peak_flops_per_s"]["f32"]["all_threads"].as_f64().unwrap() > 0.0);
    for (size, n) in json["sizes"].as_array().unwrap().iter().zip([8, 64]) {
        assert_eq!(size["n"], n);
        let work = &size["work_per_call"];
        assert_eq!((&work["bytes_read"], &work["bytes_written"]), (&(16 * n).into(), &(8 * n).into()));
        assert_eq!((&work["f64_operations"], &work["source"]), (&(6 * n).into(), &"counted".into()));
        assert!(size["bandwidth_bytes_per_s"]["triad"]["one_thread"].as_f64().unwrap() > 0.0);
        let rows = size["configurations"].as_array().unwrap();
        assert_eq!(rows.len(), 8);
        for row in rows {
            let seconds = |name: &str| row["seconds"][name].as_f64().unwrap();
            assert!(0.0 < seconds("low") && seconds("low") <= seconds("median"));
            assert!(seconds("median") <= seconds("high"));
            assert!(row["turn_seconds"].as_array().unwrap().len() >= 6);
            assert!(row["roofline"]["fraction"].as_f64().unwrap() > 0.0);
            assert!(row["flops_per_s"].as_f64().unwrap() > 0.0);
        }
    }
}

#[test]
fn counts_go_on_where_interpreting_would_take_long() {
    let place = Place::new();
    let work = |line: &str| place.json(&format!("{line} --no-ceilings"))["sizes"][0]["work_per_call"].clone();
    let axpy = work("axpy --size n=2e6 a=2.0 x=uniform(n) y=ones(n)");
    assert_eq!(axpy["source"], "polynomial");
    assert_eq!((&axpy["f64_operations"], &axpy["bytes_read"]), (&4_000_000.into(), &32_000_000.into()));
    assert_eq!(axpy["bytes_written"], 16_000_000);
    // Above 100 it does more than below: no polynomial, and nothing is claimed.
    let half = work("half --size n=2e6 x=uniform(n) n=n");
    assert_eq!((&half["source"], &half["f64_operations"]), (&"polynomial".into(), &Value::Null));
}

#[test]
fn arguments_start_afresh_for_each_call() {
    let place = Place::new();
    // Repeated on its own results this would overflow in four calls and say so nowhere.
    let json = place.json("grow y=ones(100)");
    assert_eq!(json["method"]["restored_before_each_call"][0], "y");
    let text = place.prints("grow y=ones(100)");
    assert!(text.contains("`y` restored before each call"), "{text}");
}

#[test]
fn the_same_code_is_measured_once() {
    let place = Place::new();
    let text = place.prints("total x=uniform(100)");
    assert_eq!(text.matches("same code as unfused serial scalar").count(), 7, "{text}");
    assert!(text.contains("parallel does not pay: nothing in the kernel runs in parallel"), "{text}");
    let only = place.json("total x=uniform(100) --no-fuse --no-parallel --no-lanes");
    assert_eq!(only["sizes"][0]["configurations"].as_array().unwrap().len(), 1);
}

#[test]
fn kernels_without_arrays_or_floats_are_measured_too() {
    let json = Place::new().json("collatz --size n=27 n=n");
    let row = &json["sizes"][0]["configurations"][0];
    assert_eq!(
        (&row["roofline"], &json["sizes"][0]["work_per_call"]["f64_operations"]),
        (&Value::Null, &0.into())
    );
}

#[test]
fn plots_are_svg_or_png() {
    let place = Place::new();
    for (line, name) in [(BLEND, "lines"), ("blend x=ones(9) y=ones(9)", "bars")] {
        place.prints(&format!("{line} --no-ceilings --plot {name}.svg"));
        place.prints(&format!("{line} --no-ceilings --plot {name}.png"));
        let svg = fs::read_to_string(place.dir.join(format!("{name}.svg"))).unwrap();
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{svg}");
        assert!(svg.contains("fused parallel lanes"), "{svg}");
        let file = fs::File::open(place.dir.join(format!("{name}.png"))).unwrap();
        let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((frame.width, frame.height), (1000, 640));
        let coloured = pixels.chunks(3).filter(|pixel| pixel.iter().any(|byte| *byte < 200)).count();
        assert!(coloured > 1000, "{coloured}");
    }
}

#[test]
fn runs_are_compared() {
    let place = Place::new();
    place.prints(&format!("{BLEND} --out old.json"));
    let text = place.prints(&format!("{BLEND} --compare old.json"));
    let verdict = |line: &&str| {
        [": faster", ": slower", ": no difference"].iter().any(|verdict| line.ends_with(verdict))
    };
    assert_eq!(text.lines().filter(verdict).count(), 16, "{text}");

    // Ten times as slow, on another machine, with other arguments.
    let mut old: Value = serde_json::from_slice(&fs::read(place.dir.join("old.json")).unwrap()).unwrap();
    old["machine"]["cpu"] = "Abacus 2000".into();
    for size in old["sizes"].as_array_mut().unwrap() {
        for row in size["configurations"].as_array_mut().unwrap() {
            for name in ["low", "median", "high"] {
                row["seconds"][name] = (row["seconds"][name].as_f64().unwrap() * 1e6).into();
            }
        }
    }
    fs::write(place.dir.join("old.json"), old.to_string()).unwrap();
    let text = place.prints("blend --size n=64 x=ones(n) y=uniform(n) --compare old.json");
    assert!(text.contains("that was a different machine, Abacus 2000 with 2 threads"), "{text}");
    assert!(text.contains("that was with other arguments"), "{text}");
    assert_eq!(text.matches(": faster\n").count(), 8, "{text}");
    let json = place.json(&format!("{BLEND} --compare old.json"));
    assert_eq!(json["compared"]["changes"].as_array().unwrap().len(), 16);
    assert_eq!(json["compared"]["changes"][0]["verdict"], "faster");
    assert_eq!(json["run"]["kernel"], "blend");
}

#[test]
fn wrong_input_is_refused_before_anything_is_measured() {
    let place = Place::new();
    let usage = [
        ("", "k.py has several functions: say which"),
        ("blend x=ones(3)", "`blend` is missing the argument `y`"),
        ("blend x=ones(3) y:f64[:]", "bench takes values"),
        ("blend x=ones(3) y=ones(3) --size n=10", "`--size n=…` is used in none of the values"),
        ("blend x=ones(n) y=ones(3)", "n"),
        ("total x=ones(n) --size n=0", "a size is a whole number from 1 on, not `0`"),
        ("total x=ones(n) --size 10,100", "sizes are like n=1e3,1e5,1e7"),
        ("total x=ones(3) --time 1", "a duration is like"),
        ("total x=ones(3) --time 0s", "`--time` is zero"),
        ("total x=ones(3) --plot p.gif", "plots end in .svg or .png"),
        ("nothing x=ones(3)", "k.py has no function `nothing`"),
    ];
    for (line, message) in usage {
        place.fails(line, 2, message);
    }
    fs::write(place.dir.join("list.json"), "[1, 2]").unwrap();
    fs::write(place.dir.join("new.json"), r#"{"durum_bench": 99}"#).unwrap();
    fs::write(place.dir.join("cut.json"), r#"{"durum_bench": 1"#).unwrap();
    fs::write(place.dir.join("empty.json"), r#"{"durum_bench": 1}"#).unwrap();
    let data = [
        ("beyond x=ones(3)", "index 3 is out of range"),
        ("total x=ones(3) --compare absent.json", "absent.json: no such file"),
        ("total x=ones(3) --compare list.json", "list.json: was not written by `durum bench`"),
        ("total x=ones(3) --compare new.json", "new.json: has format 99"),
        ("total x=ones(3) --compare cut.json", "cut.json: is not JSON"),
        ("total x=ones(3) --compare empty.json", "lacks something"),
        ("total x=ones(3) --time 1ms --out absent/o.json", "cannot be written"),
        ("total x=ones(3) --time 1ms --plot absent/o.png", "cannot be written"),
    ];
    for (line, message) in data {
        place.fails(line, 1, message);
    }
}
