//! Replays what NumPy printed.

use super::*;

const CASES: &str = include_str!("../../../tests/cli/print_cases.txt");

#[test]
fn arrays_print_as_numpy_prints_them() {
    let mut lines = CASES.lines().peekable();
    let mut count = 0;
    while let Some(header) = lines.next() {
        let mut expected = vec![];
        while let Some(text) = lines.peek().and_then(|line| line.strip_prefix('|')) {
            expected.push(text);
            lines.next();
        }
        replay(header, &expected.join("\n"));
        count += 1;
    }
    assert!(count > 300, "{count} cases");
}

fn replay(header: &str, expected: &str) {
    let [kind, dtype, shape, data] = header.split(' ').collect::<Vec<_>>()[..] else { panic!("{header}") };
    let dtype = Dtype::from_name(dtype).expect("a dtype");
    let shape: Vec<usize> =
        if shape == "-" { vec![] } else { shape.split(',').map(|n| n.parse().unwrap()).collect() };
    let bytes = data_bytes(dtype, shape.iter().product(), data);
    let view = View { dtype, shape: &shape, fortran: false, bytes: &bytes };
    let text = if kind == "str" { array_str(&view, 0) } else { array_repr(&view) };
    assert_eq!(text, expected, "{header}\n{text}\ninstead of\n{expected}");
}

fn data_bytes(dtype: Dtype, len: usize, data: &str) -> Vec<u8> {
    if data == "-" {
        return vec![];
    }
    let Some((start, step)) = data.split_once('+') else {
        return (0..data.len() / 2)
            .map(|k| u8::from_str_radix(&data[2 * k..2 * k + 2], 16).unwrap())
            .collect();
    };
    let (start, step): (f64, f64) = (start.parse().unwrap(), step.parse().unwrap());
    (0..len).flat_map(|k| element_bytes(dtype, start + k as f64 * step)).collect()
}

fn element_bytes(dtype: Dtype, value: f64) -> Vec<u8> {
    match dtype {
        Dtype::F32 => (value as f32).to_le_bytes().to_vec(),
        Dtype::F64 => value.to_le_bytes().to_vec(),
        Dtype::C128 => [value.to_le_bytes(), 0f64.to_le_bytes()].concat(),
        _ => (value as i64).to_le_bytes()[..dtype.size()].to_vec(),
    }
}

#[test]
fn tuples_print_as_python_prints_them() {
    let array = durum::OwnedArray::from_vec(vec![0.0, 1.0]);
    let inner = Value::Tuple(vec![Value::Bool(true)]);
    let scalars = [durum::Scalar::f64(1.5), durum::Scalar::bool(true), durum::Scalar::int(Dtype::U8, 3)]
        .map(Value::Scalar);
    let [real, truth, small] = scalars;
    let tuple = Value::Tuple(vec![
        real,
        truth,
        small,
        Value::Int(-3),
        Value::Float(2.0),
        Value::None,
        inner,
        Value::Array(array),
    ]);
    assert_eq!(
        text(&tuple),
        "(np.float64(1.5), np.True_, np.uint8(3), -3, 2.0, None, (True,), array([0., 1.]))"
    );
    assert_eq!(text(&Value::Float(1e16)), "1e+16");
    assert_eq!(text(&Value::Scalar(durum::Scalar::f32(0.1))), "0.1");
}
