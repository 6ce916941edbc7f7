//! Reads the corpus, runs its calls and compares in bits.

use durum::base::Dtype;
use durum::runtime::RawArray;
use durum::{Arg, ArrayArg, Engine, Error, Event, Kernel, OwnedArray, Scalar, Type, Value};
use serde_json::Value as Json;
use std::cell::RefCell;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How array arguments lie in memory; their elements are the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layout {
    C,
    Fortran,
    /// Every second element of something larger, in every axis.
    Strided,
    /// All axes backwards.
    Reversed,
}

impl Layout {
    pub const ALL: [Layout; 4] = [Layout::C, Layout::Fortran, Layout::Strided, Layout::Reversed];
}

pub struct Case {
    pub file: String,
    pub text: String,
    pub call: String,
    pub kernel: String,
    pub args: Vec<(Option<String>, String)>,
    pub expected: Json,
    pub ulp: u64,
    pub fixed_layout: bool,
    pub has_arrays: bool,
}

pub fn kernel_files(folder: PathBuf) -> Vec<PathBuf> {
    let mut files = vec![];
    let Ok(entries) = std::fs::read_dir(&folder) else { return files };
    for entry in entries {
        let path = entry.expect("a folder").path();
        if path.is_dir() {
            files.extend(kernel_files(path));
        } else if path.extension().is_some_and(|extension| extension == "py") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn headers<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!("# {name}:");
    text.lines().filter_map(|line| line.strip_prefix(&start)).map(str::trim).collect()
}

impl Case {
    pub fn read(file: &Path) -> Vec<Case> {
        let text = std::fs::read_to_string(file).expect("a kernel file");
        let recorded = std::fs::read_to_string(format!("{}.expected", file.display())).unwrap_or_default();
        let mut recorded = recorded.lines().map(|line| serde_json::from_str::<Json>(line).expect("json"));
        let ulp = headers(&text, "ulp").first().map_or(0, |ulp| ulp.parse().expect("a number"));
        let fixed_layout = text.lines().any(|line| line == "# fixed-layout");
        let mut cases = vec![];
        for call in headers(&text, "call") {
            let expected = recorded.next().unwrap_or_else(|| {
                panic!("{}: no record of {call}; run tests/cpython.py record", file.display())
            });
            let (kernel, args) = split_call(call);
            let generators =
                ["zeros(", "ones(", "full(", "arange(", "linspace(", "eye(", "uniform(", "normal("];
            let has_arrays = args.iter().any(|(_, arg)| generators.iter().any(|name| arg.contains(name)));
            cases.push(Case {
                file: file.file_name().expect("a file").to_string_lossy().into_owned(),
                text: text.clone(),
                call: call.to_string(),
                kernel,
                args,
                expected,
                ulp,
                fixed_layout,
                has_arrays,
            });
        }
        cases
    }
}

/// `f(a, x=(1, 2))` as the name and the texts of its arguments.
pub fn split_call(call: &str) -> (String, Vec<(Option<String>, String)>) {
    let (name, rest) = call.split_once('(').expect("a call");
    let rest = rest.trim_end().strip_suffix(')').expect("a call");
    let mut parts = vec![String::new()];
    let mut depth = 0;
    for c in rest.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut().expect("some").push(c);
    }
    let parts = parts.into_iter().map(|part| part.trim().to_string()).filter(|part| !part.is_empty());
    (name.trim().to_string(), parts.map(keyword).collect())
}

fn keyword(part: String) -> (Option<String>, String) {
    if let Some((name, value)) = part.split_once('=') {
        let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if is_name && !value.starts_with('=') {
            return (Some(name.to_string()), value.trim().to_string());
        }
    }
    (None, part)
}

/// An argument with its memory.
pub enum Held {
    Plain(Value),
    Array(LaidOut),
}

/// An array of some layout over a buffer of its own.
pub struct LaidOut {
    buffer: Vec<u64>,
    pub dtype: Dtype,
    pub shape: Vec<usize>,
    strides: Vec<isize>,
    offset: isize,
}

