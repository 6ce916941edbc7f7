//! What fuses, what is left of it, and what must not fuse.

use super::*;
use crate::base::{Binary, Compare, Dtype, ReduceOp};

/// `((x + y) * x …)`: each operation into its own array, released after its only use.
fn chain(b: &mut Build, operations: usize) -> (Array, Array) {
    let (x, y) = (b.array("", 1), b.array("", 1));
    let mut last = b.map2(Binary::Add, x, y);
    for k in 1..operations {
        let binary = [Binary::Mul, Binary::Sub, Binary::Div][k % 3];
        let next = b.map2(binary, last, if k % 2 == 0 { x } else { y });
        b.release(last);
        last = next;
    }
    (last, x)
}

#[test]
fn an_expression_is_one_nest_without_temporaries() {
    let mut b = build();
    let (last, _) = chain(&mut b, 11);
    b.give(Operand::Array(last));
    let module = b.finish();
    assert_eq!(
        counts(&module),
        Counts { nests: 11, allocs: 11, loads: 22, stores: 11, checks: 11, loops: 0 }
    );
    let (fused, remarks) = after("fuse", &module);
    assert_eq!(counts(&fused), Counts { nests: 1, allocs: 1, loads: 2, stores: 1, checks: 1, loops: 0 });
    assert_eq!(messages(&remarks)[0], "fused 11 array operations into one loop");
    let gone = remarks.iter().filter(|remark| remark.event == crate::optimize::Event::Temporary).count();
    assert_eq!(gone, 10, "{remarks:?}");
    let (loops, _) = after("dead", &module);
    assert_eq!(counts(&loops), Counts { loops: 1, allocs: 1, loads: 2, stores: 1, checks: 1, nests: 0 });
}

#[test]
fn into_an_argument_nothing_is_allocated() {
    let mut b = build();
    let (last, x) = chain(&mut b, 10);
    b.copy(last, x);
    b.release(last);
    let (fused, _) = after("fuse", &b.finish());
    assert_eq!(counts(&fused), Counts { nests: 1, loads: 2, stores: 1, checks: 1, ..Counts::default() });
}

#[test]
fn a_reduction_fuses_with_its_producer() {
    let mut b = build();
    let (x, y) = (b.array("", 2), b.array("", 2));
    let product = b.map2(Binary::Mul, x, y);
    let total = b.sum(product);
    b.release(product);
    let r = b.get(total);
    b.give(Operand::Scalar(r));
    let (fused, _) = after("fuse", &b.finish());
    assert_eq!(counts(&fused), Counts { nests: 1, loads: 2, checks: 2, ..Counts::default() });
}

/// `x - sum(x)` needs the whole sum first.
#[test]
fn a_reduction_does_not_fuse_with_its_consumer() {
    let mut b = build();
    let x = b.array("", 1);
    let total = b.sum(x);
    let total = b.get(total);
    let y = b.map1(Binary::Sub, x, total);
    b.give(Operand::Array(y));
    let (fused, remarks) = after("fuse", &b.finish());
    assert_eq!(counts(&fused).nests, 2);
    assert_eq!(messages(&remarks), ["not fused: it needs the finished result of that one"]);
}

/// Two sums of one array: one loop, with the statements of the first after it.
#[test]
fn neighbours_fuse() {
    let mut b = build();
    let x = b.array("", 1);
    let first = b.sum(x);
    let p = b.get(first);
    let second = b.sum(x);
    let q = b.get(second);
    let r = b.binary(Binary::Div, p, q);
    b.give(Operand::Scalar(r));
    let (fused, _) = after("fuse", &b.finish());
    assert_eq!(counts(&fused), Counts { nests: 1, loads: 1, ..Counts::default() });
}

