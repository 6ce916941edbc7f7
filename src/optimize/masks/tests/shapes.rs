//! What bodies become: no more than is needed.

use super::super::super::samples::count;
use super::*;

/// The converted loop, a statement a line.
#[track_caller]
fn becomes(module: &Module, expected: &str) {
    let all = same(module, &sizes());
    let start = all.find("for v").expect("the loop");
    let text: Vec<&str> = all[start..].lines().map(str::trim).collect();
    let end = text.iter().position(|line| *line == "return").expect("the end");
    let found = text[1..end - 1].join("\n");
    let expected: Vec<&str> = expected.trim().lines().map(str::trim).collect();
    assert_eq!(found, expected.join("\n"), "found:\n{found}\n");
}

/// What checks would leave: `x[i]` where it is known to be there.
fn load(b: &mut Builder, array: Array, index: Value) -> Value {
    b.op(Dtype::F64, Op::Load { array, indices: vec![index] })
}

fn store(b: &mut Builder, array: Array, index: Value, value: Value) {
    b.emit(Stmt::Store(Store { array, indices: vec![index], value, span: Default::default() }));
}

/// `while k < 9 and z <= 4: z = z * z + x; k += 1`.
fn escape() -> Module {
    over(|b, [_, _, out], i| {
        let [z, k] = ["z", "k"].map(|name| b.f.var(Dtype::F64, name));
        let more = b.f.var(Dtype::Bool, "");
        let c = load(b, out, i);
        let (zero, one) = (b.float(0.0), b.float(1.0));
        b.set(z, zero);
        b.set(k, zero);
        let mut condition = None;
        let header = b.block(|b| {
            let (k, most) = (b.get(k), b.float(9.0));
            let within = b.compare(Compare::Lt, k, most);
            let then = b.block(|b| {
                let (z, four) = (b.get(z), b.float(4.0));
                let small = b.compare(Compare::Le, z, four);
                b.set(more, small);
            });
            let otherwise = b.block(|b| b.set(more, within));
            b.emit(Stmt::If(If { condition: within, then, otherwise }));
            condition = Some(b.get(more));
        });
        let body = b.block(|b| {
            let old = b.get(z);
            let square = b.mul(old, old);
            let next = b.add(square, c);
            b.set(z, next);
            let count = b.get(k);
            let count = b.add(count, one);
            b.set(k, count);
        });
        let (label, condition) = (b.f.label(), condition.expect("made"));
        let loop_ = crate::loops::While { label, header, condition, body, span: Default::default() };
        b.emit(Stmt::While(Box::new(loop_)));
        let k = b.get(k);
        store(b, out, i, k);
    })
}

#[test]
fn what_is_read_in_the_loop_only_needs_no_select() {
    becomes(
        &escape(),
        "
            v17: f64 = load a5[v16]
            set x0 = 0.0
            set x1 = 0.0
            set x3 = True
            while {
                v34: bool = get x3
                v20: f64 = get x1
                v22: bool = v20 < 9.0
                v23: f64 = get x0
                v25: bool = v23 <= 4.0
                v35: bool = v22 & v25
                set x2 = v35
                v26: bool = get x2
                v36: bool = v34 & v26
                set x3 = v36
                v37: bool = any(v36)
            } v37 do {
                v27: f64 = get x0
                v28: f64 = v27 * v27
                v29: f64 = v28 + v17
                set x0 = v29
                v30: f64 = get x1
                v31: f64 = v30 + 1.0
                v38: f64 = get x1
                v39: f64 = select(v36, v31, v38)
                set x1 = v39
            }
            v32: f64 = get x1
            store a5[v16] = v32
        ",
    );
}

#[test]
fn small_arms_run_both() {
    let module = over(|b, [_, _, out], i| {
        let t = b.f.var(Dtype::F64, "t");
        let (v, zero) = (load(b, out, i), b.float(0.0));
        let positive = b.compare(Compare::Gt, v, zero);
        let then = b.block(|b| {
            let square = b.mul(v, v);
            b.set(t, square);
        });
        let otherwise = b.block(|b| b.set(t, zero));
        b.emit(Stmt::If(If { condition: positive, then, otherwise }));
        let t = b.get(t);
        store(b, out, i, t);
    });
    becomes(
        &module,
        "
            v17: f64 = load a5[v16]
            v19: bool = v17 > 0.0
            v20: f64 = v17 * v17
            v22: f64 = select(v19, v20, 0.0)
            set x0 = v22
            v21: f64 = get x0
            store a5[v16] = v21
        ",
    );
}

