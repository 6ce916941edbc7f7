//! The `.npy` format: headers, both ways. Source: NumPy enhancement proposal 1 and `numpy.lib.format`.
//!
//! ```text
//! \x93NUMPY major minor │ header length (u16 in version 1, u32 in 2 and 3) │ header, a Python dict literal │ elements
//! {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }
//! ```

use super::print::shape_text;
use super::view::View;
use durum::base::Dtype;
use durum::base::types::MAX_RANK;

const MAGIC: &[u8] = b"\x93NUMPY";

/// What a file says of its elements.
#[derive(Debug, PartialEq)]
pub struct Header {
    pub dtype: Dtype,
    /// The elements have the other byte order.
    pub swapped: bool,
    pub fortran: bool,
    pub shape: Vec<usize>,
    /// Where the elements begin.
    pub offset: usize,
    /// How many bytes they take.
    pub size: usize,
}

impl Header {
    /// The header at the start of `bytes`, which may hold more.
    pub fn read(bytes: &[u8]) -> Result<Header, String> {
        let (text, offset) = header_text(bytes)?;
        let malformed = |what: &str| format!("the header of the .npy file is malformed: {what}");
        let dict = Reader { rest: text }.whole().ok_or_else(|| malformed("it is no dict literal"))?;
        let Literal::Dict(entries) = dict else { return Err(malformed("it is no dict literal")) };
        let entry = |key: &str| {
            let found = entries.iter().find(|(name, _)| matches!(name, Literal::Text(name) if name == key));
            found.map(|(_, value)| value).ok_or_else(|| malformed(&format!("it has no '{key}'")))
        };
        let Literal::Bool(fortran) = *entry("fortran_order")? else {
            return Err(malformed("'fortran_order' is no bool"));
        };
        let Literal::Tuple(extents) = entry("shape")? else { return Err(malformed("'shape' is no tuple")) };
        let shape = shape(extents).ok_or_else(|| malformed("'shape' has something that is no extent"))?;
        let (dtype, swapped) = match entry("descr")? {
            Literal::Text(descr) => dtype(descr)?,
            Literal::Tuple(_) => return Err(unsupported("structured arrays")),
            _ => return Err(malformed("'descr' is no dtype")),
        };
        if shape.len() > MAX_RANK {
            return Err(format!("the array has rank {}; the highest rank is {MAX_RANK}", shape.len()));
        }
        let size =
            size(dtype, &shape).ok_or_else(|| format!("the shape {} is too large", shape_text(&shape)))?;
        Ok(Header { dtype, swapped, fortran: fortran && shape.len() > 1, shape, offset, size })
    }
}

/// The header for the elements of a view, in version 1; its length is a multiple of 64.
pub fn header_of(view: &View) -> Vec<u8> {
    let fortran = if view.fortran { "True" } else { "False" };
    let shape = shape_text(view.shape);
    let mut text =
        format!("{{'descr': '{}', 'fortran_order': {fortran}, 'shape': {shape}, }}", descr(view.dtype));
    let unpadded = MAGIC.len() + 4 + text.len() + 1;
    text.push_str(&" ".repeat(unpadded.next_multiple_of(64) - unpadded));
    text.push('\n');
    let length = u16::try_from(text.len()).expect("eight extents fit");
    [MAGIC, &[1, 0], &length.to_le_bytes(), text.as_bytes()].concat()
}

fn descr(dtype: Dtype) -> String {
    let kind = match dtype {
        Dtype::Bool => 'b',
        Dtype::I8 | Dtype::I16 | Dtype::I32 | Dtype::I64 => 'i',
        Dtype::U8 | Dtype::U16 | Dtype::U32 | Dtype::U64 => 'u',
        Dtype::F32 | Dtype::F64 => 'f',
        Dtype::C64 | Dtype::C128 => 'c',
    };
    let order = if dtype.size() == 1 { '|' } else { NATIVE };
    format!("{order}{kind}{}", dtype.size())
}

const NATIVE: char = if cfg!(target_endian = "little") { '<' } else { '>' };