/// `y[1:] = 2*x[1:]` then `z = y[:-1]`: an iteration reads what another one writes.
#[test]
fn shifted_indices_do_not_fuse() {
    let mut b = build();
    let (y, z) = (b.array("", 1), b.array("", 1));
    let (one, n) = (b.constant(1), b.extents(y)[0]);
    let less = b.binary(Binary::Sub, n, one);
    let (y1, y0, z0) = (b.slice(y, 1, less), b.slice(y, 0, less), b.slice(z, 0, less));
    let two = b.float(2.0);
    b.nest(&[less], &[], |b, at| {
        let v = b.read(z0, at);
        let v = b.binary(Binary::Mul, v, two);
        b.write(y1, at, v);
    });
    b.copy(y0, z0);
    let (fused, remarks) = after("fuse", &b.finish());
    assert_eq!(counts(&fused).nests, 2);
    assert!(messages(&remarks)[0].contains("at different indices"), "{remarks:?}");
}

/// One array, but read at another element of it than the one that is written.
#[test]
fn other_elements_do_not_fuse() {
    let mut b = build();
    let (x, y) = (b.array("", 1), b.array("", 1));
    b.copy(x, y);
    let n = b.extents(x);
    let zero = b.constant(0);
    b.nest(&n, &[], |b, at| {
        let first = b.read(y, &[zero]);
        b.write(x, at, first);
    });
    let (fused, _) = after("fuse", &b.finish());
    assert_eq!(counts(&fused).nests, 2);
}

/// Operations over one domain join each other past those over another.
#[test]
fn each_domain_fuses_for_itself() {
    let mut b = build();
    let (x, y) = (b.array("", 1), b.array("", 2));
    let two = b.float(2.0);
    let p = b.map1(Binary::Mul, x, two);
    let q = b.map1(Binary::Mul, y, two);
    b.copy(p, x);
    b.copy(q, y);
    b.release(p);
    b.release(q);
    let (fused, _) = after("fuse", &b.finish());
    assert_eq!(counts(&fused), Counts { nests: 2, loads: 2, stores: 2, ..Counts::default() });
}

/// `(x * x).sum(axis=0)`: each row of the product is computed where the loop over rows adds it.
#[test]
fn a_producer_enters_the_loop_that_consumes_it() {
    let mut b = build();
    let x = b.array("", 2);
    let squares = b.map2(Binary::Mul, x, x);
    let [rows, columns] = b.extents(x)[..] else { panic!("rank 2") };
    let sums = b.alloc("", &[columns]);
    b.nest(&[columns], &[], |b, at| {
        let zero = b.float(0.0);
        b.write(sums, at, zero);
    });
    b.range("", rows, |b, row| {
        b.nest(&[columns], &[], |b, at| {
            let (old, new) = (b.read(sums, at), b.read(squares, &[row, at[0]]));
            let sum = b.add(old, new);
            b.write(sums, at, sum);
        });
    });
    b.release(squares);
    b.give(Operand::Array(sums));
    let (fused, _) = after("fuse", &b.finish());
    assert_eq!(counts(&fused), Counts { nests: 2, loops: 1, allocs: 1, loads: 2, stores: 2, checks: 0 });
}

/// What is returned stays in memory, although it is passed on as a value as well.
#[test]
fn temporaries_that_escape_stay() {
    let mut b = build();
    let (x, y) = (b.array("", 1), b.array("", 1));
    let p = b.map2(Binary::Add, x, y);
    b.copy(p, x);
    b.give(Operand::Array(p));
    let (fused, _) = after("fuse", &b.finish());
    assert_eq!(counts(&fused), Counts { nests: 1, allocs: 1, loads: 2, stores: 2, checks: 1, loops: 0 });
}

/// A check inside the second operation may fire only when all of the first has passed.
#[test]
fn at_most_one_faults() {
    let mut b = build();
    let (x, y) = (b.array("", 1), b.array("", 1));
    let n = b.extents(x);
    let zero = b.float(0.0);
    for (array, limit) in [(x, -1.0), (y, 5.0)] {
        let limit = b.float(limit);
        b.nest(&n, &[], |b, at| {
            let v = b.read(array, at);
            let fine = b.compare(Compare::Gt, v, limit);
            b.check(fine);
            b.write(array, at, zero);
        });
    }
    let (fused, remarks) = after("fuse", &b.finish());
    assert_eq!(counts(&fused).nests, 2);
    assert!(messages(&remarks)[0].contains("both can fault"), "{remarks:?}");
}

