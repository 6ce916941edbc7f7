//! Overlap tests against enumeration of every address.

use crate::base::Dtype;
use crate::runtime::{Overlap, RawArray};
use proptest::prelude::*;
use std::collections::HashSet;

fn view(base: usize, dtype: Dtype, shape: &[usize], strides: &[isize]) -> RawArray {
    RawArray::new(std::ptr::without_provenance_mut(base), dtype, shape, strides, true).expect("a good rank")
}

/// The address of every element.
fn elements(array: &RawArray) -> Vec<isize> {
    let mut addresses = vec![array.base().addr() as isize];
    for (&extent, &stride) in array.shape().iter().zip(array.strides()) {
        let steps = |start: isize| (0..extent as isize).map(move |k| start + k * stride);
        addresses = addresses.into_iter().flat_map(steps).collect();
    }
    addresses
}

/// Every byte, as often as elements cover it.
fn bytes(array: &RawArray) -> Vec<isize> {
    let size = array.dtype().size() as isize;
    elements(array).into_iter().flat_map(|address| address..address + size).collect()
}

#[test]
fn table() {
    use Dtype::{C128, F32, F64, U8};
    use Overlap::{Disjoint, Other, Same};
    let cases = [
        ("apart", view(0x1000, F64, &[4], &[8]), view(0x1020, F64, &[4], &[8]), Disjoint),
        ("same", view(0x1000, F64, &[4], &[8]), view(0x1000, F64, &[4], &[8]), Same),
        ("shifted", view(0x1000, F64, &[4], &[8]), view(0x1008, F64, &[4], &[8]), Other),
        ("other dtype", view(0x1000, F64, &[4], &[8]), view(0x1000, F32, &[8], &[4]), Other),
        ("reversed", view(0x1000, F64, &[4], &[8]), view(0x1018, F64, &[4], &[-8]), Other),
        ("unit axis", view(0x1000, F64, &[1, 4], &[0, 8]), view(0x1000, F64, &[1, 4], &[32, 8]), Same),
        ("empty", view(0x1000, F64, &[0], &[8]), view(0x1000, F64, &[4], &[8]), Disjoint),
        ("interleaved", view(0x1000, F64, &[9], &[16]), view(0x1008, F64, &[9], &[16]), Disjoint),
        ("even and reversed odd", view(0x1000, F64, &[9], &[16]), view(0x1048, F64, &[5], &[-16]), Disjoint),
        ("real and imaginary", view(0x1000, F64, &[9], &[16]), view(0x1000, C128, &[9], &[16]), Other),
        ("strides 2 and 4", view(0x1000, U8, &[9], &[2]), view(0x1001, U8, &[9], &[4]), Disjoint),
        ("strides 2 and 3", view(0x1000, U8, &[9], &[2]), view(0x1001, U8, &[9], &[3]), Other),
        ("channels", view(0x1000, U8, &[9, 9], &[27, 3]), view(0x1002, U8, &[9, 9], &[27, 3]), Disjoint),
        ("columns", view(0x1000, F64, &[9, 4], &[64, 8]), view(0x1020, F64, &[9, 4], &[64, 8]), Disjoint),
        ("columns meet", view(0x1000, F64, &[9, 5], &[64, 8]), view(0x1020, F64, &[9, 4], &[64, 8]), Other),
        ("transposed", view(0x1000, F64, &[3, 3], &[24, 8]), view(0x1000, F64, &[3, 3], &[8, 24]), Other),
    ];
    for (name, a, b, expected) in cases {
        assert_eq!((a.overlap(&b), b.overlap(&a)), (expected, expected), "{name}");
    }
}

#[test]
fn self_overlap() {
    let cases: [(&[usize], &[isize], bool); 9] = [
        (&[4], &[8], false),
        (&[4], &[0], true),
        (&[1], &[0], false),
        (&[0, 4], &[0, 0], false),
        (&[4], &[-8], false),
        (&[4], &[4], true),
        (&[4, 3], &[8, 8], true),
        (&[3, 4], &[8, -24], false),
        (&[3, 4], &[16, 8], true),
    ];
    for (shape, strides, expected) in cases {
        assert_eq!(
            view(0x1000, Dtype::F64, shape, strides).overlaps_itself(),
            expected,
            "{shape:?} {strides:?}"
        );
    }
}

fn any_view() -> impl Strategy<Value = RawArray> {
    let dtype = prop_oneof![Just(Dtype::U8), Just(Dtype::I16), Just(Dtype::F32), Just(Dtype::F64)];
    let axes = prop::collection::vec((0usize..5, -24isize..25), 0..4);
    (0usize..64, dtype, axes).prop_map(|(base, dtype, axes)| {
        let (shape, strides): (Vec<usize>, Vec<isize>) = axes.into_iter().unzip();
        view(0x1000 + base, dtype, &shape, &strides)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn what_is_said_to_be_apart_is(a in any_view(), b in any_view()) {
        let (in_a, in_b): (HashSet<isize>, HashSet<isize>) = (bytes(&a).into_iter().collect(), bytes(&b).into_iter().collect());
        match a.overlap(&b) {
            Overlap::Disjoint => prop_assert!(in_a.is_disjoint(&in_b)),
            Overlap::Same => prop_assert_eq!(elements(&a), elements(&b)),
            Overlap::Other => prop_assert!(!in_a.is_empty() && !in_b.is_empty()),
        }
        let mut slots = [vec![0; 2 + 2 * a.rank()], vec![0; 2 + 2 * b.rank()]];
        a.write_slots(0, &mut slots[0]);
        b.write_slots(0, &mut slots[1]);
        let (size_a, size_b) = (a.dtype().size() as u64, b.dtype().size() as u64);
        let (rank_a, rank_b) = (a.rank() as u64, b.rank() as u64);
        // SAFETY: the slots are those of the arrays.
        let disjoint = unsafe {
            (crate::runtime::TABLE.disjoint)(slots[0].as_ptr(), rank_a, size_a, slots[1].as_ptr(), rank_b, size_b)
        };
        prop_assert_eq!(disjoint == 1, a.overlap(&b) == Overlap::Disjoint);
    }

    /// Of rank 1 with one stride the answer is exact.
    #[test]
    fn interleaved_views_are_told_apart(offset in 0usize..40, stride in 1isize..30, n in 1usize..9, m in 1usize..9) {
        let (a, b) = (view(0x1000, Dtype::F32, &[n], &[stride]), view(0x1000 + offset, Dtype::F32, &[m], &[stride]));
        let in_a: HashSet<isize> = bytes(&a).into_iter().collect();
        let shares = bytes(&b).iter().any(|byte| in_a.contains(byte));
        prop_assert_eq!(a.overlap(&b) == Overlap::Disjoint, !shares);
    }

    #[test]
    fn what_is_said_not_to_overlap_itself_does_not(a in any_view()) {
        let all = bytes(&a);
        let distinct: HashSet<isize> = all.iter().copied().collect();
        if !a.overlaps_itself() {
            prop_assert_eq!(all.len(), distinct.len());
        }
        let range = a.byte_range();
        prop_assert_eq!(all.iter().min().map(|&low| low as usize), (!range.is_empty()).then_some(range.start));
        prop_assert_eq!(all.iter().max().map(|&high| high as usize + 1), (!range.is_empty()).then_some(range.end));
    }
}
