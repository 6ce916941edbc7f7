//! Maps in lanes against the same loop one by one, for all remainders and unaligned bases.

use super::operators::{BINARY, COMPARE, UNARY, awkward, pairs, real_dtypes, same};
use super::*;
use crate::base::{Binary, Compare, ReduceOp, Unary, op};
use crate::loops::{Check, Condition, While};

const N: usize = 40;

/// `y[i] = f(a[i], b[i - 1 + k])` for i in 1..n with a uniform scalar `s`.
fn map(
    dtype: Dtype,
    mode: Mode,
    build: impl Fn(&mut Function, &mut Block, [Value; 3], Value) -> Value,
) -> Module {
    kernel(|function, block| {
        let arrays = [(); 3].map(|_| array_param(function, dtype, 1));
        let s = scalar_param(function, dtype);
        let n = scalar_param(function, Dtype::I64);
        let arrays = arrays.map(|array| packed(function, block, array));
        let one = int(function, block, 1);
        for_loop(function, block, (one, n), mode, vec![], |function, block, i| {
            let before = function.define(block, Dtype::I64, Op::Binary(Binary::Sub, i, one));
            let a = load(function, block, arrays[0], &[i]);
            let b = load(function, block, arrays[1], &[before]);
            let y = build(function, block, [a, b, s], i);
            store(block, arrays[2], &[i], y);
        });
    })
}

/// Runs a map over awkward values at unaligned addresses.
fn outputs(code: &Code, dtype: Dtype, n: usize, shift: usize) -> Vec<Scalar> {
    let (values, size) = (awkward(dtype), dtype.size());
    let column = |step: usize| {
        let mut memory = vec![0u8; shift];
        for k in 0..N {
            let value = values[(k * step + n) % values.len()];
            memory.extend(&value.to_bytes()[..size]);
        }
        memory
    };
    let (a, b) = (column(7), column(11));
    let mut y = vec![0xa5u8; shift + N * size + 16];
    let mut args = vec![];
    for base in [a.as_ptr() as usize, b.as_ptr() as usize, y.as_mut_ptr() as usize] {
        args.extend(array_slots(base + shift, &[n], &[size as i64]));
    }
    args.extend([Scalar::float(dtype, 2.5).bits, n as u64]);
    Host::default().call(code, &args, 0).unwrap();
    // One more than N, so that a store too far is seen.
    (0..=N).map(|k| Scalar::read(dtype, &y[shift + k * size..][..size])).collect()
}

fn check(name: &str, dtype: Dtype, build: impl Fn(&mut Function, &mut Block, [Value; 3], Value) -> Value) {
    let serial = emit(&map(dtype, Mode::Serial, &build)).unwrap();
    for lanes in [4, 8, 16] {
        for (machine, vector) in codes(&map(dtype, Mode::Lanes(lanes), &build)).iter().enumerate() {
            for n in (0..N).step_by(if lanes == 8 { 1 } else { 13 }) {
                let shift = n % 3;
                let (found, expected) = (outputs(vector, dtype, n, shift), outputs(&serial, dtype, n, shift));
                for (k, (&found, &expected)) in found.iter().zip(&expected).enumerate() {
                    let place = format!("{name} {dtype} {lanes} lanes, machine {machine}, n = {n}, k = {k}");
                    assert!(same(found, expected), "{place}: {found:?}, expected {expected:?}");
                }
            }
        }
    }
}

const FLOATS: [Dtype; 2] = [Dtype::F32, Dtype::F64];

#[test]
fn unary_operators() {
    use Unary::*;
    for dtype in FLOATS {
        for op in [Neg, Abs, Sqrt, Floor, Ceil, Trunc, Rint] {
            check(op.name(), dtype, |function, block, [a, ..], _| {
                function.define(block, dtype, Op::Unary(op, a))
            });
        }
        for op in [IsNan, IsInf, IsFinite, SignBit, Not] {
            check(op.name(), dtype, |function, block, [a, b, s], _| {
                let condition = function.define(block, Dtype::Bool, Op::Unary(op, a));
                let condition = function.define(block, Dtype::Bool, Op::Unary(Invert, condition));
                let then = function.define(block, dtype, Op::Binary(Binary::Mul, b, s));
                function.define(block, dtype, Op::Select { condition, then, otherwise: b })
            });
        }
    }
}

#[test]
fn binary_operators() {
    use Binary::*;
    for dtype in FLOATS {
        for op in [Add, Sub, Mul, Div, Min, Max, Minimum, Maximum, CopySign] {
            check(op.name(), dtype, |function, block, [a, b, _], _| {
                function.define(block, dtype, Op::Binary(op, a, b))
            });
        }
        check("fma", dtype, |function, block, [a, b, s], _| function.define(block, dtype, Op::Fma(a, s, b)));
    }
}