#[test]
fn own_elements_are_blended() {
    let module = over(|b, [_, _, out], i| {
        let (v, zero) = (load(b, out, i), b.float(0.0));
        let positive = b.compare(Compare::Gt, v, zero);
        b.if_(positive, |b| store(b, out, i, zero));
    });
    becomes(
        &module,
        "
            v17: f64 = load a5[v16]
            v19: bool = v17 > 0.0
            v20: f64 = load a5[v16]
            v21: f64 = select(v19, 0.0, v20)
            store a5[v16] = v21
        ",
    );
}

#[test]
fn elsewhere_inactive_lanes_load_element_0() {
    let module = over(|b, [x, _, out], i| {
        let (v, zero, first) = (load(b, out, i), b.float(0.0), b.int(0));
        let before = b.plus(i, -1);
        let (positive, last) = (b.compare(Compare::Gt, i, first), b.extent(x, 0));
        let below = b.compare(Compare::Lt, before, last);
        let both = b.binary(Binary::And, positive, below);
        let t = b.f.var(Dtype::F64, "t");
        b.set(t, zero);
        b.if_(both, |b| {
            let value = load(b, x, before);
            b.set(t, value);
        });
        let t = b.get(t);
        let sum = b.add(t, v);
        store(b, out, i, sum);
    });
    becomes(
        &module,
        "
            v17: f64 = load a5[v16]
            v21: i64 = v16 + -1
            v22: bool = v16 > 0
            v23: bool = v21 < v2
            v24: bool = v22 & v23
            set x0 = 0.0
            v35: bool = any(v24)
            if v35 {
                v33: bool = not(v24)
                v34: bool = any(v33)
                if v34 {
                    v29: i64 = select(v24, v21, 0)
                    v25: f64 = load a1[v29]
                    v30: f64 = get x0
                    v31: f64 = select(v24, v25, v30)
                    set x0 = v31
                } else {
                    v32: f64 = load a1[v21]
                    set x0 = v32
                }
            }
            v26: f64 = get x0
            v27: f64 = v26 + v17
            store a5[v16] = v27
        ",
    );
}

#[test]
fn a_break_leaves_when_no_lane_is_left() {
    let module = over(|b, [_, _, out], i| {
        let g = b.f.var(Dtype::F64, "g");
        let (v, half, ten, zero) = (load(b, out, i), b.float(0.5), b.int(10), b.int(0));
        b.set(g, v);
        let label = Label::from_u32(b.f.labels);
        b.for_(zero, ten, |b, _| {
            let old = b.get(g);
            let next = b.mul(old, half);
            let small = b.compare(Compare::Lt, next, half);
            b.if_(small, |b| b.emit(Stmt::Break(label)));
            b.set(g, next);
        });
        let g = b.get(g);
        store(b, out, i, g);
    });
    becomes(
        &module,
        "
            v17: f64 = load a5[v16]
            set x0 = v17
            set x1 = True
            l1: for v21 in 0..10 {
                v27: bool = get x1
                v22: f64 = get x0
                v23: f64 = v22 * 0.5
                v24: bool = v23 < 0.5
                v28: bool = v27 & v24
                v29: bool = not(v28)
                v30: bool = get x1
                v31: bool = v30 & v29
                set x1 = v31
                v32: bool = get x1
                v33: bool = any(v32)
                if v33 {
                } else {
                    break l1
                }
                v34: f64 = get x0
                v35: f64 = select(v32, v23, v34)
                set x0 = v35
            }
            v25: f64 = get x0
            store a5[v16] = v25
        ",
    );
}