fn header_text(bytes: &[u8]) -> Result<(&[u8], usize), String> {
    if !bytes.starts_with(MAGIC) {
        return Err("this is no .npy file: it does not begin with \\x93NUMPY".to_string());
    }
    let cut = || "the header of the .npy file is cut off".to_string();
    let [major, minor] = *bytes.get(6..8).ok_or_else(cut)? else { return Err(cut()) };
    let (length, start) = match (major, minor) {
        (1, 0) => (bytes.get(8..10).map(|field| u16::from_le_bytes([field[0], field[1]]) as usize), 10),
        (2 | 3, 0) => {
            let field = bytes
                .get(8..12)
                .map(|field| u32::from_le_bytes([field[0], field[1], field[2], field[3]]) as usize);
            (field, 12)
        }
        _ => return Err(format!("version {major}.{minor} of the .npy format is not supported")),
    };
    let end = start + length.ok_or_else(cut)?;
    Ok((bytes.get(start..end).ok_or_else(cut)?, end))
}

fn shape(extents: &[Literal]) -> Option<Vec<usize>> {
    let extent = |literal: &Literal| match literal {
        Literal::Int(extent) => usize::try_from(*extent).ok(),
        _ => None,
    };
    extents.iter().map(extent).collect()
}

/// Bytes of all elements, if memory could hold as many.
fn size(dtype: Dtype, shape: &[usize]) -> Option<usize> {
    if shape.contains(&0) {
        return Some(0);
    }
    let size = shape.iter().try_fold(dtype.size(), |size, extent| size.checked_mul(*extent))?;
    isize::try_from(size).ok().map(|_| size)
}

/// A dtype such as `<f8`, and whether its byte order is the other one.
fn dtype(descr: &str) -> Result<(Dtype, bool), String> {
    let name = descr.trim_start_matches(['<', '>', '|', '=']);
    let swapped = matches!(descr.chars().next(), Some(order @ ('<' | '>')) if order != NATIVE);
    let dtype = match name {
        "b1" | "?" => Dtype::Bool,
        "i1" => Dtype::I8,
        "i2" => Dtype::I16,
        "i4" => Dtype::I32,
        "i8" => Dtype::I64,
        "u1" => Dtype::U8,
        "u2" => Dtype::U16,
        "u4" => Dtype::U32,
        "u8" => Dtype::U64,
        "f4" => Dtype::F32,
        "f8" => Dtype::F64,
        "c8" => Dtype::C64,
        "c16" => Dtype::C128,
        _ => return Err(foreign(descr, name)),
    };
    Ok((dtype, swapped && dtype.size() > 1))
}

fn foreign(descr: &str, name: &str) -> String {
    match (name, name.chars().next()) {
        ("f2", _) => unsupported("float16 arrays"),
        (_, Some('f' | 'c')) => unsupported("long double arrays"),
        (_, Some('O')) => unsupported("object arrays"),
        (_, Some('S' | 'U' | 'a')) => unsupported("string arrays"),
        (_, Some('M' | 'm')) => unsupported("datetime arrays"),
        (_, Some('V')) => unsupported("structured arrays"),
        _ => format!("the dtype '{}' is unknown", descr.escape_debug()),
    }
}

fn unsupported(what: &str) -> String {
    format!(
        "{what} are not supported; kernels take bool, int8–int64, uint8–uint64, float32, float64, complex64 and complex128"
    )
}

/// A Python literal, as far as headers have them. Lists count as tuples.
#[derive(Debug)]
enum Literal {
    Text(String),
    Int(u64),
    Bool(bool),
    Tuple(Vec<Literal>),
    Dict(Vec<(Literal, Literal)>),
}

/// Reads literals; every method leaves `rest` behind what it has read.
struct Reader<'a> {
    rest: &'a [u8],
}

/// Headers nest no deeper, and the reader recurses.
const DEPTH: usize = 16;

