//! Statements: loops, branches, checks, polls, calls and recursion.

use super::*;
use crate::base::abi::status;
use crate::base::{Binary, Compare};
use crate::loops::{Call, Check, Condition, If, Label, Var, While};
use host::Early;

fn add(function: &mut Function, block: &mut Block, a: Value, b: Value) -> Value {
    let dtype = function.values[a].dtype;
    function.define(block, dtype, Op::Binary(Binary::Add, a, b))
}

fn less(function: &mut Function, block: &mut Block, a: Value, b: Value) -> Value {
    function.define(block, Dtype::Bool, Op::Compare(Compare::Lt, a, b))
}

fn equal(function: &mut Function, block: &mut Block, a: Value, b: Value) -> Value {
    function.define(block, Dtype::Bool, Op::Compare(Compare::Eq, a, b))
}

fn get(function: &mut Function, block: &mut Block, var: Var) -> Value {
    let dtype = function.vars[var].dtype;
    function.define(block, dtype, Op::Get(var))
}

/// `var += value`.
fn bump(function: &mut Function, block: &mut Block, var: Var, value: Value) {
    let before = get(function, block, var);
    let after = add(function, block, before, value);
    block.push(Stmt::Set(var, after));
}

fn when(condition: Value, then: Block, otherwise: Block) -> Stmt {
    Stmt::If(If { condition, then, otherwise })
}

fn total(function: &mut Function, block: &mut Block) -> Var {
    let var = function.var(Dtype::I64, "total");
    let zero = int(function, block, 0);
    block.push(Stmt::Set(var, zero));
    var
}

#[test]
fn nested_loops() {
    // for i in lo..hi: for j in i..hi: total += j
    let module = kernel(|function, block| {
        let (lo, hi) = (scalar_param(function, Dtype::I64), scalar_param(function, Dtype::I64));
        let total = total(function, block);
        for_loop(function, block, (lo, hi), Mode::Serial, vec![], |function, block, i| {
            let mode = Mode::Parallel { when: None };
            for_loop(function, block, (i, hi), mode, vec![], |function, block, j| {
                bump(function, block, total, j);
            });
        });
        let result = get(function, block, total);
        return_scalar(function, block, result);
    });
    for (lo, hi) in
        [(0i64, 0i64), (0, 1), (0, 10), (-5, 5), (3, -3), (i64::MAX - 2, i64::MAX), (i64::MIN, i64::MIN)]
    {
        let expected = (lo..hi).flat_map(|i| i..hi).fold(0i64, i64::wrapping_add);
        assert_eq!(run(&module, &[lo as u64, hi as u64], 1), [expected as u64], "{lo}..{hi}");
    }
}

/// `for i in 0..n`: `continue` at i == skip, `break` at i == stop, else total += i. With unreachable statements behind.
fn leaving() -> Module {
    kernel(|function, block| {
        let (n, skip, stop) = (
            scalar_param(function, Dtype::I64),
            scalar_param(function, Dtype::I64),
            scalar_param(function, Dtype::I64),
        );
        let total = total(function, block);
        let zero = int(function, block, 0);
        let label = Label::from_u32(function.labels);
        for_loop(function, block, (zero, n), Mode::Serial, vec![], |function, block, i| {
            let skipped = equal(function, block, i, skip);
            block.push(when(skipped, vec![Stmt::Continue(label), Stmt::Set(total, zero)], vec![]));
            let stopped = equal(function, block, i, stop);
            let mut dead = vec![Stmt::Break(label)];
            bump(function, &mut dead, total, i);
            let mut otherwise = vec![];
            bump(function, &mut otherwise, total, i);
            block.push(when(stopped, dead, otherwise));
        });
        let result = get(function, block, total);
        return_scalar(function, block, result);
        let one = int(function, block, 1);
        block.push(Stmt::Set(total, one));
    })
}

#[test]
fn break_and_continue() {
    let module = leaving();
    assert_eq!(run(&module, &[10, 3, 6], 1), [1 + 2 + 4 + 5]);
    assert_eq!(run(&module, &[10, 99, 99], 1), [45]);
    assert_eq!(run(&module, &[10, 0, 0], 1), [45]);
}

