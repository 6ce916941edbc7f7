//! Outlined bodies: ranges, environments, and reductions in the order of `base::tree`.

use super::operators::same;
use super::*;
use crate::base::{Binary, ReduceOp, tree};
use crate::loops::{Func, If, Parallel, Run};
use host::Early;

/// `total = initial ∘ reduce(x)` through an outlined body.
pub fn reduction(dtype: Dtype, op: ReduceOp, mode: Mode, conditional: bool) -> Module {
    let mut body = Function::new("body", Role::Kernel { recursive: false });
    let mut block = vec![];
    let x = array_param(&mut body, dtype, 1);
    let x = packed(&mut body, &mut block, x);
    let (begin, end) = (body.value(Dtype::I64), body.value(Dtype::I64));
    let var = body.var(dtype, "total");
    let reduction = Reduction { var, op };
    body.role = Role::Body { begin, end, within: None, partials: vec![reduction], columns: vec![] };
    for_loop(&mut body, &mut block, (begin, end), mode, vec![reduction], |body, block, i| {
        let element = load(body, block, x, &[i]);
        let mut update = vec![];
        let before = body.define(&mut update, dtype, Op::Get(var));
        let after = body.define(&mut update, dtype, Op::Binary(op.binary(), before, element));
        update.push(Stmt::Set(var, after));
        if conditional {
            let condition = body.define(block, Dtype::Bool, Op::Unary(crate::base::Unary::Not, element));
            block.push(Stmt::If(If { condition, then: vec![], otherwise: update }));
        } else {
            block.extend(update);
        }
    });
    body.body = block;

    let mut entry = Function::new("kernel", Role::Kernel { recursive: false });
    let mut block = vec![];
    let x = array_param(&mut entry, dtype, 1);
    let initial = scalar_param(&mut entry, dtype);
    let parallel = scalar_param(&mut entry, Dtype::Bool);
    let var = entry.var(dtype, "total");
    block.push(Stmt::Set(var, initial));
    let zero = int(&mut entry, &mut block, 0);
    block.push(Stmt::Run(Box::new(Run {
        func: Func::from_u32(1),
        env: vec![Operand::Array(x)],
        begin: zero,
        end: entry.arrays[x].extents[0],
        reductions: vec![Reduction { var, op }],
        parallel: Parallel::When(parallel),
        cost: 1000,
        times: None,
    })));
    let total = entry.define(&mut block, dtype, Op::Get(var));
    return_scalar(&mut entry, &mut block, total);
    entry.body = block;
    let mut module = module(entry);
    module.functions.push(body);
    module
}

pub fn sum(dtype: Dtype, mode: Mode) -> Module {
    reduction(dtype, ReduceOp::Add, mode, false)
}

/// Elements whose sum depends on the order, some of them special.
fn elements(dtype: Dtype, n: usize) -> Vec<Scalar> {
    let mut state = 12345u64;
    let mut next = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        state >> 33
    };
    let element = |_| {
        let bits = next();
        if !dtype.is_float() {
            return Scalar::int(dtype, bits as i64 - (1 << 30));
        }
        match bits % 41 {
            0 => Scalar::float(dtype, 0.0),
            1 => Scalar::float(dtype, -0.0),
            2 if n % 7 == 3 => Scalar::float(dtype, f64::NAN),
            _ => Scalar::float(dtype, (bits as f64 - 1e9) / 3.0 * [1e-9, 1.0, 1e6][bits as usize % 3]),
        }
    };
    (0..n).map(element).collect()
}

fn bytes(elements: &[Scalar]) -> Vec<u8> {
    elements.iter().flat_map(|x| x.to_bytes()[..x.dtype.size()].to_vec()).collect()
}

fn check(dtype: Dtype, op: ReduceOp, mode: Mode, conditional: bool) {
    let code = emit(&reduction(dtype, op, mode, conditional)).unwrap_or_else(|bug| panic!("{bug}"));
    check_sizes(&code, dtype, op, conditional, (0..300).chain([1000, 4097]));
}