impl LaidOut {
    pub fn new(array: &OwnedArray, layout: Layout) -> LaidOut {
        let (shape, size) = (array.shape().to_vec(), array.dtype().size() as isize);
        let factor = if layout == Layout::Strided { 2 } else { 1 };
        let mut strides = vec![0isize; shape.len()];
        let mut stride = size * factor;
        let order: Vec<usize> = if layout == Layout::Fortran {
            (0..shape.len()).collect()
        } else {
            (0..shape.len()).rev().collect()
        };
        for axis in order {
            strides[axis] = stride;
            stride *= shape[axis].max(1) as isize * factor;
        }
        let mut offset = 0;
        if layout == Layout::Reversed {
            for (stride, extent) in strides.iter_mut().zip(&shape) {
                offset += *stride * (extent.max(&1) - 1) as isize;
                *stride = -*stride;
            }
        }
        // 0x55 where nothing should be read or written.
        let buffer = vec![0x5555_5555_5555_5555u64; (stride.unsigned_abs() + 64) / 8 + 1];
        let mut laid_out = LaidOut { buffer, dtype: array.dtype(), shape, strides, offset };
        laid_out.copy_in(array.bytes());
        laid_out
    }

    fn offsets(&self) -> Vec<usize> {
        let mut offsets = vec![self.offset];
        for (extent, stride) in self.shape.iter().zip(&self.strides) {
            offsets =
                offsets.iter().flat_map(|at| (0..*extent as isize).map(move |k| at + k * stride)).collect();
        }
        offsets.into_iter().map(|at| at as usize).collect()
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        let len = self.buffer.len() * 8;
        // SAFETY: a buffer of u64 is readable and writable as bytes.
        unsafe { std::slice::from_raw_parts_mut(self.buffer.as_mut_ptr().cast(), len) }
    }

    fn copy_in(&mut self, elements: &[u8]) {
        let size = self.dtype.size();
        let offsets = self.offsets();
        let bytes = self.bytes_mut();
        for (at, element) in offsets.into_iter().zip(elements.chunks_exact(size)) {
            bytes[at..at + size].copy_from_slice(element);
        }
    }

    /// The elements in C order.
    pub fn elements(&mut self) -> Vec<u8> {
        let size = self.dtype.size();
        let offsets = self.offsets();
        let bytes = self.bytes_mut();
        offsets.into_iter().flat_map(|at| bytes[at..at + size].to_vec()).collect()
    }

    /// Bytes between the elements that something has written.
    pub fn spilled(&mut self) -> usize {
        let size = self.dtype.size();
        let offsets = self.offsets();
        let mut untouched = self.bytes_mut().to_vec();
        for at in offsets {
            untouched[at..at + size].fill(0x55);
        }
        untouched.iter().filter(|byte| **byte != 0x55).count()
    }

    pub fn arg(&mut self) -> Arg<'_> {
        let base = self.bytes_mut().as_mut_ptr().wrapping_offset(self.offset);
        let raw = RawArray::new(base, self.dtype, &self.shape, &self.strides, true).expect("rank at most 8");
        // SAFETY: the buffer is borrowed for as long as the argument lives, and holds all elements.
        Arg::Array(unsafe { ArrayArg::from_raw(raw) })
    }
}

/// The kernels of a file in one configuration, so that equal argument types are compiled once.
pub struct Kernels<'a> {
    engine: &'a Engine,
    known: RefCell<HashMap<String, Kernel>>,
}

impl<'a> Kernels<'a> {
    pub fn new(engine: &'a Engine) -> Kernels<'a> {
        Kernels { engine, known: RefCell::default() }
    }

    fn of(&self, case: &Case) -> Result<Kernel, String> {
        if let Some(kernel) = self.known.borrow().get(&case.kernel) {
            return Ok(kernel.clone());
        }
        let module = self.engine.module(case.text.as_str()).map_err(|error| describe(&error))?;
        let kernel = module.kernel(&case.kernel).map_err(|error| describe(&error))?;
        self.known.borrow_mut().insert(case.kernel.clone(), kernel.clone());
        Ok(kernel)
    }
}

/// A panic is a failure of the case, like any other.
pub fn run_case(kernels: &Kernels, case: &Case, layout: Layout) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(|| run_unguarded(kernels, case, layout))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| text.to_string()));
        Err(format!("panic: {}", text.unwrap_or_default()))
    })
}