#[test]
fn while_loops_and_scopes() {
    // Collatz steps of n, giving up at `limit` by leaving the scope around.
    let module = kernel(|function, block| {
        let (n, limit) = (scalar_param(function, Dtype::I64), scalar_param(function, Dtype::I64));
        let x = function.var(Dtype::I64, "x");
        block.push(Stmt::Set(x, n));
        let steps = total(function, block);
        let (scope, label) = (function.label(), function.label());
        let one = int(function, block, 1);
        let two = int(function, block, 2);
        let three = int(function, block, 3);
        let mut header = vec![];
        let value = get(function, &mut header, x);
        let condition = less(function, &mut header, one, value);
        let mut body = vec![];
        let taken = get(function, &mut body, steps);
        let over = less(function, &mut body, limit, taken);
        body.push(when(over, vec![Stmt::Break(scope)], vec![]));
        bump(function, &mut body, steps, one);
        let rest = function.define(&mut body, Dtype::I64, Op::Binary(Binary::Mod, value, two));
        let odd = equal(function, &mut body, rest, one);
        let mut then = vec![];
        let tripled = function.define(&mut then, Dtype::I64, Op::Binary(Binary::Mul, value, three));
        let tripled = add(function, &mut then, tripled, one);
        then.extend([Stmt::Set(x, tripled), Stmt::Continue(label)]);
        let mut otherwise = vec![];
        let halved = function.define(&mut otherwise, Dtype::I64, Op::Binary(Binary::FloorDiv, value, two));
        otherwise.push(Stmt::Set(x, halved));
        body.push(when(odd, then, otherwise));
        let span = Span::default();
        let inner = Stmt::While(Box::new(While { label, header, condition, body, span }));
        block.push(Stmt::Scope { label: scope, body: vec![inner] });
        let result = get(function, block, steps);
        return_scalar(function, block, result);
    });
    assert_eq!(run(&module, &[27, 1000], 1), [111]);
    assert_eq!(run(&module, &[27, 10], 1), [11]);
    assert_eq!(run(&module, &[1, 10], 1), [0]);
}

#[test]
fn endless_and_empty_shapes() {
    // scope { while true { if n < 3 return n; n -= 1; break scope if n == 7 } unreachable }; return -n
    let module = kernel(|function, block| {
        let n = scalar_param(function, Dtype::I64);
        let x = function.var(Dtype::I64, "x");
        block.push(Stmt::Set(x, n));
        function.results.push(ResultType::Scalar(Dtype::I64));
        let (scope, label) = (function.label(), function.label());
        let (three, seven, minus) =
            (int(function, block, 3), int(function, block, 7), int(function, block, -1));
        let mut header = vec![];
        let condition = function.constant(&mut header, Scalar::bool(true));
        let mut body = vec![];
        let value = get(function, &mut body, x);
        let small = less(function, &mut body, value, three);
        body.push(when(small, vec![Stmt::Return(vec![Operand::Scalar(value)])], vec![]));
        bump(function, &mut body, x, minus);
        let value = get(function, &mut body, x);
        let found = equal(function, &mut body, value, seven);
        body.push(when(found, vec![Stmt::Break(scope)], vec![Stmt::Continue(label)]));
        let span = Span::default();
        let inner = Stmt::While(Box::new(While { label, header, condition, body, span }));
        block.push(Stmt::Scope { label: scope, body: vec![inner] });
        let value = get(function, block, x);
        let negated = function.define(block, Dtype::I64, Op::Unary(crate::base::Unary::Neg, value));
        block.push(Stmt::Return(vec![Operand::Scalar(negated)]));
    });
    assert_eq!(run(&module, &[20], 1), [-7i64 as u64]);
    assert_eq!(run(&module, &[5], 1), [2]);
    let empty = kernel(|function, block| {
        let label = function.label();
        block.push(Stmt::Scope { label, body: vec![] });
        let yes = function.constant(block, Scalar::bool(true));
        block.push(when(yes, vec![], vec![]));
        block.push(when(yes, vec![Stmt::Return(vec![])], vec![Stmt::Return(vec![])]));
        block.push(Stmt::Poll);
    });
    run(&empty, &[], 0);
}

/// Faults unless `0 <= index < extent`, with values of several dtypes.
fn checking() -> Module {
    let mut module = kernel(|function, block| {
        let (index, extent) = (scalar_param(function, Dtype::I64), scalar_param(function, Dtype::I64));
        let (small, byte, flag) = (
            scalar_param(function, Dtype::I8),
            scalar_param(function, Dtype::U8),
            scalar_param(function, Dtype::Bool),
        );
        block.push(Stmt::Check(Check {
            condition: Condition::Bounds { index, extent },
            site: Site::from_u32(0),
            values: vec![index, extent, small, byte, flag],
        }));
        block.push(Stmt::Check(Check {
            condition: Condition::True(flag),
            site: Site::from_u32(1),
            values: vec![small; 20],
        }));
        block.push(Stmt::Fault { site: Site::from_u32(2), values: vec![] });
    });
    site(&mut module, FaultKind::IndexOutOfRange { axis: 0 });
    site(&mut module, FaultKind::Assertion { message: String::new() });
    site(&mut module, FaultKind::ZeroStep);
    module
}