#[test]
fn comparisons_and_masks() {
    use Compare::*;
    for dtype in FLOATS {
        for op in [Eq, Ne, Lt, Le, Gt, Ge] {
            check(op.symbol(), dtype, |function, block, [a, b, s], _| {
                let condition = function.define(block, Dtype::Bool, Op::Compare(op, a, b));
                function.define(block, dtype, Op::Select { condition, then: s, otherwise: a })
            });
        }
        for op in [Binary::And, Binary::Or, Binary::Xor, Binary::Add, Binary::Mul] {
            check(op.name(), dtype, |function, block, [a, b, s], _| {
                let p = function.define(block, Dtype::Bool, Op::Compare(Lt, a, s));
                let q = function.define(block, Dtype::Bool, Op::Compare(Ge, b, s));
                let uniform = function.define(block, Dtype::Bool, Op::Unary(Unary::IsNan, s));
                let both = function.define(block, Dtype::Bool, Op::Binary(op, p, q));
                let condition = function.define(block, Dtype::Bool, Op::Compare(Ne, both, uniform));
                let chosen = Op::Select { condition, then: p, otherwise: q };
                let chosen = function.define(block, Dtype::Bool, chosen);
                let float = function.define(block, dtype, Op::Cast(chosen));
                let again = function.define(block, Dtype::Bool, Op::Cast(float));
                let plain =
                    function.define(block, dtype, Op::Select { condition: again, then: a, otherwise: b });
                function.define(block, dtype, Op::Select { condition: uniform, then: s, otherwise: plain })
            });
        }
    }
}

#[test]
fn indices_uniform_values_and_variables() {
    for dtype in FLOATS {
        check("index", dtype, |function, block, [a, b, s], i| {
            let index = function.define(block, dtype, Op::Cast(i));
            let var = function.var(dtype, "t");
            let product = function.define(block, dtype, Op::Binary(Binary::Mul, index, s));
            block.push(Stmt::Set(var, product));
            let half = function.constant(block, Scalar::float(dtype, 0.5));
            let scale = function.define(block, dtype, Op::Binary(Binary::Div, half, s));
            let scale = function.define(block, dtype, Op::Unary(Unary::Sqrt, scale));
            let value = function.define(block, dtype, Op::Get(var));
            let value = function.define(block, dtype, Op::Fma(value, scale, a));
            block.push(Stmt::Set(var, value));
            let value = function.define(block, dtype, Op::Get(var));
            function.define(block, dtype, Op::Binary(Binary::Sub, value, b))
        });
    }
}

#[test]
fn rows_of_a_matrix_and_invariant_loads() {
    // y[r, j + c] = x[j + c] * x[0] + y[r, j + c], in place.
    let build = |mode| {
        kernel(|function, block| {
            let x = array_param(function, Dtype::F64, 1);
            let y = array_param(function, Dtype::F64, 2);
            let (r, c, n) = (
                scalar_param(function, Dtype::I64),
                scalar_param(function, Dtype::I64),
                scalar_param(function, Dtype::I64),
            );
            let (x, y) = (packed(function, block, x), packed(function, block, y));
            let zero = int(function, block, 0);
            for_loop(function, block, (zero, n), mode, vec![], |function, block, j| {
                let column = function.define(block, Dtype::I64, Op::Binary(Binary::Add, j, c));
                let a = load(function, block, x, &[column]);
                let first = load(function, block, x, &[zero]);
                let old = load(function, block, y, &[r, column]);
                let product = function.define(block, Dtype::F64, Op::Binary(Binary::Mul, a, first));
                let sum = function.define(block, Dtype::F64, Op::Binary(Binary::Add, product, old));
                store(block, y, &[r, column], sum);
            });
        })
    };
    let (serial, vector) = (emit(&build(Mode::Serial)).unwrap(), emit(&build(Mode::Lanes(8))).unwrap());
    let x: Vec<f64> = (0..50).map(|k| k as f64 * 0.37 - 3.0).collect();
    for n in 0..45u64 {
        let results = [&serial, &vector].map(|code| {
            let mut y: Vec<f64> = (0..150).map(|k| k as f64).collect();
            let mut args = array_slots(x.as_ptr() as usize, &[50], &[8]);
            args.extend(array_slots(y.as_mut_ptr() as usize, &[3, 50], &[400, 8]));
            args.extend([1, 4, n]);
            Host::default().call(code, &args, 0).unwrap();
            y
        });
        assert_eq!(results[0], results[1]);
    }
}

