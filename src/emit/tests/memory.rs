//! Elements of every dtype at every alignment, strides, allocation, disjointness.

use super::operators::{awkward, real_dtypes};
use super::*;
use crate::base::Binary;
use host::Early;

/// `y[i] = x[i]` over strided arrays.
fn copy(dtype: Dtype) -> Module {
    kernel(|function, block| {
        let (x, y) = (array_param(function, dtype, 1), array_param(function, dtype, 1));
        let zero = int(function, block, 0);
        let extent = function.arrays[x].extents[0];
        for_loop(function, block, (zero, extent), Mode::Serial, vec![], |function, block, i| {
            let value = load(function, block, x, &[i]);
            store(block, y, &[i], value);
        });
    })
}

#[test]
fn elements_may_be_unaligned_and_reversed() {
    for dtype in real_dtypes() {
        let values = awkward(dtype);
        let (n, size) = (values.len(), dtype.size());
        let mut source = vec![0u8; 3 * size * n + 1];
        for (k, value) in values.iter().enumerate() {
            source[1 + 3 * size * k..][..size].copy_from_slice(&value.to_bytes()[..size]);
        }
        let mut sink = vec![0u8; size * n + 3];
        let last = sink.as_mut_ptr() as usize + 3 + size * (n - 1);
        let mut args = array_slots(source.as_ptr() as usize + 1, &[n], &[3 * size as i64]);
        args.extend(array_slots(last, &[n], &[-(size as i64)]));
        run(&copy(dtype), &args, 0);
        for (k, &value) in values.iter().enumerate() {
            let found = Scalar::read(dtype, &sink[3 + size * (n - 1 - k)..][..size]);
            assert_eq!(found, value);
        }
    }
}

#[test]
fn any_byte_but_zero_is_true() {
    let source = [0u8, 1, 2, 255];
    let mut sink = [9u8; 4];
    let mut args = array_slots(source.as_ptr() as usize, &[4], &[1]);
    args.extend(array_slots(sink.as_mut_ptr() as usize, &[4], &[1]));
    run(&copy(Dtype::Bool), &args, 0);
    assert_eq!(sink, [0, 1, 1, 1]);
}

#[test]
fn constants_in_indices_fold_right() {
    // y[i] = x[i - 1, 2] - x[2 - 1, (i + 3) - 1], strides free or known.
    for known in [false, true] {
        let module = kernel(|function, block| {
            let (mut x, y) = (array_param(function, Dtype::I32, 2), array_param(function, Dtype::I32, 1));
            if known {
                x = packed(function, block, x);
            }
            let (one, two, three, nine) = (
                int(function, block, 1),
                int(function, block, 2),
                int(function, block, 3),
                int(function, block, 9),
            );
            for_loop(function, block, (one, nine), Mode::Serial, vec![], |function, block, i| {
                let before = function.define(block, Dtype::I64, Op::Binary(Binary::Sub, i, one));
                let after = function.define(block, Dtype::I64, Op::Binary(Binary::Add, three, i));
                let after = function.define(block, Dtype::I64, Op::Binary(Binary::Sub, after, one));
                let row = function.define(block, Dtype::I64, Op::Binary(Binary::Sub, two, one));
                let a = load(function, block, x, &[before, two]);
                let b = load(function, block, x, &[row, after]);
                let difference = function.define(block, Dtype::I32, Op::Binary(Binary::Sub, a, b));
                store(block, y, &[i], difference);
            });
        });
        let x: Vec<i32> = (0..10 * 12).map(|k| k * k % 97).collect();
        let mut y = [0i32; 10];
        let mut args = array_slots(x.as_ptr() as usize, &[10, 12], &[48, 4]);
        args.extend(array_slots(y.as_mut_ptr() as usize, &[10], &[4]));
        run(&module, &args, 0);
        for i in 1..9 {
            assert_eq!(y[i], x[(i - 1) * 12 + 2] - x[12 + i + 2]);
        }
    }
}

#[test]
fn displacements_beyond_an_instruction_s_reach() {
    let module = kernel(|function, block| {
        let x = array_param(function, Dtype::F64, 1);
        let x = packed(function, block, x);
        let far = int(function, block, 1 << 40);
        let value = load(function, block, x, &[far]);
        return_scalar(function, block, value);
    });
    let x = 2.5f64;
    let base = (&raw const x as usize).wrapping_sub(8 << 40);
    assert_eq!(run(&module, &array_slots(base, &[1], &[8]), 1), [2.5f64.to_bits()]);
}

/// Allocates `f64[n, m]`, fills an element, retains, releases and returns it.
fn allocation() -> Module {
    let mut module = kernel(|function, block| {
        let (n, m) = (scalar_param(function, Dtype::I64), scalar_param(function, Dtype::I64));
        let array = array(function, Dtype::F64, 2);
        let eight = int(function, block, 8);
        let row = function.define(block, Dtype::I64, Op::Binary(Binary::Mul, m, eight));
        let data = &mut function.arrays[array];
        (data.extents, data.strides) = (vec![n, m], vec![row, eight]);
        data.owner = data.base;
        let owner = data.owner;
        block.push(Stmt::Alloc { array, site: Site::from_u32(0) });
        let zero = int(function, block, 0);
        block.push(Stmt::Retain(owner));
        block.push(Stmt::Retain(zero));
        block.push(Stmt::Release(owner));
        function.results.push(ResultType::Array { dtype: Dtype::F64, rank: 2 });
        block.push(Stmt::Return(vec![Operand::Array(array)]));
    });
    site(&mut module, FaultKind::OutOfMemory);
    module
}

#[test]
fn allocations() {
    let mut host = Host::default();
    let slots = host.run(&allocation(), &[3, 5], 6).unwrap();
    let address = host.allocated[0];
    assert_eq!(slots, [address, address, 3, 5, 40, 8]);
    assert_eq!((host.retained, host.released), (vec![address], vec![address]));
    assert!(Host::default().run(&allocation(), &[0, 5], 6).is_ok());
}

#[test]
fn refused_allocations_fault() {
    for (n, m, bytes) in [
        (1i64 << 20, 1i64 << 10, 1i64 << 33),
        (1 << 40, 1 << 40, -1),
        (i64::MAX, 1, -1),
        (1 << 60, 1, -1),
        (1 << 59, 1, 1 << 62),
    ] {
        let early = Host::default().run(&allocation(), &[n as u64, m as u64], 6);
        assert_eq!(early, Err(Early::Fault { site: 0, values: vec![bytes] }), "{n} x {m}");
    }
}

#[test]
fn disjoint_asks_the_runtime() {
    let module = kernel(|function, block| {
        let (x, y) = (array_param(function, Dtype::F64, 1), array_param(function, Dtype::F32, 1));
        let disjoint = function.define(block, Dtype::Bool, Op::Disjoint(x, y));
        return_scalar(function, block, disjoint);
    });
    for (address, expected) in [(1000, 0), (1076, 0), (1080, 1), (900, 0), (861, 0), (860, 1)] {
        let mut args = array_slots(1000, &[10], &[8]);
        args.extend(array_slots(address, &[35], &[4]));
        assert_eq!(run(&module, &args, 1), [expected], "{address}");
    }
}
