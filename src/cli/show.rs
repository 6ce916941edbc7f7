//! Results as JSON.

use super::json::Json;
use super::print::scalar;
use super::render::{Source, place_json};
use super::view::{Element, View};
use durum::{Remark, Value};

/// Arrays of more elements show dtype and shape only.
const MOST: usize = 1000;

pub fn value(value: &Value) -> Json {
    match value {
        Value::None => Json::Null,
        Value::Dtype(dtype) => Json::text(dtype.name()),
        Value::Array(array) => self::array(&View::of(array)),
        Value::Tuple(items) => Json::List(items.iter().map(self::value).collect()),
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Scalar(_) => {
            value.as_scalar().map_or(Json::Null, |scalar| element(Element::of_scalar(scalar)))
        }
    }
}

/// `{"dtype": "f64", "shape": [2, 2], "data": [[1.0, 2.0], [3.0, 4.0]]}`.
pub fn array(view: &View) -> Json {
    let data = if view.len() <= MOST { axis(view, &mut vec![]) } else { Json::Null };
    Json::object([
        ("dtype", Json::text(view.dtype.name())),
        ("shape", Json::List(view.shape.iter().map(Json::number).collect())),
        ("data", data),
    ])
}

fn axis(view: &View, index: &mut Vec<usize>) -> Json {
    let Some(&extent) = view.shape.get(index.len()) else { return element(view.at(index)) };
    let item = |position| {
        index.push(position);
        let item = axis(view, index);
        index.pop();
        item
    };
    Json::List((0..extent).map(item).collect())
}

/// What JSON has no number for is text: `"nan"`, `"-inf"`, `"(1+2j)"`.
fn element(element: Element) -> Json {
    let text = scalar::text(element);
    match element {
        Element::Bool(value) => Json::Bool(value),
        Element::Int(_) => Json::Number(text),
        Element::Real(value) if value.is_finite() => Json::Number(text),
        Element::Real(_) | Element::Complex(..) => Json::Text(text),
    }
}

pub fn remarks(remarks: &[Remark], source: &Source) -> Json {
    let one = |remark: &Remark| {
        let mut fields = vec![
            ("pass".to_string(), Json::text(remark.pass)),
            ("message".to_string(), Json::text(remark.message())),
        ];
        fields.extend(place_json(remark.span, Some(source)));
        Json::Object(fields)
    };
    Json::List(remarks.iter().map(one).collect())
}