#[test]
fn faults_record_site_and_values() {
    let fault = |index: i64, flag: u64| {
        Host::default().run(&checking(), &[index as u64, 10, -5i64 as u64, 200, flag], 0).unwrap_err()
    };
    for index in [-1, 10, i64::MIN, i64::MAX] {
        assert_eq!(fault(index, 1), Early::Fault { site: 0, values: vec![index, 10, -5, 200, 1] });
    }
    for index in [0, 9] {
        assert_eq!(fault(index, 0), Early::Fault { site: 1, values: vec![-5; 12] });
        assert_eq!(fault(index, 1), Early::Fault { site: 2, values: vec![] });
    }
}

/// What follows a check of a wrapped index sees it wrapped.
#[test]
fn wrapped_and_checked() {
    let mut module = kernel(|function, block| {
        let (index, extent) = (scalar_param(function, Dtype::I64), scalar_param(function, Dtype::I64));
        let wrapped = function.define(block, Dtype::I64, Op::Wrap { index, extent });
        let condition = Condition::Bounds { index: wrapped, extent };
        block.push(Stmt::Check(Check { condition, site: Site::from_u32(0), values: vec![index, extent] }));
        return_scalar(function, block, wrapped);
    });
    site(&mut module, FaultKind::ZeroStep);
    for extent in [0, 1, 10, i64::MAX] {
        for index in [0, 1, 3, 9, 10, 11, -1, -9, -10, -11, i64::MAX, i64::MIN, i64::MIN + 9, -i64::MAX] {
            let wrapped = if index < 0 { index as i128 + extent as i128 } else { index as i128 };
            let expected = match (0..extent as i128).contains(&wrapped) {
                true => Ok(vec![wrapped as u64]),
                false => Err(Early::Fault { site: 0, values: vec![index, extent] }),
            };
            let found = Host::default().run(&module, &[index as u64, extent as u64], 1);
            assert_eq!(found, expected, "{index} of {extent}");
        }
    }
}

/// `(a and b) or (c and not-c or d)`, each `and` and `or` a selection.
#[test]
fn conditions_of_several_parts() {
    let module = kernel(|function, block| {
        let [a, b, c, d] = [(); 4].map(|_| scalar_param(function, Dtype::Bool));
        let select = |function: &mut Function, block: &mut Block, condition, then, otherwise| {
            function.define(block, Dtype::Bool, Op::Select { condition, then, otherwise })
        };
        let both = select(function, block, a, b, a);
        let inverse = function.define(block, Dtype::Bool, Op::Unary(crate::base::Unary::Not, c));
        let never = select(function, block, c, inverse, c);
        let second = select(function, block, never, never, d);
        let condition = select(function, block, both, both, second);
        let total = total(function, block);
        let (mut then, mut otherwise) = (vec![], vec![]);
        let one = int(function, block, 1);
        bump(function, &mut then, total, one);
        let two = int(function, block, 2);
        bump(function, &mut otherwise, total, two);
        block.push(when(condition, then, otherwise));
        let result = get(function, block, total);
        return_scalar(function, block, result);
    });
    for bits in 0..16u64 {
        let [a, b, c, d] = [0, 1, 2, 3].map(|k| bits >> k & 1);
        let expected = if a & b | d == 1 { 1 } else { 2 };
        assert_eq!(run(&module, &[a, b, c, d], 1), [expected], "{a} {b} {c} {d}");
    }
}

#[test]
fn polls() {
    // Two polls one after the other, and one in a loop: each looks again.
    let module = kernel(|function, block| {
        let n = scalar_param(function, Dtype::I64);
        block.push(Stmt::Poll);
        let zero = int(function, block, 0);
        for_loop(function, block, (zero, n), Mode::Serial, vec![], |_, block, _| block.push(Stmt::Poll));
    });
    let mut host = Host::default();
    assert_eq!((host.run(&module, &[5], 0), host.polls), (Ok(vec![]), 0));
    let mut host = Host::interrupted(status::OK);
    assert_eq!((host.run(&module, &[5], 0), host.polls), (Ok(vec![]), 6));
    let mut host = Host::interrupted(status::CANCELLED);
    assert_eq!((host.run(&module, &[5], 0), host.polls), (Err(Early::Status(status::CANCELLED)), 1));
}