#[test]
fn registers_are_used() {
    let module = map(Dtype::F64, Mode::Lanes(8), |function, block, [a, b, _], _| {
        function.define(block, Dtype::F64, Op::Binary(Binary::Max, a, b))
    });
    let asm = listing(&module, Listing::Asm).unwrap();
    if cfg!(target_arch = "x86_64") {
        assert_eq!(asm.matches("maxpd").count(), 4, "{asm}");
    }
}

/// `z[i] = f(x[i], y[i], …)` over arrays of these dtypes, each row of `inputs` one element of all.
fn elementwise(
    name: &str,
    params: &[Dtype],
    result: Dtype,
    inputs: &[Vec<Scalar>],
    build: impl Fn(&mut Function, &mut Block, &[Value]) -> Value,
    expected: impl Fn(&[Scalar]) -> Scalar,
) {
    let module = |lanes| {
        kernel(|function, block| {
            let arrays: Vec<Array> = params.iter().map(|&dtype| array_param(function, dtype, 1)).collect();
            let z = array_param(function, result, 1);
            let n = scalar_param(function, Dtype::I64);
            let arrays: Vec<Array> = arrays.into_iter().map(|array| packed(function, block, array)).collect();
            let z = packed(function, block, z);
            let zero = int(function, block, 0);
            for_loop(function, block, (zero, n), Mode::Lanes(lanes), vec![], |function, block, i| {
                let loaded: Vec<Value> =
                    arrays.iter().map(|&array| load(function, block, array, &[i])).collect();
                let value = build(function, block, &loaded);
                store(block, z, &[i], value);
            });
        })
    };
    let n = inputs.len();
    let columns: Vec<Vec<u8>> = (0..params.len())
        .map(|k| inputs.iter().flat_map(|row| row[k].to_bytes()[..params[k].size()].to_vec()).collect())
        .collect();
    for lanes in [8, 16] {
        for code in codes(&module(lanes)) {
            let mut z = vec![0xa5u8; n * result.size()];
            let mut args = vec![];
            for (column, dtype) in columns.iter().zip(params) {
                args.extend(array_slots(column.as_ptr() as usize, &[n], &[dtype.size() as i64]));
            }
            args.extend(array_slots(z.as_mut_ptr() as usize, &[n], &[result.size() as i64]));
            args.push(n as u64);
            Host::default().call(&code, &args, 0).unwrap();
            for (row, bytes) in inputs.iter().zip(z.chunks(result.size())) {
                let (found, expected) = (Scalar::read(result, bytes), expected(row));
                assert!(same(found, expected), "{name} of {row:?}: {found:?}, expected {expected:?}");
            }
        }
    }
}

fn rows<const N: usize>(inputs: Vec<[Scalar; N]>) -> Vec<Vec<Scalar>> {
    inputs.into_iter().map(|row| row.to_vec()).collect()
}

#[test]
fn every_unary_operator_of_every_dtype() {
    for dtype in real_dtypes() {
        for op in UNARY {
            let Some(result) = op.result(dtype) else { continue };
            let inputs = rows(awkward(dtype).into_iter().map(|a| [a]).collect());
            let build = |function: &mut Function, block: &mut Block, x: &[Value]| {
                function.define(block, result, Op::Unary(op, x[0]))
            };
            elementwise(op.name(), &[dtype], result, &inputs, build, |x| op.eval(x[0]));
        }
    }
}

#[test]
fn every_binary_operator_of_every_dtype() {
    for dtype in real_dtypes() {
        let inputs = rows(pairs(dtype));
        for op in BINARY.into_iter().filter(|op| op.accepts(dtype)) {
            let build = |function: &mut Function, block: &mut Block, x: &[Value]| {
                function.define(block, dtype, Op::Binary(op, x[0], x[1]))
            };
            elementwise(op.name(), &[dtype; 2], dtype, &inputs, build, |x| op.eval(x[0], x[1]));
        }
    }
}

#[test]
fn every_binary_operator_with_a_constant() {
    for dtype in real_dtypes().filter(|dtype| !dtype.is_float()) {
        let inputs = rows(awkward(dtype).into_iter().map(|a| [a]).collect());
        for op in [Binary::Mul, Binary::FloorDiv, Binary::Mod, Binary::Shl, Binary::Shr, Binary::Min] {
            for known in awkward(dtype).into_iter().filter(|_| op.accepts(dtype)) {
                let build = |function: &mut Function, block: &mut Block, x: &[Value]| {
                    let known = function.constant(block, known);
                    function.define(block, dtype, Op::Binary(op, x[0], known))
                };
                elementwise(op.name(), &[dtype], dtype, &inputs, build, |x| op.eval(x[0], known));
            }
        }
    }
}

