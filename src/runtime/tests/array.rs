//! Views and owned arrays.

use super::*;
use crate::base::{AxisSet, Dtype, Layout};
use crate::runtime::allocate::{allocate, retain};
use crate::runtime::{OwnedArray, RawArray};
use num_complex::Complex;

fn view(shape: &[usize], strides: &[isize]) -> RawArray {
    RawArray::new(std::ptr::null_mut(), Dtype::F64, shape, strides, true).expect("a good rank")
}

#[test]
fn layouts_as_numpy_sees_them() {
    let cases: [(&[usize], &[isize], Layout); 13] = [
        (&[], &[], Layout::C),
        (&[5], &[8], Layout::C),
        (&[5], &[16], Layout::Strided),
        (&[5], &[-8], Layout::Strided),
        (&[1], &[999], Layout::C),
        (&[0], &[999], Layout::C),
        (&[3, 4], &[32, 8], Layout::C),
        (&[3, 4], &[40, 8], Layout::Inner),
        (&[3, 4], &[8, 24], Layout::Strided),
        (&[1, 4], &[7, 8], Layout::C),
        (&[3, 1, 4], &[32, 5, 8], Layout::C),
        (&[3, 0, 4], &[1, 2, 3], Layout::C),
        (&[3, 4, 1], &[64, 16, 8], Layout::Inner),
    ];
    for (shape, strides, layout) in cases {
        assert_eq!(view(shape, strides).layout(), layout, "{shape:?} {strides:?}");
    }
    assert_eq!(view(&[1, 3, 1], &[0, 8, 0]).unit_axes(), AxisSet(0b101));
    assert_eq!(view(&[1, 3], &[0, 8]).ty().to_string(), "f64[1, ::1]");
}

#[test]
fn ranks_are_limited() {
    assert!(RawArray::contiguous(std::ptr::null_mut(), Dtype::U8, &[1; 8], false).is_some());
    assert!(RawArray::contiguous(std::ptr::null_mut(), Dtype::U8, &[1; 9], false).is_none());
    assert!(RawArray::new(std::ptr::null_mut(), Dtype::U8, &[1; 2], &[1], false).is_none());
}

#[test]
fn slots_round_trip() {
    let mut data = [0f32; 12];
    let whole = RawArray::of_slice_mut(&mut data);
    let array = RawArray::new(whole.base(), Dtype::F32, &[3, 2], &[16, -4], true).expect("a good rank");
    let mut slots = [0; 6];
    array.write_slots(9, &mut slots);
    assert_eq!(slots[1..], [9, 3, 2, 16, (-4i64) as u64]);
    let back = RawArray::from_slots(&slots, Dtype::F32);
    assert_eq!((back.base(), back.shape(), back.strides()), (array.base(), array.shape(), array.strides()));
}

#[test]
fn owned_arrays_give_their_elements_typed() {
    let array = OwnedArray::from_slice(&[1i16, 2, 3, 4, 5, 6], &[2, 3]).expect("six elements");
    assert_eq!(array.as_slice::<i16>(), Some(&[1i16, 2, 3, 4, 5, 6][..]));
    assert_eq!(array.as_slice::<u16>(), None);
    assert_eq!((array.shape(), array.len(), array.rank()), (&[2, 3][..], 6, 2));
    assert_eq!(array.scalar(4).map(|scalar| scalar.as_i64()), Some(5));
    assert_eq!(array.scalar(6), None);
    assert_eq!(array.clone().to_vec::<i16>(), array.to_vec::<i16>());
    assert!(OwnedArray::from_slice(&[1.0], &[2]).is_none());
    let complex = OwnedArray::from_vec(vec![Complex::new(1.0f32, -2.0); 3]);
    assert_eq!((complex.dtype(), complex.bytes().len()), (Dtype::C64, 24));
    assert_eq!(complex.scalar(0), None);
    let empty = OwnedArray::zeros(Dtype::F64, &[usize::MAX, 0, 2]);
    assert_eq!((empty.len(), empty.as_slice::<f64>()), (0, Some(&[][..])));
    assert_eq!(OwnedArray::zeros(Dtype::Bool, &[]).to_vec::<bool>(), Some(vec![false]));
}

#[test]
fn views_are_copied_in_c_order() {
    let mut data: Vec<u16> = (0..24).collect();
    let base = RawArray::of_slice_mut(&mut data).base();
    // `data.reshape(4, 6)[::-1, 1:6:2].T`
    let first = base.wrapping_add((3 * 6 + 1) * 2);
    let view = RawArray::new(first, Dtype::U16, &[3, 4], &[4, -12], false).expect("a good rank");
    // SAFETY: the view lies within `data`.
    let copy = unsafe { view.to_owned() };
    assert_eq!(copy.to_vec::<u16>(), Some(vec![19, 13, 7, 1, 21, 15, 9, 3, 23, 17, 11, 5]));
    let scalar = RawArray::contiguous(base, Dtype::U16, &[], false).expect("a good rank");
    // SAFETY: as above.
    assert_eq!(unsafe { scalar.to_owned() }.to_vec::<u16>(), Some(vec![0]));
    let bools = RawArray::contiguous(base, Dtype::Bool, &[6], false).expect("a good rank");
    // SAFETY: as above. The bytes are those of 0, 1, 2 as u16.
    let bools = unsafe { bools.to_owned() };
    assert_eq!(bools.to_vec::<bool>(), Some(vec![false, false, true, false, true, false]));
}

#[test]
fn returned_arrays_are_taken() {
    let foreign = [5.0f64, 6.0];
    let mut taken = Vec::new();
    let (pool, limits, schedule) = (Pool::serial(), Limits::default(), Schedule::default());
    let outcome = Call::new(&pool, &limits, &schedule).enter(|context| {
        // SAFETY: the context is that of the running task; counts are given away with the slots.
        unsafe {
            let owner = allocate(context, 32);
            std::slice::from_raw_parts_mut(owner as *mut f64, 4).copy_from_slice(&[1.0, 2.0, 3.0, 4.0]);
            retain(context, owner);
            retain(context, owner);
            let results = [
                // The array itself and every second element of it.
                vec![owner, owner, 2, 2, 16, 8],
                vec![owner + 8, owner, 2, 16],
                borrowed_slots(&foreign),
                vec![owner, owner, 4, 8],
            ];
            for slots in &results {
                taken.push(OwnedArray::take(context, slots, Dtype::F64));
            }
            assert_eq!(taken[3].bytes().as_ptr().addr(), owner as usize);
            assert!(context.arrays.is_null());
        }
        status::OK
    });
    assert_ok(outcome);
    let values: Vec<_> =
        taken.iter().map(|array| (array.shape(), array.to_vec::<f64>().expect("f64"))).collect();
    assert_eq!(values[0], (&[2, 2][..], vec![1.0, 2.0, 3.0, 4.0]));
    assert_eq!(values[1], (&[2][..], vec![2.0, 4.0]));
    assert_eq!(values[2], (&[2][..], vec![5.0, 6.0]));
    assert_eq!(values[3], (&[4][..], vec![1.0, 2.0, 3.0, 4.0]));
}

/// A borrowed array: without owner.
fn borrowed_slots(slice: &[f64]) -> Vec<u64> {
    let mut slots = vec![0; 4];
    RawArray::of_slice(slice).write_slots(0, &mut slots);
    slots
}