fn check_sizes(
    code: &Code,
    dtype: Dtype,
    op: ReduceOp,
    conditional: bool,
    sizes: impl Iterator<Item = usize>,
) {
    for n in sizes {
        let elements = elements(dtype, n);
        let identity = op.identity(dtype);
        let contributions: Vec<Scalar> = elements
            .iter()
            .map(|&x| if conditional && !x.truth() { identity } else { op.eval(identity, x) })
            .collect();
        let initial = if dtype.is_float() { Scalar::float(dtype, 0.7) } else { Scalar::int(dtype, 77) };
        let tree = tree::reduce(&contributions, &mut |a, b| op.eval(a, b));
        let expected = tree.map_or(initial, |total| op.eval(initial, total));
        let memory = [vec![0; 3], bytes(&elements)].concat();
        let mut args = array_slots(memory.as_ptr() as usize + 3, &[n], &[dtype.size() as i64]);
        args.extend([initial.bits, 1]);
        let mut host = Host::default();
        let found = Scalar { dtype, bits: host.call(code, &args, 1).unwrap()[0] };
        assert!(same(found, expected), "{op:?} {dtype} n = {n}: {found:?}, expected {expected:?}");
    }
}

const ALL: [ReduceOp; 9] = [
    ReduceOp::Add,
    ReduceOp::Mul,
    ReduceOp::Min,
    ReduceOp::Max,
    ReduceOp::Minimum,
    ReduceOp::Maximum,
    ReduceOp::And,
    ReduceOp::Or,
    ReduceOp::Xor,
];

#[test]
fn scalar_leaves() {
    for dtype in [Dtype::F64, Dtype::F32, Dtype::I64, Dtype::I32, Dtype::U8, Dtype::Bool] {
        for op in ALL.into_iter().filter(|op| op.binary().accepts(dtype)) {
            check(dtype, op, Mode::Serial, false);
        }
    }
}

#[test]
fn iterations_that_contribute_nothing() {
    for op in [ReduceOp::Add, ReduceOp::Max] {
        check(Dtype::F64, op, Mode::Serial, true);
    }
}

#[test]
fn leaves_in_lanes() {
    for dtype in [Dtype::F64, Dtype::F32] {
        for op in ALL.into_iter().filter(|op| op.binary().accepts(dtype)) {
            check(dtype, op, Mode::Lanes(8), false);
        }
    }
}

/// Whole ranges in one call, as serial reductions have them.
#[test]
fn down_the_tree() {
    for mode in [Mode::Serial, Mode::Lanes(8)] {
        for (dtype, op) in
            [(Dtype::F64, ReduceOp::Add), (Dtype::F32, ReduceOp::Mul), (Dtype::F32, ReduceOp::Add)]
        {
            let mut module = reduction(dtype, op, mode, false);
            for stmt in &mut module.functions[Func::from_u32(0)].body {
                if let Stmt::Run(run) = stmt {
                    run.parallel = Parallel::Never;
                }
            }
            let code = emit(&module).unwrap_or_else(|bug| panic!("{bug}"));
            let sizes = (0..300).chain(4_095..4_105).chain(16_383..16_400).chain([1_000_003]);
            check_sizes(&code, dtype, op, false, sizes);
        }
    }
}