/// `f(n) = n if n < 2 else f(n - 1) + f(n - 2)`, of a dtype.
fn fibonacci(dtype: Dtype) -> Module {
    let mut function = Function::new("fibonacci", Role::Kernel { recursive: true });
    let mut block = vec![];
    let n = scalar_param(&mut function, dtype);
    function.results.push(ResultType::Scalar(dtype));
    let two = function.constant(&mut block, Scalar::int(dtype, 2));
    let small = less(&mut function, &mut block, n, two);
    block.push(when(small, vec![Stmt::Return(vec![Operand::Scalar(n)])], vec![]));
    let mut parts = vec![];
    for k in [1, 2] {
        let k = function.constant(&mut block, Scalar::int(dtype, k));
        let smaller = function.define(&mut block, dtype, Op::Binary(Binary::Sub, n, k));
        let result = function.value(dtype);
        block.push(Stmt::Call(Box::new(Call {
            func: crate::loops::Func::from_u32(0),
            args: vec![Operand::Scalar(smaller)],
            results: vec![Operand::Scalar(result)],
            span: Span::default(),
        })));
        parts.push(result);
    }
    let sum = add(&mut function, &mut block, parts[0], parts[1]);
    block.push(Stmt::Return(vec![Operand::Scalar(sum)]));
    function.body = block;
    let mut module = module(function);
    site(&mut module, FaultKind::ZeroStep);
    site(&mut module, FaultKind::RecursionTooDeep);
    module
}

#[test]
fn recursion() {
    for dtype in [Dtype::I64, Dtype::I16, Dtype::U32] {
        assert_eq!(run(&fibonacci(dtype), &[20], 1), [6765]);
    }
    let here = 0u8;
    let mut host = Host { stack_limit: &raw const here as usize - 4096, ..Host::default() };
    let deep = host.run(&fibonacci(Dtype::I64), &[1_000_000], 1);
    assert_eq!(deep, Err(Early::Fault { site: 1, values: vec![] }));
    let mut host = Host::interrupted(status::TIMED_OUT);
    assert_eq!(host.run(&fibonacci(Dtype::I64), &[20], 1), Err(Early::Status(status::TIMED_OUT)));
}

#[test]
fn calls_pass_arrays_and_several_results() {
    // callee(x: f32[:], s: f32) → (x[1] + s, x[1:] as an array of rank 1); the entry calls it and returns both.
    let mut callee = Function::new("callee", Role::Kernel { recursive: false });
    let mut block = vec![];
    let x = array_param(&mut callee, Dtype::F32, 1);
    let s = scalar_param(&mut callee, Dtype::F32);
    let one = int(&mut callee, &mut block, 1);
    let element = load(&mut callee, &mut block, x, &[one]);
    let sum = add(&mut callee, &mut block, element, s);
    let mut view = callee.arrays[x].clone();
    view.base = add(&mut callee, &mut block, view.base, view.strides[0]);
    view.extents[0] = callee.define(&mut block, Dtype::I64, Op::Binary(Binary::Sub, view.extents[0], one));
    let view = callee.arrays.push(view);
    callee.results = vec![ResultType::Scalar(Dtype::F32), ResultType::Array { dtype: Dtype::F32, rank: 1 }];
    block.push(Stmt::Return(vec![Operand::Scalar(sum), Operand::Array(view)]));
    callee.body = block;

    let mut entry = Function::new("entry", Role::Kernel { recursive: false });
    let mut block = vec![];
    let x = array_param(&mut entry, Dtype::F32, 1);
    let s = scalar_param(&mut entry, Dtype::F32);
    let (sum, view) = (entry.value(Dtype::F32), array(&mut entry, Dtype::F32, 1));
    let results = vec![Operand::Array(view), Operand::Scalar(sum)];
    block.push(Stmt::Call(Box::new(Call {
        func: crate::loops::Func::from_u32(1),
        args: vec![Operand::Array(x), Operand::Scalar(s)],
        results: vec![results[1], results[0]],
        span: Span::default(),
    })));
    entry.results = vec![ResultType::Array { dtype: Dtype::F32, rank: 1 }, ResultType::Scalar(Dtype::F32)];
    block.push(Stmt::Return(results));
    entry.body = block;

    let mut module = module(entry);
    module.functions.push(callee);
    let x = [1.0f32, 2.5, 4.0];
    let address = x.as_ptr() as usize;
    let mut args = array_slots(address, &[3], &[4]);
    args.push(0.25f32.to_bits() as u64);
    let found = run(&module, &args, 5);
    assert_eq!(found, [address as u64 + 4, 0, 2, 4, 2.75f32.to_bits() as u64]);
}
