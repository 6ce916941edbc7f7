//! Hand-built loop modules, compiled and run through a small runtime of the tests' own.

mod control;
mod host;
mod lanes;
mod memory;
mod operators;
mod reductions;

use super::clif::Machine;
use super::{Code, Listing, clif, emit, listing};
use crate::base::{Dtype, FaultKind, FaultSite, Scalar, Span};
use crate::loops::{
    Array, ArrayData, Block, For, Function, Mode, Module, Op, Operand, Reduction, ResultType, Role, Site,
    Stmt, Store, Value,
};
use cranelift_entity::PrimaryMap;
use host::Host;

/// A module of one kernel, whose statements `build` appends.
fn kernel(build: impl FnOnce(&mut Function, &mut Block)) -> Module {
    let mut function = Function::new("kernel", Role::Kernel { recursive: false });
    let mut body = vec![];
    build(&mut function, &mut body);
    function.body = body;
    module(function)
}

fn module(entry: Function) -> Module {
    let mut functions = PrimaryMap::new();
    let entry = functions.push(entry);
    Module { functions, sites: PrimaryMap::new(), entry }
}

fn site(module: &mut Module, kind: FaultKind) -> Site {
    module.sites.push(FaultSite { kind, span: Span::default(), loops: vec![] })
}

fn scalar_param(function: &mut Function, dtype: Dtype) -> Value {
    let value = function.value(dtype);
    function.params.push(Operand::Scalar(value));
    value
}

/// An array parameter with free strides.
fn array_param(function: &mut Function, dtype: Dtype, rank: usize) -> Array {
    let array = array(function, dtype, rank);
    function.params.push(Operand::Array(array));
    array
}

/// An array of a class of its own, all of whose values are new.
fn array(function: &mut Function, dtype: Dtype, rank: usize) -> Array {
    let mut values = |count| (0..count).map(|_| function.value(Dtype::I64)).collect::<Vec<_>>();
    let (base, owner) = (values(1)[0], values(1)[0]);
    let (extents, strides) = (values(rank), values(rank));
    let class = function.class();
    let data =
        ArrayData { dtype, base, owner, extents, strides, contiguous: false, class, name: String::new() };
    function.arrays.push(data)
}

/// The same array, its last stride known to be the size of an element.
fn packed(function: &mut Function, block: &mut Block, array: Array) -> Array {
    let mut data = function.arrays[array].clone();
    let size = data.dtype.size() as i64;
    *data.strides.last_mut().unwrap() = int(function, block, size);
    function.arrays.push(data)
}

fn int(function: &mut Function, block: &mut Block, value: i64) -> Value {
    function.constant(block, Scalar::i64(value))
}

fn load(function: &mut Function, block: &mut Block, array: Array, indices: &[Value]) -> Value {
    let dtype = function.arrays[array].dtype;
    function.define(block, dtype, Op::Load { array, indices: indices.to_vec() })
}

fn store(block: &mut Block, array: Array, indices: &[Value], value: Value) {
    block.push(Stmt::Store(Store { array, indices: indices.to_vec(), value, span: Span::default() }));
}

fn return_scalar(function: &mut Function, block: &mut Block, value: Value) {
    function.results.push(ResultType::Scalar(function.values[value].dtype));
    block.push(Stmt::Return(vec![Operand::Scalar(value)]));
}

/// Appends a loop over `lo..hi`; `build` gets its index.
fn for_loop(
    function: &mut Function,
    block: &mut Block,
    (lo, hi): (Value, Value),
    mode: Mode,
    reductions: Vec<Reduction>,
    build: impl FnOnce(&mut Function, &mut Block, Value),
) {
    let index = function.value(Dtype::I64);
    let mut body = vec![];
    build(function, &mut body, index);
    block.push(Stmt::For(Box::new(For { reductions, ..For::new(function, index, lo, hi, mode, body) })));
}

/// Slots of an array over host memory.
fn array_slots(address: usize, extents: &[usize], strides: &[i64]) -> Vec<u64> {
    let mut slots = vec![address as u64, 0];
    slots.extend(extents.iter().map(|&extent| extent as u64));
    slots.extend(strides.iter().map(|&stride| stride as u64));
    slots
}

/// The module's code for this machine and for lesser ones.
fn codes(module: &Module) -> Vec<Code> {
    let machines = [Machine::Host, Machine::Old, Machine::Baseline];
    let code = |machine| clif::compile_on(module, machine).and_then(|program| super::load(&program));
    machines.map(code).into_iter().map(|code| code.unwrap_or_else(|bug| panic!("{bug}"))).collect()
}

/// Compiles, runs and returns the results' slots.
fn run(module: &Module, args: &[u64], results: usize) -> Vec<u64> {
    Host::default().run(module, args, results).expect("no fault")
}

#[test]
fn code_is_freed_on_drop() {
    let module = kernel(|function, block| {
        let one = int(function, block, 1);
        return_scalar(function, block, one);
    });
    // Executable pages that belong to no file.
    let executable = || {
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
        maps.lines().filter(|line| line.contains("r-xp") && line.trim_end().ends_with(" 0")).count()
    };
    for _ in 0..2_000 {
        let code = emit(&module).unwrap();
        assert!(code.size_bytes() > 0);
        if cfg!(target_os = "linux") {
            assert!(executable() > 0);
        }
    }
    // Other tests hold a few meanwhile.
    assert!(executable() < 500, "{} executable mappings are left", executable());
}

#[test]
fn code_is_shared_between_threads() {
    let module = kernel(|function, block| {
        let x = scalar_param(function, Dtype::I64);
        return_scalar(function, block, x);
    });
    let code = emit(&module).unwrap();
    std::thread::scope(|scope| {
        for k in 0..4 {
            let code = &code;
            scope.spawn(move || assert_eq!(Host::default().call(code, &[k], 1), Ok(vec![k])));
        }
    });
}

#[test]
fn listings_name_their_functions() {
    let module = reductions::sum(Dtype::F64, Mode::Lanes(8));
    let clif = listing(&module, Listing::Clif).unwrap();
    assert!(clif.contains("; kernel\n") && clif.contains("; combine of body\n"), "{clif}");
    let asm = listing(&module, Listing::Asm).unwrap();
    assert!(asm.contains("; body\n") && asm.contains("ret"), "{asm}");
}

#[test]
fn what_other_stages_owe_is_a_bug() {
    let module = kernel(|function, block| {
        let n = int(function, block, 3);
        for_loop(function, block, (n, n), Mode::Marked, vec![], |_, _, _| {});
    });
    let bug = emit(&module).unwrap_err();
    assert_eq!(bug.0, "emit: kernel: a marked loop: `classify` has not run");
}