/// The check that shapes agree may not pass a nest that can fault first.
#[test]
fn shape_checks_stay_behind_faults() {
    let mut b = build();
    let (x, y) = (b.array("", 1), b.array("", 1));
    let n = b.extents(x);
    let limit = b.float(5.0);
    b.nest(&n, &[], |b, at| {
        let v = b.read(x, at);
        let fine = b.compare(Compare::Gt, v, limit);
        b.check(fine);
        b.write(x, at, v);
    });
    let r = b.map2(Binary::Add, x, y);
    b.give(Operand::Array(r));
    let (fused, _) = after("fuse", &b.finish());
    assert_eq!(counts(&fused).nests, 2);
}

/// Two names for one view are one array after `simplify`.
#[test]
fn equal_views_are_one_array() {
    let mut b = build();
    let (x, y) = (b.array("", 1), b.array("", 1));
    let one = b.constant(1);
    let n = b.extents(x)[0];
    let less = b.binary(Binary::Sub, n, one);
    let (p, q) = (b.slice(x, 1, less), b.slice(x, 1, less));
    let y0 = b.slice(y, 0, less);
    b.copy(y0, p);
    b.copy(q, y0);
    let (fused, _) = after("fuse", &b.finish());
    assert_eq!(counts(&fused), Counts { nests: 1, loads: 1, stores: 2, ..Counts::default() });
}

/// Rebinding a name (`y = x + x; y = y * 2`) puts arrays into variables only for a moment.
#[test]
fn arrays_in_variables_are_seen_through() {
    let mut b = build();
    let x = b.array("", 1);
    let first = b.map2(Binary::Add, x, x);
    let data = b.function.arrays[first].clone();
    let (base, extent) = (b.function.var(Dtype::I64, "y"), b.function.var(Dtype::I64, "y"));
    b.push(Stmt::Set(base, data.base));
    b.push(Stmt::Set(extent, data.extents[0]));
    let base = b.get(base);
    let extents = vec![b.get(extent)];
    let again = b.function.arrays.push(ArrayData { base, owner: base, extents, ..data });
    let two = b.float(2.0);
    let second = b.map1(Binary::Mul, again, two);
    b.release(again);
    b.give(Operand::Array(second));
    let (fused, _) = after("fuse", &b.finish());
    assert_eq!(counts(&fused), Counts { nests: 1, allocs: 1, loads: 1, stores: 1, ..Counts::default() });
}

#[test]
fn inside_loops_and_branches() {
    let mut b = build();
    let (x, y) = (b.array("", 1), b.array("", 1));
    let (zero, three) = (b.constant(0), b.constant(3));
    b.for_("", (zero, three), Mode::Serial, &[], |b, k| {
        let (n, m) = (b.extents(x)[0], b.extents(y)[0]);
        let agree = b.compare(Compare::Eq, n, m);
        b.either(
            agree,
            |b| {
                let p = b.map2(Binary::Mul, x, y);
                b.copy(p, y);
                b.release(p);
            },
            |b| {
                let early = b.compare(Compare::Eq, k, zero);
                b.check(early);
            },
        );
    });
    let (fused, _) = after("fuse", &b.finish());
    assert_eq!(counts(&fused), Counts { nests: 1, loads: 2, stores: 1, loops: 1, checks: 1, allocs: 0 });
}

/// Time and depth stay in bounds.
#[test]
fn thousands_of_operations() {
    let mut b = build();
    let (last, x) = chain(&mut b, 4000);
    b.copy(last, x);
    b.release(last);
    let (module, _) = after("dead", &b.finish());
    let counts = counts(&module);
    assert!(counts.loops < 30, "{counts:?}");
    assert_eq!(counts.allocs, counts.loops - 1);
}

