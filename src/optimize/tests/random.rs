//! Random array programs: many operations on few arrays and views, so that dependences of every kind occur.

use super::*;
use crate::base::{Binary, Dtype};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_oneof, proptest};

#[derive(Clone, Debug)]
enum Step {
    /// `new = a ∘ b`
    Map(usize, usize),
    /// `a[…] = b`
    Copy(usize, usize),
    /// `new = a * sum(b)`
    Scale(usize, usize),
    /// A view of `a`, one shorter from here on.
    Slice(usize, bool),
    /// `a += a` at reversed indices.
    Mirror(usize, usize),
    /// `w = a`, perhaps only `if flag`.
    Rebind(usize, bool),
    /// `w`, whatever it is by now.
    Recall,
}

fn step() -> impl Strategy<Value = Step> {
    let at = 0..16usize;
    prop_oneof![
        4 => (at.clone(), at.clone()).prop_map(|(a, b)| Step::Map(a, b)),
        3 => (at.clone(), at.clone()).prop_map(|(a, b)| Step::Copy(a, b)),
        1 => (at.clone(), at.clone()).prop_map(|(a, b)| Step::Scale(a, b)),
        1 => (at.clone(), any::<bool>()).prop_map(|(a, first)| Step::Slice(a, first)),
        1 => (at.clone(), at.clone()).prop_map(|(a, b)| Step::Mirror(a, b)),
        1 => (at, any::<bool>()).prop_map(|(a, sure)| Step::Rebind(a, sure)),
        1 => Just(Step::Recall),
    ]
}

/// Arrays of two lengths, full and one less; operations pick among those of one length.
struct Pool {
    arrays: [Vec<Array>; 2],
}

impl Pool {
    fn pick(&self, k: usize, like: usize) -> (usize, Array) {
        let side = (k + like) % 2 * usize::from(!self.arrays[1].is_empty());
        (side, self.arrays[side][k % self.arrays[side].len()])
    }
}

fn program(steps: &[Step]) -> Module {
    let mut b = build();
    let (x, y) = (b.array("", 1), b.array("", 1));
    let one = b.constant(1);
    let n = b.extents(x)[0];
    let less = b.binary(Binary::Sub, n, one);
    let mut pool = Pool { arrays: [vec![x, y], vec![]] };
    let mut owned = vec![];
    let mut name = Name::new(&mut b, x);
    for step in steps {
        let made = match *step {
            Step::Map(i, j) => {
                let (side, p) = pool.pick(i, 0);
                let q = pool.arrays[side][j % pool.arrays[side].len()];
                Some((side, b.map2([Binary::Add, Binary::Mul][i % 2], p, q)))
            }
            Step::Scale(i, j) => {
                let (side, p) = pool.pick(i, 1);
                let total = b.sum(pool.pick(j, 0).1);
                let total = b.get(total);
                Some((side, b.map1(Binary::Mul, p, total)))
            }
            Step::Copy(i, j) => {
                let (side, p) = pool.pick(i, 0);
                let q = pool.arrays[side][j % pool.arrays[side].len()];
                b.copy(q, p);
                None
            }
            Step::Slice(i, first) => {
                let p = pool.arrays[0][i % pool.arrays[0].len()];
                pool.arrays[1].push(b.slice(p, first as i64, less));
                None
            }
            Step::Rebind(i, sure) => {
                name.bind(&mut b, pool.arrays[0][i % pool.arrays[0].len()], sure);
                None
            }
            Step::Recall => {
                pool.arrays[0].push(name.recall(&mut b, x));
                None
            }
            Step::Mirror(i, j) => {
                let (side, p) = pool.pick(i, 0);
                let q = pool.arrays[side][j % pool.arrays[side].len()];
                mirror(&mut b, p, q);
                None
            }
        };
        if let Some((side, array)) = made {
            pool.arrays[side].push(array);
            owned.push(array);
        }
    }
    name.unify(&mut b);
    let last = owned.pop();
    owned.into_iter().for_each(|array| b.release(array));
    if let Some(array) = last {
        b.give(Operand::Array(array));
    }
    b.finish()
}

/// A local that is bound more than once. All that it may hold is one alias class, as `lower` has it.
struct Name {
    base: Var,
    flag: crate::loops::Value,
    classes: Vec<AliasClass>,
}

impl Name {
    fn new(b: &mut Build, first: Array) -> Name {
        let flag = b.scalar(Dtype::Bool);
        let mut name = Name { base: b.function.var(Dtype::I64, "w"), flag, classes: vec![] };
        name.bind(b, first, true);
        name
    }

    fn bind(&mut self, b: &mut Build, array: Array, sure: bool) {
        let data = b.function.arrays[array].clone();
        self.classes.push(data.class);
        let set = Stmt::Set(self.base, data.base);
        if sure {
            b.push(set);
        } else {
            b.either(self.flag, |b| b.push(set), |_| {});
        }
    }

    fn recall(&mut self, b: &mut Build, like: Array) -> Array {
        let base = b.get(self.base);
        let data = b.function.arrays[like].clone();
        b.function.arrays.push(ArrayData { base, owner: base, class: self.classes[0], ..data })
    }

    fn unify(&self, b: &mut Build) {
        for data in b.function.arrays.values_mut() {
            if self.classes.contains(&data.class) {
                data.class = self.classes[0];
            }
        }
    }
}

fn mirror(b: &mut Build, to: Array, from: Array) {
    let n = b.extents(to)[0];
    b.nest(&[n], &[], |b, at| {
        let one = b.constant(1);
        let last = b.binary(Binary::Sub, n, one);
        let k = b.binary(Binary::Sub, last, at[0]);
        let v = b.read(from, &[k]);
        b.write(to, at, v);
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// `after` compares all results after each pass.
    #[test]
    fn passes_keep_meaning(steps in prop::collection::vec(step(), 1..18)) {
        after("dead", &program(&steps));
    }
}