impl Reader<'_> {
    fn whole(mut self) -> Option<Literal> {
        let literal = self.literal(DEPTH)?;
        self.peek().is_none().then_some(literal)
    }

    fn literal(&mut self, depth: usize) -> Option<Literal> {
        let deeper = depth.checked_sub(1)?;
        match self.peek()? {
            b'{' => self
                .items(b'}', |reader| {
                    let key = reader.literal(deeper)?;
                    reader.take(b':').then_some(())?;
                    Some((key, reader.literal(deeper)?))
                })
                .map(Literal::Dict),
            b'(' => self.items(b')', |reader| reader.literal(deeper)).map(Literal::Tuple),
            b'[' => self.items(b']', |reader| reader.literal(deeper)).map(Literal::Tuple),
            quote @ (b'\'' | b'"') => self.text(quote),
            b'0'..=b'9' => self.int(),
            _ => self.word(),
        }
    }

    /// What stands between an opening bracket and `close`, separated by commas.
    fn items<T>(&mut self, close: u8, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        self.rest = &self.rest[1..];
        let mut items = vec![];
        while !self.take(close) {
            items.push(item(self)?);
            if !self.take(b',') && self.peek()? != close {
                return None;
            }
        }
        Some(items)
    }

    fn text(&mut self, quote: u8) -> Option<Literal> {
        let end = self.rest[1..].iter().position(|byte| *byte == quote)?;
        let text = String::from_utf8_lossy(&self.rest[1..1 + end]).into_owned();
        self.rest = &self.rest[end + 2..];
        Some(Literal::Text(text))
    }

    fn int(&mut self) -> Option<Literal> {
        let number = self.run(|byte| byte.is_ascii_digit()).parse().ok();
        // Python 2 wrote `10L`.
        self.take(b'L');
        number.map(Literal::Int)
    }

    fn word(&mut self) -> Option<Literal> {
        match self.run(|byte| byte.is_ascii_alphabetic()) {
            "True" => Some(Literal::Bool(true)),
            "False" => Some(Literal::Bool(false)),
            _ => None,
        }
    }

    fn run(&mut self, belongs: impl Fn(u8) -> bool) -> &str {
        let end = self.rest.iter().position(|byte| !belongs(*byte)).unwrap_or(self.rest.len());
        let (run, rest) = self.rest.split_at(end);
        self.rest = rest;
        std::str::from_utf8(run).unwrap_or("")
    }

    fn peek(&mut self) -> Option<u8> {
        self.rest = self.rest.trim_ascii_start();
        self.rest.first().copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(version: u8, text: &str) -> Vec<u8> {
        let length = text.len() as u32;
        let field = length.to_le_bytes();
        [MAGIC, &[version, 0], &field[..if version == 1 { 2 } else { 4 }], text.as_bytes()].concat()
    }

    #[test]
    fn what_is_written_reads_back() {
        for dtype in Dtype::ALL {
            for shape in [&[][..], &[3], &[0, 4], &[2, 3, 4]] {
                for fortran in [false, true] {
                    let header = header_of(&View { dtype, shape, fortran, bytes: &[] });
                    assert_eq!(header.len() % 64, 0);
                    let read = Header::read(&header).unwrap();
                    assert_eq!((read.dtype, &read.shape[..], read.swapped), (dtype, shape, false));
                    assert_eq!((read.fortran, read.offset), (fortran && shape.len() > 1, header.len()));
                }
            }
        }
    }

    #[test]
    fn all_versions_and_spellings_read() {
        let text = "{\"shape\": [2L, 3], 'descr':'>i4','fortran_order':True}\n";
        for version in [1, 2, 3] {
            let read = Header::read(&file(version, text)).unwrap();
            assert_eq!(
                (read.dtype, read.swapped, read.fortran, read.shape, read.size),
                (Dtype::I32, true, true, vec![2, 3], 24)
            );
        }
    }

    #[test]
    fn wrong_headers_are_refused() {
        let header = |descr: &str, shape: &str| {
            format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}}}")
        };
        let refused = [
            (header("'<f2'", "(3,)"), "float16"),
            (header("'<f16'", "(3,)"), "long double"),
            (header("'|O'", "(3,)"), "object"),
            (header("'<U3'", "(3,)"), "string"),
            (header("'<M8[ns]'", "(3,)"), "datetime"),
            (header("[('a', '<f8')]", "(3,)"), "structured"),
            (header("'<q9'", "(3,)"), "unknown"),
            (header("'<f8'", "(-3,)"), "malformed"),
            (header("'<f8'", "3"), "malformed"),
            (header("'<f8'", "(4294967296, 4294967296)"), "too large"),
            (header("'<f8'", "(1, 1, 1, 1, 1, 1, 1, 1, 1)"), "rank 9"),
            (header("'<f8'", &"(".repeat(9000)), "malformed"),
            ("{'descr': '<f8'".to_string(), "malformed"),
            ("{'descr': '<f8', 'shape': ()}".to_string(), "fortran_order"),
            ("[]".to_string(), "malformed"),
        ];
        for (text, expected) in refused {
            let error = Header::read(&file(1, &text)).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
        assert!(Header::read(b"").unwrap_err().contains("no .npy file"));
        assert!(Header::read(b"\x93NUMPY\x01").unwrap_err().contains("cut off"));
        assert!(Header::read(b"\x93NUMPY\x01\x00\xff\xff{").unwrap_err().contains("cut off"));
        assert!(Header::read(b"\x93NUMPY\x04\x00\x00\x00").unwrap_err().contains("version 4.0"));
    }
}