#[test]
fn reductions_keep_their_order() {
    let mut b = build();
    let x = b.array("", 3);
    let (low, high) = (b.function.var(Dtype::F64, "low"), b.sum(x));
    let start = b.float(1e300);
    b.push(Stmt::Set(low, start));
    let n = b.extents(x);
    b.nest(&n, &[Reduction { var: low, op: ReduceOp::Min }], |b, at| {
        let (v, old) = (b.read(x, at), b.get(low));
        let new = b.binary(Binary::Min, old, v);
        b.push(Stmt::Set(low, new));
    });
    let (p, q) = (b.get(low), b.get(high));
    let r = b.binary(Binary::Sub, p, q);
    b.give(Operand::Scalar(r));
    let module = b.finish();
    let (fused, _) = after("fuse", &module);
    assert_eq!(counts(&fused), Counts { nests: 1, loads: 1, ..Counts::default() });
    after("dead", &module);
}

/// Within one iteration: a store through another view of the memory forgets what was loaded.
#[test]
fn elements_are_forgotten_when_they_may_change() {
    let mut b = build();
    let (x, y) = (b.array("", 1), b.array("", 1));
    let one = b.constant(1);
    let n = b.extents(x)[0];
    let less = b.sub(n, one);
    let (p, q, out) = (b.slice(x, 0, less), b.slice(x, 1, less), b.slice(y, 0, less));
    let zero = b.constant(0);
    b.nest(&[less], &[], |b, at| {
        let first = b.read(q, &[zero]);
        let old = b.read(p, at);
        let sum = b.add(first, old);
        b.write(p, at, sum);
        let again = b.read(q, &[zero]);
        let sum = b.add(again, sum);
        b.write(out, at, sum);
    });
    let (fused, _) = after("fuse", &b.finish());
    assert_eq!(counts(&fused), Counts { nests: 1, loads: 3, stores: 2, ..Counts::default() });
}

/// Inside a branch a stored element is known; what the branch stores is not known behind it.
#[test]
fn branches_within_an_iteration() {
    let mut b = build();
    let (x, y) = (b.array("", 1), b.array("", 1));
    let n = b.extents(x);
    let half = b.float(0.5);
    b.nest(&n, &[], |b, at| {
        let v = b.read(x, at);
        let large = b.compare(Compare::Gt, v, half);
        b.either(
            large,
            |b| {
                let same = b.read(x, at);
                let less = b.sub(same, half);
                b.write(x, at, less);
            },
            |_| {},
        );
        let v = b.read(x, at);
        b.write(y, at, v);
    });
    let (fused, _) = after("fuse", &b.finish());
    // One load before, one in the branch (its store forgets the class), one behind.
    assert_eq!(counts(&fused), Counts { nests: 1, loads: 3, stores: 2, ..Counts::default() });
}

/// `t = column * 2; t + t` with shape (n, 1): the second operation reads at a constant 0, the first writes at an index.
#[test]
fn axes_of_extent_1_do_not_count() {
    let mut b = build();
    let x = b.array("", 1);
    let (n, one) = (b.extents(x)[0], b.constant(1));
    let (t, out) = (b.alloc("", &[n, one]), b.alloc("", &[n, one]));
    b.nest(&[n, one], &[], |b, at| {
        let v = b.read(x, &at[..1]);
        b.write(t, at, v);
    });
    b.nest(&[n, one], &[], |b, at| {
        let zero = b.constant(0);
        let v = b.read(t, &[at[0], zero]);
        let v = b.add(v, v);
        b.write(out, at, v);
    });
    b.release(t);
    b.give(Operand::Array(out));
    let module = b.finish();
    let (fused, _) = after("fuse", &module);
    assert_eq!(counts(&fused), Counts { nests: 1, allocs: 1, loads: 1, stores: 1, ..Counts::default() });
    let (loops, _) = after("expand", &module);
    visit::walk(&loops.functions[loops.entry].body, &mut |stmt| {
        if let Stmt::Store(store) = stmt {
            assert_eq!(store.indices.len(), 1);
        }
    });
}

