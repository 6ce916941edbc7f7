//! Subscripts of all kinds, and random ones against running the loops.

use super::*;
use crate::loops::build::Build;

type Form = fn(&mut Build, &Setting) -> Vec<Value>;

/// What subscripts are made of: loop variables `i` in 0..n and `j` in 0..m.
struct Setting {
    i: Value,
    j: Value,
    n: Value,
    m: Value,
    index: Array,
}

/// Stores into y at one subscript and loads it at another, in `for i in 0..n: for j in 0..m`, and gives the dependences of
/// the store on itself and on the load.
fn matrix(rank: usize, store: Form, load: Form) -> (Dependence, Dependence) {
    let mut build = Build::new("matrix", "");
    let (n, m) = (build.int("n"), build.int("m"));
    let (y, index) = (build.array("y", rank), build.array("index", 1));
    let mut outer = None;
    build.prange("i", n, |build, i| {
        outer = Some(i);
        build.range("j", m, |build, j| {
            let setting = Setting { i, j, n, m, index };
            let at = load(build, &setting);
            let value = build.load(y, &at, "");
            let at = store(build, &setting);
            build.store(y, &at, value, "");
        });
    });
    let module = build.finish();
    crate::loops::verify::verify(&module).unwrap();
    let facts = Facts::new(&module.functions[module.entry]);
    let id = facts.loop_of(outer.unwrap()).unwrap();
    let all: Vec<&Access> = facts.accesses(id).filter(|access| access.array != index).collect();
    let (load, store) = (all.iter().find(|access| !access.write), all.iter().find(|access| access.write));
    let (load, store) = (load.unwrap(), store.unwrap());
    let ask = |other| between(&facts, id, store, other, Iterations::Different);
    (ask(store), ask(load))
}

const I: Form = |_, s| vec![s.i];
const I_J: Form = |_, s| vec![s.i, s.j];
const J_I: Form = |_, s| vec![s.j, s.i];
const J: Form = |_, s| vec![s.j];
const ZERO: Form = |b, _| vec![b.constant(0)];
const BEFORE: Form = |b, s| vec![b.plus(s.i, -1)];
const AFTER: Form = |b, s| vec![b.plus(s.i, 1)];
const FAR: Form = |b, s| vec![b.add(s.i, s.n)];
const EVEN: Form = |b, s| vec![b.times(s.i, 2)];
const ODD: Form = |b, s| {
    let twice = b.times(s.i, 2);
    vec![b.plus(twice, 1)]
};
const REVERSED: Form = |b, s| {
    let last = b.plus(s.n, -1);
    vec![b.sub(last, s.i)]
};
const HALF: Form = |b, s| {
    let two = b.constant(2);
    vec![b.binary(Binary::FloorDiv, s.i, two)]
};
const ROW: Form = |b, s| {
    let row = b.mul(s.i, s.m);
    vec![b.add(row, s.j)]
};
const COLUMN: Form = |b, s| {
    let row = b.mul(s.j, s.n);
    vec![b.add(row, s.i)]
};
const SCALED: Form = |b, s| vec![b.mul(s.i, s.m)];
const SUM: Form = |b, s| vec![b.add(s.i, s.j)];
const GATHER: Form = |b, s| {
    let index = b.load(s.index, &[s.i], "");
    vec![b.op(Dtype::I64, Op::Cast(index))]
};
const DIAGONAL: Form = |b, s| vec![b.plus(s.i, -1), b.plus(s.j, 1)];