fn run_unguarded(kernels: &Kernels, case: &Case, layout: Layout) -> Result<(), String> {
    let (engine, kernel) = (kernels.engine, kernels.of(case)?);
    let params = kernel.info().params;
    let mut held: Vec<Option<Held>> = params.iter().map(|_| None).collect();
    for (position, (keyword, text)) in case.args.iter().enumerate() {
        let at = match keyword {
            Some(name) => params.iter().position(|param| param.name == *name).ok_or("no such parameter")?,
            None => position,
        };
        let value = engine.evaluate(text).map_err(|error| format!("{text}: {}", describe(&error)))?;
        held[at] = Some(match value {
            Value::Array(array) => Held::Array(LaidOut::new(&array, layout)),
            value => Held::Plain(value),
        });
    }
    for (position, slot) in held.iter_mut().enumerate() {
        if slot.is_none() {
            let default = kernel.default(position).ok_or(format!("argument {} is missing", position + 1))?;
            *slot = Some(Held::Plain(default.map_err(|error| describe(&error))?));
        }
    }
    let mut held: Vec<Held> = held.into_iter().map(|held| held.expect("all given")).collect();
    let args: Vec<Arg> = held.iter_mut().map(Held::arg).collect();
    // A loop that should have ended is a failure of its case.
    let timeout = Some(Duration::from_secs(20));
    let limits = durum::Limits { fill: Some(0xCD), timeout, ..durum::Limits::default() };
    let outcome = kernel.call_within(&args, &limits);
    drop(args);
    compare_outcome(
        case,
        outcome,
        &params.iter().map(|param| param.name.clone()).collect::<Vec<_>>(),
        &mut held,
    )
}

impl Held {
    pub fn arg(&mut self) -> Arg<'_> {
        match self {
            Held::Plain(value) => value.as_arg(),
            Held::Array(array) => array.arg(),
        }
    }
}

fn describe(error: &Error) -> String {
    match error {
        Error::Program(diagnostics) => {
            let lines: Vec<String> = diagnostics
                .iter()
                .map(|diagnostic| format!("{:?} {}", diagnostic.span, diagnostic.message))
                .collect();
            format!("program error: {}", lines.join("; "))
        }
        other => format!("{other:?}").chars().take(1500).collect(),
    }
}

fn compare_outcome(
    case: &Case,
    outcome: Result<Value, Error>,
    names: &[String],
    held: &mut [Held],
) -> Result<(), String> {
    let expected = &case.expected;
    if let Some(fault) = expected.get("fault") {
        let exception = match &outcome {
            Err(Error::Fault(fault) | Error::Limit(fault)) => fault.kind.exception().to_string(),
            Err(error) => return Err(describe(error)),
            Ok(value) => return Err(format!("expected {fault}, got {value:?}")),
        };
        return if fault.as_str() == Some(&exception) {
            Ok(())
        } else {
            Err(format!("expected {fault}, got {exception}"))
        };
    }
    let value = outcome.map_err(|error| describe(&error))?;
    compare_value(&value, &expected["result"], case.ulp).map_err(|message| format!("result: {message}"))?;
    for (name, held) in names.iter().zip(held) {
        if let Held::Array(array) = held {
            let want = &expected["args"][name.as_str()];
            let bytes = array.elements();
            compare_bytes(array.dtype, &array.shape, &bytes, want, case.ulp)
                .map_err(|message| format!("{name}: {message}"))?;
            if array.spilled() > 0 {
                return Err(format!("{name}: {} bytes between its elements were written", array.spilled()));
            }
        }
    }
    Ok(())
}

fn compare_value(value: &Value, expected: &Json, ulp: u64) -> Result<(), String> {
    match (value, expected) {
        (Value::None, Json::Null) => Ok(()),
        (Value::Tuple(items), Json::Array(wanted)) if items.len() == wanted.len() => {
            items.iter().zip(wanted).try_for_each(|(item, wanted)| compare_value(item, wanted, ulp))
        }
        (Value::Array(array), Json::Object(_)) => {
            compare_bytes(array.dtype(), array.shape(), array.bytes(), expected, ulp)
        }
        (value, Json::Object(_)) => match value.as_scalar() {
            Some(scalar) => {
                let bytes = &scalar.to_bytes()[..scalar.dtype.size()];
                compare_bytes(scalar.dtype, &[], bytes, expected, ulp)
            }
            None => Err(format!("got {value:?}, expected {expected}")),
        },
        (value, expected) => Err(format!("got {value:?}, expected {expected}")),
    }
}

fn compare_bytes(
    dtype: Dtype,
    shape: &[usize],
    bytes: &[u8],
    expected: &Json,
    ulp: u64,
) -> Result<(), String> {
    let wanted_shape: Vec<usize> = expected["shape"]
        .as_array()
        .map(|shape| shape.iter().map(|n| n.as_u64().unwrap_or(0) as usize).collect())
        .unwrap_or_default();
    if expected["dtype"].as_str() != Some(dtype.name()) || wanted_shape != shape {
        return Err(format!("got {dtype}{shape:?}, expected {}{wanted_shape:?}", expected["dtype"]));
    }
    let bytes = canonical(dtype, bytes);
    if let Some(bits) = expected["bits"].as_str() {
        let wanted = unhex(bits);
        return compare_elements(dtype, &bytes, &wanted, ulp);
    }
    let hash = format!("{:016x}", fnv(&bytes));
    if expected["fnv"].as_str() == Some(&hash) {
        return Ok(());
    }
    let head = unhex(expected["head"].as_str().unwrap_or(""));
    compare_elements(dtype, &bytes[..head.len()], &head, 0)?;
    Err(format!("elements differ beyond the first {} bytes", head.len()))
}