/// A transposed access is its own iteration's element too, if both say it alike.
#[test]
fn one_element_however_named() {
    let mut b = build();
    let (x, y) = (b.array("", 2), b.array("", 2));
    let n = b.extents(x);
    let flipped = [n[1], n[0]];
    for (from, to) in [(x, y), (y, x)] {
        b.nest(&flipped, &[], |b, at| {
            let v = b.read(from, &[at[1], at[0]]);
            let v = b.add(v, v);
            b.write(to, &[at[1], at[0]], v);
        });
    }
    // The other way round it is another element.
    b.nest(&n, &[], |b, at| {
        let v = b.read(x, at);
        b.write(y, at, v);
    });
    let (fused, _) = after("fuse", &b.finish());
    assert_eq!(counts(&fused).nests, 2);
}

/// `x*2 + y*3`: that the shapes agree is checked when both operands have been computed.
#[test]
fn operands_fuse_before_their_shapes_are_compared() {
    let mut b = build();
    let (x, y) = (b.array("", 2), b.array("", 2));
    let (two, three) = (b.float(2.0), b.float(3.0));
    let p = b.map1(Binary::Mul, x, two);
    let q = b.map1(Binary::Mul, y, three);
    let r = b.map2(Binary::Add, p, q);
    b.release(p);
    b.release(q);
    b.give(Operand::Array(r));
    let (fused, _) = after("fuse", &b.finish());
    assert_eq!(counts(&fused), Counts { nests: 1, allocs: 1, loads: 2, stores: 1, checks: 2, loops: 0 });
}

/// `for …: u = u * u + u`, with `u` in a variable: what is allocated is not what is read.
#[test]
fn a_rebound_name_in_a_loop() {
    let mut b = build();
    let x = b.array("", 1);
    let two = b.float(2.0);
    let u = b.map1(Binary::Mul, x, two);
    let base = b.function.var(Dtype::I64, "u");
    let class = b.function.arrays[u].class;
    b.push(Stmt::Set(base, b.function.arrays[u].base));
    let (zero, three) = (b.constant(0), b.constant(3));
    b.for_("", (zero, three), Mode::Serial, &[], |b, _| {
        let old = b.get(base);
        let old = b.function.arrays.push(ArrayData { base: old, owner: old, ..b.function.arrays[u].clone() });
        let square = b.map2(Binary::Mul, old, old);
        let new = b.map2(Binary::Add, square, old);
        b.function.arrays[new].class = class;
        b.release(square);
        b.release(old);
        b.push(Stmt::Set(base, b.function.arrays[new].base));
    });
    let last = b.get(base);
    let last = b.function.arrays.push(ArrayData { base: last, owner: last, ..b.function.arrays[u].clone() });
    b.copy(last, x);
    b.release(last);
    let (fused, _) = after("fuse", &b.finish());
    let counts = counts(&fused);
    assert_eq!((counts.nests, counts.allocs), (3, 2), "{counts:?}");
}

/// `if …: u = v`, then `u` may be `v`: their class stays one, so storing into one and reading the other are kept apart.
#[test]
fn names_that_may_mean_one_array_stay_apart() {
    let mut b = build();
    let (x, flag) = (b.array("", 1), b.scalar(Dtype::Bool));
    let two = b.float(2.0);
    let (u, v) = (b.map1(Binary::Mul, x, two), b.map1(Binary::Add, x, two));
    let class = b.function.arrays[u].class;
    b.function.arrays[v].class = class;
    let base = b.function.var(Dtype::I64, "w");
    b.push(Stmt::Set(base, b.function.arrays[u].base));
    b.either(flag, |b| b.push(Stmt::Set(base, b.function.arrays[v].base)), |_| {});
    let w = b.get(base);
    let w = b.function.arrays.push(ArrayData { base: w, owner: w, ..b.function.arrays[u].clone() });
    let n = b.extents(x)[0];
    b.copy(x, v);
    b.nest(&[n], &[], |b, at| {
        let one = b.constant(1);
        let last = b.sub(n, one);
        let k = b.sub(last, at[0]);
        let a = b.read(w, &[k]);
        b.write(x, at, a);
    });
    b.release(u);
    b.release(v);
    let (fused, _) = after("fuse", &b.finish());
    assert_eq!(counts(&fused).nests, 4);
}

