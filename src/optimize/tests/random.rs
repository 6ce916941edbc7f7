//! Random array programs: many operations on few arrays and views, so that dependences of every kind occur.

use super::*;
use crate::base::Binary;
use proptest::prelude::{ProptestConfig, Strategy, any, prop, prop_oneof, proptest};

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
}

fn step() -> impl Strategy<Value = Step> {
    let at = 0..16usize;
    prop_oneof![
        4 => (at.clone(), at.clone()).prop_map(|(a, b)| Step::Map(a, b)),
        3 => (at.clone(), at.clone()).prop_map(|(a, b)| Step::Copy(a, b)),
        1 => (at.clone(), at.clone()).prop_map(|(a, b)| Step::Scale(a, b)),
        1 => (at.clone(), any::<bool>()).prop_map(|(a, first)| Step::Slice(a, first)),
        1 => (at.clone(), at).prop_map(|(a, b)| Step::Mirror(a, b)),
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
    let last = owned.pop();
    owned.into_iter().for_each(|array| b.release(array));
    if let Some(array) = last {
        b.give(Operand::Array(array));
    }
    b.finish()
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
    fn passes_keep_meaning(steps in prop::collection::vec(step(), 1..14)) {
        after("dead", &program(&steps));
    }
}