fn compare_elements(dtype: Dtype, got: &[u8], wanted: &[u8], ulp: u64) -> Result<(), String> {
    let size = dtype.size();
    if got.len() != wanted.len() {
        return Err(format!("{} bytes, expected {}", got.len(), wanted.len()));
    }
    for (k, (a, b)) in got.chunks_exact(size).zip(wanted.chunks_exact(size)).enumerate() {
        if a != b {
            let (x, y) = (Scalar::read(dtype, a), Scalar::read(dtype, b));
            if ulp == 0 || !dtype.is_float() || distance(x, y) > ulp {
                return Err(format!("element {k} is {x}, expected {y}"));
            }
        }
    }
    Ok(())
}

/// Units in the last place between two floats.
fn distance(x: Scalar, y: Scalar) -> u64 {
    let order = |scalar: Scalar| {
        let bits =
            if scalar.dtype == Dtype::F32 { scalar.bits as u32 as i32 as i64 } else { scalar.bits as i64 };
        let min = if scalar.dtype == Dtype::F32 { i32::MIN as i64 } else { i64::MIN };
        if bits < 0 { min.wrapping_sub(bits) } else { bits }
    };
    if x.as_f64().is_nan() != y.as_f64().is_nan() { u64::MAX } else { order(x).abs_diff(order(y)) }
}

/// NaNs as the positive quiet one.
pub fn canonical(dtype: Dtype, bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    if dtype.is_float() {
        for element in bytes.chunks_exact_mut(dtype.size()) {
            if Scalar::read(dtype, element).as_f64().is_nan() {
                let nan = if dtype == Dtype::F32 { 0x7fc0_0000u64 } else { 0x7ff8_0000_0000_0000 };
                element.copy_from_slice(&nan.to_le_bytes()[..dtype.size()]);
            }
        }
    }
    bytes
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|k| u8::from_str_radix(&text[2 * k..2 * k + 2], 16).expect("hex")).collect()
}

/// FNV-1a, 64 bits.
pub fn fnv(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ *byte as u64).wrapping_mul(0x0100_0000_01b3))
}

/// Compares a file's structure headers with what the optimiser made of it.
pub fn check_structure(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).expect("a kernel file");
    let engine = Engine::default();
    let mut failures = vec![];
    for (header, count) in
        [("loops", count_loops as fn(&Engine, &str, &str) -> usize), ("checks", count_checks)]
    {
        for line in headers(&text, header) {
            let (kernel, wanted) = line.split_once(' ').expect("a kernel and a number");
            let found = count(&engine, &text, kernel);
            if wanted.parse() != Ok(found) {
                failures.push(format!("{}: `# {header}: {line}`, but there are {found}", file.display()));
            }
        }
    }
    failures
}

fn types_of_first_call(engine: &Engine, text: &str, kernel: &str) -> Vec<Type> {
    let call = headers(text, "call")
        .into_iter()
        .find(|call| split_call(call).0 == kernel)
        .expect("a call of the kernel");
    let (_, args) = split_call(call);
    let value = |text: &str| engine.evaluate(text).expect("an argument");
    args.iter().map(|(_, text)| value(text).as_arg().ty()).collect()
}

fn dumped(engine: &Engine, text: &str, kernel: &str, stage: &str) -> String {
    let types = types_of_first_call(engine, text, kernel);
    let module = engine.module(text).expect("parses");
    module.kernel(kernel).and_then(|kernel| kernel.dump(&types, stage)).expect("compiles")
}

/// Nests and loops after fusion.
fn count_loops(engine: &Engine, text: &str, kernel: &str) -> usize {
    let dump = dumped(engine, text, kernel, "fuse");
    dump.lines()
        .filter(|line| line.trim_start().starts_with("nest") || line.trim_start().starts_with("for"))
        .count()
}

/// Bounds checks that the optimiser kept inside loops.
fn count_checks(engine: &Engine, text: &str, kernel: &str) -> usize {
    let types = types_of_first_call(engine, text, kernel);
    let module = engine.module(text).expect("parses");
    let report = module.kernel(kernel).and_then(|kernel| kernel.check(&types)).expect("compiles");
    let kept = report.remarks.iter().map(|remark| match &remark.event {
        Event::Checks { kept, .. } => kept.len(),
        _ => 0,
    });
    kept.sum()
}