/// `a` with the sum of each row, in a new array.
fn row_sums(b: &mut Build, a: Array) -> Array {
    let [rows, columns] = b.extents(a)[..] else { panic!("rank 2") };
    let sums = b.alloc("", &[rows]);
    b.nest(&[rows], &[], |b, at| {
        let total = b.function.var(Dtype::F64, "total");
        let zero = b.float(0.0);
        b.push(Stmt::Set(total, zero));
        b.nest(&[columns], &[Reduction { var: total, op: ReduceOp::Add }], |b, inner| {
            let x = b.read(a, &[at[0], inner[0]]);
            let old = b.get(total);
            let new = b.add(old, x);
            b.push(Stmt::Set(total, new));
        });
        let sum = b.get(total);
        b.write(sums, at, sum);
    });
    sums
}

/// `a[i, j] ∘ v[i]` into a new array.
fn by_row(b: &mut Build, binary: Binary, a: Array, v: Array) -> Array {
    let extents = b.extents(a);
    let out = b.alloc("", &extents);
    b.nest(&extents, &[], |b, at| {
        let (x, y) = (b.read(a, at), b.read(v, &at[..1]));
        let z = b.binary(binary, x, y);
        b.write(out, at, z);
    });
    out
}

/// `d = x - sums(x)`, then `d / sums(d * d)`: one nest over rows with three loops, as the second sum needs the whole of the first.
#[test]
fn a_normalisation_of_rows_is_one_nest() {
    let mut b = build();
    let x = b.array("", 2);
    let sums = row_sums(&mut b, x);
    let differences = by_row(&mut b, Binary::Sub, x, sums);
    let squares = b.map2(Binary::Mul, differences, differences);
    let spread = row_sums(&mut b, squares);
    let result = by_row(&mut b, Binary::Div, differences, spread);
    [sums, differences, squares, spread].into_iter().for_each(|array| b.release(array));
    b.give(Operand::Array(result));
    let (fused, _) = after("fuse", &b.finish());
    let outermost = |stmt: &Stmt| matches!(stmt, Stmt::Nest(nest) if nest.indices.len() == 1);
    assert_eq!(fused.functions[fused.entry].body.iter().filter(|stmt| outermost(stmt)).count(), 1);
    assert_eq!(counts(&fused), Counts { nests: 4, allocs: 2, loads: 3, stores: 2, ..Counts::default() });
}

/// `(2 * v)[i] + x[i, j]`: the product is computed once per row.
#[test]
fn a_producer_over_rows_joins_them() {
    let mut b = build();
    let x = b.array("", 2);
    let v = row_sums(&mut b, x);
    let two = b.float(2.0);
    let doubled = b.map1(Binary::Mul, v, two);
    let result = by_row(&mut b, Binary::Add, x, doubled);
    [v, doubled].into_iter().for_each(|array| b.release(array));
    b.give(Operand::Array(result));
    let (fused, _) = after("fuse", &b.finish());
    assert_eq!(counts(&fused), Counts { nests: 3, allocs: 1, loads: 2, stores: 1, ..Counts::default() });
}

/// What a row needs of a column of the operation before is there only when all rows are done.
#[test]
fn transposed_rows_do_not_fuse() {
    let mut b = build();
    let n = b.int("n");
    let x = b.alloc("", &[n, n]);
    b.nest(&[n, n], &[], |b, at| {
        let one = b.float(1.0);
        b.write(x, at, one);
    });
    let out = b.alloc("", &[n]);
    b.nest(&[n], &[], |b, at| {
        let zero = b.constant(0);
        let y = b.read(x, &[zero, at[0]]);
        b.write(out, at, y);
    });
    b.release(x);
    b.give(Operand::Array(out));
    let (fused, remarks) = after("fuse", &b.finish());
    assert_eq!(counts(&fused).nests, 2);
    assert!(messages(&remarks)[0].contains("at different indices"), "{remarks:?}");
}