#[test]
fn checks_are_noted_and_reported_in_order() {
    let module = over(|b, [x, y, out], i| {
        let twice = b.add(i, i);
        let (u, v) = (b.load(x, &[i]), b.load(y, &[twice]));
        let sum = b.add(u, v);
        store(b, out, i, sum);
    });
    for (x, y) in [(20, 40), (20, 39), (3, 40), (11, 20), (10, 22), (0, 0)] {
        same(&module, &[vectors([x, y, 20])]);
    }
    becomes(
        &module,
        "
            set x0 = True
            set x1 = 0
            set x2 = 0
            l2: scope {
                v17: i64 = v16 + v16
                v18: i64 = wrap(v16, v2)
                v24: bool = v18 < v2
                v26: bool = v18 >= 0
                v27: bool = v26 & v24
                v28: bool = not(v27)
                v36: bool = any(v28)
                if v36 {
                    v30: i64 = get x1
                    v31: i64 = select(v28, 1, v30)
                    set x1 = v31
                    v32: bool = not(v28)
                    v33: bool = get x0
                    v34: bool = v33 & v32
                    set x0 = v34
                    v35: bool = any(v27)
                    if v35 {
                    } else {
                        break l2
                    }
                }
                v38: i64 = select(v27, v18, 0)
                v19: f64 = load a1[v38]
                v20: i64 = wrap(v17, v7)
                v39: bool = v20 < v7
                v41: bool = v20 >= 0
                v42: bool = v41 & v39
                v43: bool = not(v42)
                v44: bool = v27 & v43
                v45: bool = v27 & v42
                v55: bool = any(v44)
                if v55 {
                    v47: i64 = get x1
                    v48: i64 = select(v44, 2, v47)
                    set x1 = v48
                    v49: i64 = get x2
                    v50: i64 = select(v44, v17, v49)
                    set x2 = v50
                    v51: bool = not(v44)
                    v52: bool = get x0
                    v53: bool = v52 & v51
                    set x0 = v53
                    v54: bool = any(v45)
                    if v54 {
                    } else {
                        break l2
                    }
                }
                v57: i64 = select(v45, v20, 0)
                v21: f64 = load a3[v57]
                v22: f64 = v19 + v21
                store a5[v16] = v22
            }
            v60: i64 = get x1
            v61: bool = v60 != 0
            v62: bool = any(v61)
            if v62 {
                v70: bool = v16 == v16
                v71: bool = v61 & v70
                if v71 {
                    v63: i64 = get x1
                    v65: bool = v63 == 1
                    if v65 {
                        fault site0(v16, v2, v16)
                    }
                    v66: i64 = get x1
                    v68: bool = v66 == 2
                    if v68 {
                        v69: i64 = get x2
                        fault site1(v69, v7, v16)
                    }
                }
            }
        ",
    );
}

/// `while not z[i] <= 4: require x[i] > 0 (in the loop, if so); z /= 2`, after `require x[i] > 0` (else).
fn endless(inside: bool) -> Module {
    over(|b, [x, _, out], i| {
        let z = b.f.var(Dtype::F64, "z");
        let (u, v, zero) = (load(b, x, i), load(b, out, i), b.float(0.0));
        b.set(z, v);
        let positive = b.compare(Compare::Gt, u, zero);
        if !inside {
            b.require(positive);
        }
        let mut condition = None;
        let header = b.block(|b| {
            let (z, four) = (b.get(z), b.float(4.0));
            let small = b.compare(Compare::Le, z, four);
            condition = Some(b.op(Dtype::Bool, Op::Unary(Unary::Not, small)));
        });
        let body = b.block(|b| {
            if inside {
                b.require(positive);
            }
            let (old, half) = (b.get(z), b.float(0.5));
            let next = b.mul(old, half);
            b.set(z, next);
        });
        let (label, condition) = (b.f.label(), condition.expect("made"));
        let loop_ = crate::loops::While { label, header, condition, body, span: Default::default() };
        b.emit(Stmt::While(Box::new(loop_)));
        let z = b.get(z);
        store(b, out, i, z);
    })
}