#[test]
fn a_short_loop_reduces_in_place() {
    // Constant trip counts need no body.
    for n in [0, 1, 7, 8, 9, 100, 128] {
        let module = kernel(|function, block| {
            let x = array_param(function, Dtype::F64, 1);
            let x = packed(function, block, x);
            let var = function.var(Dtype::F64, "s");
            let start = function.constant(block, Scalar::f64(0.5));
            block.push(Stmt::Set(var, start));
            let (lo, hi) = (int(function, block, 3), int(function, block, 3 + n));
            let reductions = vec![Reduction { var, op: ReduceOp::Add }];
            for_loop(function, block, (lo, hi), Mode::Serial, reductions, |function, block, i| {
                let element = load(function, block, x, &[i]);
                let before = function.define(block, Dtype::F64, Op::Get(var));
                let sum = function.define(block, Dtype::F64, Op::Binary(Binary::Add, before, element));
                block.push(Stmt::Set(var, sum));
            });
            let result = function.define(block, Dtype::F64, Op::Get(var));
            return_scalar(function, block, result);
        });
        let x: Vec<f64> = (0..140).map(|k| 1.0 / (k as f64 + 0.7)).collect();
        let part = &x[3..3 + n as usize];
        let expected = tree::reduce(part, &mut |a, b| a + b).map_or(0.5, |sum| 0.5 + sum);
        let found = run(&module, &array_slots(x.as_ptr() as usize, &[140], &[8]), 1);
        assert_eq!(f64::from_bits(found[0]), expected, "n = {n}");
    }
}

#[test]
fn a_long_reducing_loop_wants_a_body() {
    let module = kernel(|function, block| {
        let n = scalar_param(function, Dtype::I64);
        let var = function.var(Dtype::F64, "s");
        let zero = int(function, block, 0);
        let reductions = vec![Reduction { var, op: ReduceOp::Add }];
        for_loop(function, block, (zero, n), Mode::Serial, reductions, |_, _, _| {});
    });
    let bug = emit(&module).unwrap_err();
    assert_eq!(bug.0, "emit: kernel: a reducing loop outside a body: `outline` has not run");
}

/// `y[i] = scale * i` through a body; faults at iteration `bad`.
fn filling() -> Module {
    let mut body = Function::new("body", Role::Kernel { recursive: false });
    let mut block = vec![];
    let y = array_param(&mut body, Dtype::F64, 1);
    let scale = scalar_param(&mut body, Dtype::F64);
    let bad = scalar_param(&mut body, Dtype::I64);
    let (begin, end) = (body.value(Dtype::I64), body.value(Dtype::I64));
    body.role = Role::Body { begin, end, within: None, partials: vec![], columns: vec![] };
    for_loop(&mut body, &mut block, (begin, end), Mode::Serial, vec![], |body, block, i| {
        let good = body.define(block, Dtype::Bool, Op::Compare(crate::base::Compare::Ne, i, bad));
        let condition = crate::loops::Condition::True(good);
        block.push(Stmt::Check(crate::loops::Check { condition, site: Site::from_u32(0), values: vec![i] }));
        let float = body.define(block, Dtype::F64, Op::Cast(i));
        let value = body.define(block, Dtype::F64, Op::Binary(Binary::Mul, scale, float));
        store(block, y, &[i], value);
    });
    body.body = block;
    let mut module = kernel(|entry, block| {
        let y = array_param(entry, Dtype::F64, 1);
        let scale = scalar_param(entry, Dtype::F64);
        let bad = scalar_param(entry, Dtype::I64);
        let one = int(entry, block, 1);
        block.push(Stmt::Run(Box::new(Run {
            func: Func::from_u32(1),
            env: vec![Operand::Array(y), Operand::Scalar(scale), Operand::Scalar(bad)],
            begin: one,
            end: entry.arrays[y].extents[0],
            reductions: vec![],
            parallel: Parallel::Always,
            cost: 1,
            times: None,
        })));
    });
    site(&mut module, FaultKind::ZeroStep);
    module.functions.push(body);
    module
}

#[test]
fn bodies_without_reductions() {
    let mut y = vec![0.5; 1000];
    let mut args = array_slots(y.as_mut_ptr() as usize, &[1000], &[8]);
    args.extend([1.5f64.to_bits(), -1i64 as u64]);
    run(&filling(), &args, 0);
    assert!(y.iter().enumerate().all(|(i, &y)| y == if i == 0 { 0.5 } else { 1.5 * i as f64 }));
    args[5] = 731;
    let early = Host::default().run(&filling(), &args, 0);
    assert_eq!(early, Err(Early::Fault { site: 0, values: vec![731] }));
}