#[test]
fn every_comparison_of_every_dtype() {
    for dtype in real_dtypes() {
        let inputs = rows(pairs(dtype));
        for op in COMPARE {
            let build = |function: &mut Function, block: &mut Block, x: &[Value]| {
                function.define(block, Dtype::Bool, Op::Compare(op, x[0], x[1]))
            };
            let expected = |x: &[Scalar]| Scalar::bool(op.eval(x[0], x[1]));
            elementwise(op.symbol(), &[dtype; 2], Dtype::Bool, &inputs, build, expected);
        }
    }
}

#[test]
fn every_cast() {
    for from in real_dtypes() {
        let inputs = rows(awkward(from).into_iter().map(|a| [a]).collect());
        for to in real_dtypes() {
            let build = |function: &mut Function, block: &mut Block, x: &[Value]| {
                function.define(block, to, Op::Cast(x[0]))
            };
            elementwise(&format!("cast to {to}"), &[from], to, &inputs, build, |x| op::cast(x[0], to));
        }
    }
}

#[test]
fn selections_by_masks_of_every_width() {
    for tested in real_dtypes() {
        for dtype in real_dtypes() {
            let (a, b) = (awkward(tested), awkward(dtype));
            let inputs = (0..57).map(|k| [a[k % a.len()], b[k % b.len()], b[(k * 7 + 3) % b.len()]]);
            let build = |function: &mut Function, block: &mut Block, x: &[Value]| {
                let condition = function.define(block, Dtype::Bool, Op::Unary(Unary::Not, x[0]));
                function.define(block, dtype, Op::Select { condition, then: x[1], otherwise: x[2] })
            };
            let expected = |x: &[Scalar]| if x[0].truth() { x[2] } else { x[1] };
            let params = [tested, dtype, dtype];
            elementwise("selection", &params, dtype, &rows(inputs.collect()), build, expected);
        }
    }
}

/// A reducing loop outside a body must have a constant trip count: one that an operation without lanes has used before.
#[test]
fn constants_stay_known_after_operations_without_lanes() {
    let module = kernel(|function, block| {
        let x = array_param(function, Dtype::I64, 1);
        let n = scalar_param(function, Dtype::I64);
        let x = packed(function, block, x);
        let (zero, nine) = (int(function, block, 0), int(function, block, 9));
        for_loop(function, block, (zero, n), Mode::Lanes(8), vec![], |function, block, i| {
            let a = load(function, block, x, &[i]);
            let quotient = function.define(block, Dtype::I64, Op::Binary(Binary::FloorDiv, a, nine));
            store(block, x, &[i], quotient);
        });
        let var = function.var(Dtype::I64, "total");
        block.push(Stmt::Set(var, zero));
        let sum = vec![Reduction { var, op: ReduceOp::Add }];
        for_loop(function, block, (zero, nine), Mode::Serial, sum, |function, block, i| {
            let a = load(function, block, x, &[i]);
            let before = function.define(block, Dtype::I64, Op::Get(var));
            let after = function.define(block, Dtype::I64, Op::Binary(Binary::Add, before, a));
            block.push(Stmt::Set(var, after));
        });
        let total = function.define(block, Dtype::I64, Op::Get(var));
        return_scalar(function, block, total);
    });
    let mut x: Vec<i64> = (0..20).map(|k| 10 * k).collect();
    let expected: i64 = x[..9].iter().map(|a| a / 9).sum();
    let mut args = array_slots(x.as_mut_ptr() as usize, &[20], &[8]);
    args.push(20);
    assert_eq!(run(&module, &args, 1), [expected as u64]);
}

#[test]
fn what_lanes_may_not_contain_is_a_bug() {
    fn bug(build: impl Fn(&mut Function, &mut Block, [Value; 3], Value) -> Value) -> String {
        emit(&map(Dtype::F64, Mode::Lanes(8), build)).unwrap_err().0
    }
    let raised = bug(|function, block, [a, ..], _| {
        let (header, body) = (vec![], vec![]);
        let condition = function.define(block, Dtype::Bool, Op::Unary(Unary::IsNan, a));
        let label = function.label();
        block.push(Stmt::While(Box::new(While { label, header, condition, body, span: Span::default() })));
        a
    });
    assert_eq!(raised, "emit: kernel: lanes: lanes leave a loop at different times");
    let check = bug(|function, block, [a, ..], _| {
        let holds = function.define(block, Dtype::Bool, Op::Unary(Unary::IsNan, a));
        block.push(Stmt::Check(Check {
            condition: Condition::True(holds),
            site: Site::from_u32(0),
            values: vec![],
        }));
        a
    });
    assert_eq!(check, "emit: kernel: lanes: a check remains in it");
}