#[test]
fn lanes_after_the_one_that_fails_need_not_end() {
    let vector = |elements: &[f64]| Argument::Floats(vec![elements.len() as i64], elements.to_vec());
    for (failing, never) in [(0, 1), (3, 5), (4, 7), (6, 7), (8, 9), (9, 15)] {
        let mut x = [1.0; 16];
        let mut z = std::array::from_fn::<f64, 16, _>(|k| k as f64 * 3.0);
        (x[failing], z[never]) = (-1.0, f64::NAN);
        z[failing] = 100.0;
        let arguments = vec![vector(&x), vector(&[]), vector(&z)];
        for module in [endless(false), endless(true)] {
            same(&module, std::slice::from_ref(&arguments));
            assert!(run(&module, &arguments).is_err());
        }
    }
}

#[test]
fn views_are_read_only_where_they_are() {
    let module = over(|b, [x, _, out], i| {
        let far = b.int(1 << 40);
        let (v, zero, t) = (load(b, out, i), b.float(0.0), b.f.var(Dtype::F64, "t"));
        b.set(t, zero);
        let positive = b.compare(Compare::Gt, v, zero);
        let otherwise = b.block(|b| {
            // A view that is somewhere else entirely where v > 0.
            let (none, one) = (b.int(0), b.int(1));
            let wild = b.op(Dtype::I64, Op::Select { condition: positive, then: far, otherwise: none });
            let data = b.f.arrays[x].clone();
            let base = b.add(data.base, wild);
            let view = b.f.arrays.push(crate::loops::ArrayData { base, extents: vec![one], ..data });
            let element = load(b, view, none);
            b.set(t, element);
        });
        b.emit(Stmt::If(If { condition: positive, then: vec![], otherwise }));
        let t = b.get(t);
        store(b, out, i, t);
    });
    same(&module, &sizes()[1..]);
}

#[test]
fn what_has_no_form_says_why() {
    let refused = |fill: &dyn Fn(&mut Builder, Value)| {
        converted(&over(|b, _, i| fill(b, i)), Mode::Lanes(8)).expect_err("it has no form")
    };
    let early = refused(&|b, i| {
        let zero = b.int(0);
        let negative = b.compare(Compare::Lt, i, zero);
        b.if_(negative, |b| b.emit(Stmt::Return(vec![])));
    });
    assert_eq!(early, "it can be left early");
    let sums = refused(&|b, i| {
        let (zero, s) = (b.int(0), b.f.var(Dtype::F64, "s"));
        b.loop_(zero, i, Mode::Serial, &[(s, ReduceOp::Add)], |_, _| {});
    });
    assert_eq!(sums, "it contains a reduction");
}

/// `for r in begin..end: for i in lanes: if x[i] > 0: out[r or 0, i] = x[i]`, as a body that threads share. Rows and columns are checked
/// in front.
fn shared(by_row: bool) -> Module {
    let mut b = Builder::new();
    let [begin, end] = [(); 2].map(|()| b.f.value(Dtype::I64));
    let [x, out] = [b.array(Dtype::F64, 1, "x"), b.array(Dtype::F64, 2, "out")];
    b.f.role = Role::Body { begin, end, within: None, partials: vec![], columns: vec![] };
    let (zero, one) = (b.int(0), b.int(1));
    let (n, rows, columns) = (b.extent(x, 0), b.extent(out, 0), b.extent(out, 1));
    for (least, most) in [(zero, begin), (end, rows), (n, columns), (one, rows)] {
        let holds = b.compare(Compare::Le, least, most);
        b.require(holds);
    }
    b.for_(begin, end, |b, r| {
        lanes(b, (zero, n), &[], |b, i| {
            let (v, nothing) = (load(b, x, i), b.float(0.0));
            let positive = b.compare(Compare::Gt, v, nothing);
            let indices = vec![if by_row { r } else { zero }, i];
            b.if_(positive, |b| {
                b.emit(Stmt::Store(Store { array: out, indices, value: v, span: Default::default() }));
            });
        });
    });
    let mut module = b.module();
    module.functions[module.entry].body.pop();
    module
}

#[test]
fn nothing_is_written_back_that_other_threads_may_write() {
    let loads = |module: &Module| {
        let after = converted(module, Mode::Lanes(8)).expect("it has a form");
        count(&after, |stmt| matches!(stmt, Stmt::Let(_, Op::Load { .. })))
    };
    // A blend loads what is there.
    assert_eq!(loads(&shared(true)), 2);
    assert_eq!(loads(&shared(false)), 1);
}