#[test]
fn subscripts() {
    use Dependence::{Dependent, Independent, Unknown};
    let table: &[(&str, usize, Form, Form, Dependence, Dependence)] = &[
        ("y[i], y[i]", 1, I, I, Independent, Independent),
        ("y[i], y[i-1]", 1, I, BEFORE, Independent, Dependent),
        ("y[i], y[i+1]", 1, I, AFTER, Independent, Dependent),
        ("y[i], y[i+n]", 1, I, FAR, Independent, Independent),
        ("y[2i], y[2i+1]", 1, EVEN, ODD, Independent, Independent),
        ("y[2i], y[i]", 1, EVEN, I, Independent, Dependent),
        ("y[n-1-i], y[n-1-i]", 1, REVERSED, REVERSED, Independent, Independent),
        ("y[n-1-i], y[i]", 1, REVERSED, I, Independent, Dependent),
        ("y[0], y[i]", 1, ZERO, I, Dependent, Dependent),
        ("y[i], y[0]", 1, I, ZERO, Independent, Dependent),
        ("y[j], y[i]", 1, J, I, Dependent, Dependent),
        ("y[i//2], y[i//2]", 1, HALF, HALF, Dependent, Dependent),
        ("y[i*m+j], y[i*m+j]", 1, ROW, ROW, Independent, Independent),
        ("y[j*n+i], y[j*n+i]", 1, COLUMN, COLUMN, Independent, Independent),
        ("y[i*m], y[i*m]", 1, SCALED, SCALED, Independent, Independent),
        ("y[i+j], y[i]", 1, SUM, I, Dependent, Dependent),
        ("y[index[i]], y[i]", 1, GATHER, I, Unknown, Unknown),
        ("y[i], y[index[i]]", 1, I, GATHER, Independent, Unknown),
        ("y[i,j], y[i,j]", 2, I_J, I_J, Independent, Independent),
        ("y[j,i], y[j,i]", 2, J_I, J_I, Independent, Independent),
        ("y[i,j], y[j,i]", 2, I_J, J_I, Independent, Dependent),
        ("y[i,j], y[i-1,j+1]", 2, I_J, DIAGONAL, Independent, Dependent),
    ];
    let mut wrong = vec![];
    for (name, rank, store, load, itself, other) in table {
        let found = matrix(*rank, *store, *load);
        if found != (itself.clone(), other.clone()) {
            wrong.push(format!("{name}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Builds `for i in 0..n` with a body and asks about its lockstep.
fn lockstep(lanes: i64, body: fn(&mut Build, Array, Value)) -> bool {
    let mut build = Build::new("lockstep", "");
    let n = build.int("n");
    let y = build.array("y", 1);
    let mut index = None;
    build.range("i", n, |build, i| {
        index = Some(i);
        body(build, y, i);
    });
    let module = build.finish();
    let facts = Facts::new(&module.functions[module.entry]);
    super::lockstep(&facts, index.unwrap(), lanes, false).is_some_and(|apart| apart.is_empty())
}

#[test]
fn lockstep_keeps_what_comes_later_in_the_body() {
    assert!(lockstep(8, |b, y, i| {
        let from = b.plus(i, 1);
        let value = b.load(y, &[from], "");
        b.store(y, &[i], value, "");
    }));
    assert!(!lockstep(8, |b, y, i| {
        let to = b.plus(i, 1);
        let value = b.load(y, &[i], "");
        b.store(y, &[to], value, "");
    }));
    let far: fn(&mut Build, Array, Value) = |b, y, i| {
        let to = b.plus(i, 8);
        let value = b.load(y, &[i], "");
        b.store(y, &[to], value, "");
    };
    assert!(lockstep(8, far) && !lockstep(16, far));
}

/// Rows and tails of arrays, as views of their own.
fn views(contiguous: bool, body: fn(&mut Build, Array, Value)) -> Dependence {
    let mut build = Build::new("views", "");
    let n = build.int("n");
    let class = build.function.class();
    let y = build.array_in("y", 2, class, contiguous);
    let mut index = None;
    build.prange("i", n, |build, i| {
        index = Some(i);
        body(build, y, i);
    });
    let module = build.finish();
    let facts = Facts::new(&module.functions[module.entry]);
    let id = facts.loop_of(index.unwrap()).unwrap();
    let accesses: Vec<&Access> = facts.accesses(id).collect();
    between(&facts, id, accesses[0], accesses[accesses.len() - 1], Iterations::Different)
}

#[test]
fn rows_of_an_array_are_its_axes() {
    let own: fn(&mut Build, Array, Value) = |b, y, i| {
        let row = b.row("row", y, i);
        let (extent, one) = (b.extent(row, 0), b.float(1.0));
        b.nest(&[extent], &[], |b, j| {
            let value = b.op(Dtype::F64, Op::Load { array: row, indices: j.to_vec() });
            let value = b.add(value, one);
            let span = Span::default();
            b.push(Stmt::Store(Store { array: row, indices: j.to_vec(), value, span }));
        });
    };
    assert_eq!(views(true, own), Dependence::Independent);
    assert_eq!(views(false, own), Dependence::Independent);
    let previous: fn(&mut Build, Array, Value) = |b, y, i| {
        let before = b.plus(i, -1);
        let (zero, row) = (b.constant(0), b.row("row", y, i));
        let value = b.load(y, &[before, zero], "");
        b.store(row, &[zero], value, "");
    };
    assert_eq!(views(true, previous), Dependence::Dependent);
    assert_eq!(views(false, previous), Dependence::Dependent);
}

/// A random subscript `c[0] + c[1]*i + c[2]*j + c[3]*n + c[4]*i*m + c[5]*j*n`, halved where `half`.
#[derive(Clone, Copy, Debug)]
struct Subscript {
    c: [i64; 6],
    half: bool,
}

impl Subscript {
    fn random(random: &mut impl FnMut(i64) -> i64) -> Subscript {
        let mut c = [0; 6];
        c[0] = random(7) - 3;
        c[1] = random(5) - 2;
        c[2] = if random(2) == 0 { 0 } else { random(5) - 2 };
        c[3] = if random(3) == 0 { random(3) - 1 } else { 0 };
        c[4] = if random(4) == 0 { 1 } else { 0 };
        c[5] = if random(4) == 0 { 1 } else { 0 };
        Subscript { c, half: random(8) == 0 }
    }

    fn build(&self, b: &mut Build, i: Value, j: Value, n: Value, m: Value) -> Value {
        let (row, column, one) = (b.mul(i, m), b.mul(j, n), b.constant(1));
        let mut sum = b.constant(0);
        for (c, value) in self.c.into_iter().zip([one, i, j, n, row, column]) {
            if c != 0 {
                let term = b.times(value, c);
                sum = b.add(sum, term);
            }
        }
        let two = b.constant(2);
        if self.half { b.binary(Binary::FloorDiv, sum, two) } else { sum }
    }

    fn eval(&self, i: i64, j: i64, n: i64, m: i64, extent: i64) -> Option<i64> {
        let values = [1, i, j, n, i * m, j * n];
        let sum: i64 = self.c.iter().zip(values).map(|(c, value)| c * value).sum();
        let index = if self.half { sum.div_euclid(2) } else { sum };
        let index = if index < 0 { index + extent } else { index };
        (0..extent).contains(&index).then_some(index)
    }
}

/// A random pair of rank-1 or rank-2 accesses in `for i in lo..n: for j in 0..m`.
struct Case {
    first: Vec<Subscript>,
    second: Vec<Subscript>,
    lo: i64,
}

impl Case {
    fn answer(&self, iterations: Iterations) -> Dependence {
        let mut build = Build::new("random", "");
        let (n, m) = (build.int("n"), build.int("m"));
        let y = build.array("y", self.first.len());
        let lo = build.constant(self.lo);
        let mut index = None;
        build.for_("i", (lo, n), Mode::Marked, &[], |b, i| {
            index = Some(i);
            b.range("j", m, |b, j| {
                let mut at = |subscripts: &[Subscript]| -> Vec<Value> {
                    subscripts.iter().map(|subscript| subscript.build(b, i, j, n, m)).collect()
                };
                let (first, second) = (at(&self.first), at(&self.second));
                let value = b.load(y, &second, "");
                b.store(y, &first, value, "");
            });
        });
        let module = build.finish();
        let facts = Facts::new(&module.functions[module.entry]);
        let id = facts.loop_of(index.unwrap()).unwrap();
        let accesses: Vec<&Access> = facts.accesses(id).collect();
        between(&facts, id, accesses[1], accesses[0], iterations)
    }

    /// Whether iterations asked about meet for these arguments; None if the program faults.
    fn meets(&self, n: i64, m: i64, extent: i64, iterations: Iterations) -> Option<bool> {
        let (mut first, mut second) = (vec![], vec![]);
        for i in self.lo..n {
            for j in 0..m {
                for (subscripts, list) in [(&self.first, &mut first), (&self.second, &mut second)] {
                    let at = subscripts.iter().map(|subscript| subscript.eval(i, j, n, m, extent));
                    list.push((i, at.collect::<Option<Vec<i64>>>()?));
                }
            }
        }
        let asked = |a: i64, b: i64| match iterations {
            Iterations::Different => a != b,
            Iterations::Later { within } => a > b && a - b < within,
        };
        let meets = |(a, at): &(i64, Vec<i64>)| second.iter().any(|(b, to)| asked(*a, *b) && at == to);
        Some(first.iter().any(meets))
    }
}

#[test]
fn answers_are_true_for_random_subscripts() {
    let mut state = 12345u64;
    let mut random = |below: i64| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((state >> 33) % below as u64) as i64
    };
    let (mut independent, mut dependent) = (0, 0);
    for round in 0..600 {
        let rank = 1 + random(2);
        let mut subscripts = || (0..rank).map(|_| Subscript::random(&mut random)).collect::<Vec<Subscript>>();
        let (first, other) = (subscripts(), subscripts());
        let mut second = if round % 2 == 0 { first.clone() } else { other };
        second[0].c[0] += round % 3;
        let case = Case { first, second, lo: round % 2 };
        let iterations = if round % 5 == 0 { Iterations::Later { within: 4 } } else { Iterations::Different };
        let answer = case.answer(iterations);
        let sizes = [(1, 1), (2, 1), (2, 3), (3, 2), (5, 4), (7, 3), (9, 9)];
        let all = || sizes.iter().flat_map(|&(n, m)| [5, 9, 40, 400].map(|extent| (n, m, extent)));
        let met = |(n, m, extent)| case.meets(n, m, extent, iterations) == Some(true);
        let text = || format!("{:?} and {:?} from {}", case.first, case.second, case.lo);
        match answer {
            Dependence::Independent => {
                independent += 1;
                assert!(!all().any(met), "not independent: {}", text());
            }
            Dependence::Dependent => {
                dependent += 1;
                assert!(met((9, 9, 400)) || all().any(met), "not dependent: {}", text());
            }
            Dependence::IndependentIf(_) | Dependence::Unknown => {}
        }
    }
    assert!(independent > 20 && dependent > 40, "{independent} independent, {dependent} dependent");
}

/// `for i in prange(start, stop, step): y[i] = y[i]` over what `lower` makes of a stepped range.
fn stepped(start: fn(&mut Build, Value) -> Value, stop: i64, step: i64) -> Dependence {
    use crate::base::Compare;
    let mut b = Build::new("stepped", "");
    let n = b.int("n");
    let y = b.array("y", 1);
    let (start, stop) = (start(&mut b, n), b.constant(stop));
    let (step, zero) = (b.constant(step), b.constant(0));
    let up = b.op(Dtype::Bool, Op::Compare(Compare::Gt, step, zero));
    let select = |b: &mut Build, condition, then, otherwise| {
        let dtype = b.function.values[then].dtype;
        b.op(dtype, Op::Select { condition, then, otherwise })
    };
    let (low, high) = (select(&mut b, up, start, stop), select(&mut b, up, stop, start));
    let some = b.op(Dtype::Bool, Op::Compare(Compare::Lt, low, high));
    let distance = b.sub(high, low);
    let negated = b.op(Dtype::I64, Op::Unary(Unary::Neg, step));
    let size = select(&mut b, up, step, negated);
    let (distance, size) = (b.op(Dtype::U64, Op::Cast(distance)), b.op(Dtype::U64, Op::Cast(size)));
    let one = b.op(Dtype::U64, Op::Const(Scalar::int(Dtype::U64, 1)));
    let below = b.sub(distance, one);
    let whole = b.binary(Binary::FloorDiv, below, size);
    let count = b.add(whole, one);
    let most = b.op(Dtype::U64, Op::Const(Scalar::int(Dtype::U64, i64::MAX)));
    let count = b.binary(Binary::Min, count, most);
    let count = b.op(Dtype::I64, Op::Cast(count));
    let trip = select(&mut b, some, count, zero);
    let mut index = None;
    b.prange("i", trip, |b, k| {
        index = Some(k);
        let offset = b.mul(k, step);
        let i = b.add(start, offset);
        let value = b.load(y, &[i], "");
        b.store(y, &[i], value, "");
    });
    let module = b.finish();
    let facts = Facts::new(&module.functions[module.entry]);
    let id = facts.loop_of(index.unwrap()).unwrap();
    let accesses: Vec<&Access> = facts.accesses(id).collect();
    between(&facts, id, accesses[1], accesses[0], Iterations::Different)
}

#[test]
fn stepped_ranges_do_not_wrap() {
    let last: fn(&mut Build, Value) -> Value = |b, n| b.plus(n, -1);
    assert_eq!(stepped(last, -1, -1), Dependence::Independent);
    assert_eq!(stepped(last, 0, -2), Dependence::Independent);
    assert_eq!(stepped(last, -1, -3), Dependence::Independent);
    assert_eq!(stepped(|b, _| b.constant(1), 1000, 2), Dependence::Independent);
    assert!(matches!(stepped(last, -5, -1), Dependence::IndependentIf(_)));
}
