//! `--out NAME=PATH`: results as `.npy` or `.npz` files. Each is written beside its target and renamed at the very end, so that an
//! error leaves either the old file or none.

use super::failure::{Failure, reason};
use super::npy::header_of;
use super::view::{View, flatten};
use durum::base::Dtype;
use durum::{Type, Value};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use zip::CompressionMethod;
use zip::write::FileOptions;

/// What an output takes its elements from.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Origin {
    Returned,
    Param(usize),
}

/// An output that is asked for; its file is open, so that an unwritable place is noticed before the kernel runs.
pub struct Output {
    pub origin: Origin,
    target: PathBuf,
    temporary: Temporary,
    file: File,
}

/// A file that goes away unless it is renamed.
struct Temporary {
    path: PathBuf,
    keep: bool,
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.keep {
            // There is nobody left to tell if this fails.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Checks the name of an output, and that what the kernel returns can be written there.
pub fn check_target(path: &Path, result: Option<&Type>) -> Result<(), Failure> {
    match (path.extension().and_then(|extension| extension.to_str()), result) {
        (Some("npy"), Some(Type::Tuple(_))) => Err(Failure::usage(
            "the kernel returns several values; `--out return=` needs a name that ends in .npz",
        )),
        (Some("npy" | "npz"), Some(Type::None)) => {
            Err(Failure::usage("the kernel returns None, so there is nothing for `--out return=`"))
        }
        (Some("npy" | "npz"), _) => Ok(()),
        _ => Err(Failure::usage(format!("`{}` is no name for an output", path.display()))
            .hint("outputs end in .npy or .npz")),
    }
}

impl Output {
    pub fn create(origin: Origin, target: PathBuf) -> Result<Output, Failure> {
        let fail = |message: String| Failure::data(target.display(), message);
        if target.is_dir() {
            return Err(fail("is a directory".to_string()));
        }
        let mut name = target.file_name().unwrap_or_default().to_os_string();
        name.push(format!(".{}.tmp", std::process::id()));
        let path = target.with_file_name(name);
        let file = File::create_new(&path)
            .map_err(|error| fail(format!("cannot be written: {}", reason(&error))))?;
        Ok(Output { origin, temporary: Temporary { path, keep: false }, target, file })
    }

    /// Writes one array, or several as `arr_0`, `arr_1`, …
    pub fn write(&mut self, views: &[View]) -> Result<(), Failure> {
        let archive = self.target.extension().is_some_and(|extension| extension == "npz");
        let written = match views {
            [view] if !archive => write_npy(&mut self.file, view),
            _ => write_npz(&mut self.file, views),
        };
        written.and_then(|()| self.file.flush()).map_err(|error| self.failure(&error))
    }

    /// Makes the file appear under its name.
    pub fn finish(mut self) -> Result<(), Failure> {
        std::fs::rename(&self.temporary.path, &self.target).map_err(|error| self.failure(&error))?;
        self.temporary.keep = true;
        Ok(())
    }

    fn failure(&self, error: &io::Error) -> Failure {
        Failure::data(self.target.display(), format!("cannot be written: {}", reason(error)))
    }
}

fn write_npy(file: &mut impl Write, view: &View) -> io::Result<()> {
    file.write_all(&header_of(view))?;
    file.write_all(view.bytes)
}

fn write_npz(file: &mut File, views: &[View]) -> io::Result<()> {
    /// Members that may reach this size need longer fields.
    const LARGE: usize = 4_000_000_000;
    let mut archive = zip::ZipWriter::new(file);
    for (position, view) in views.iter().enumerate() {
        let options = FileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .large_file(view.bytes.len() >= LARGE);
        archive.start_file(format!("arr_{position}.npy"), options)?;
        write_npy(&mut archive, view)?;
    }
    archive.finish()?;
    Ok(())
}

/// The elements of a result, tuples flattened from left to right: dtype, shape and bytes. Scalars have rank 0.
pub fn pieces(value: &Value) -> Vec<Piece<'_>> {
    flatten(value).into_iter().filter_map(piece).collect()
}

/// An array of a result, or a scalar that is written like one.
pub enum Piece<'a> {
    Array(View<'a>),
    Scalar(Dtype, [u8; 8]),
}

fn piece(value: &Value) -> Option<Piece<'_>> {
    match value {
        Value::Array(array) => Some(Piece::Array(View::of(array))),
        _ => value.as_scalar().map(|scalar| Piece::Scalar(scalar.dtype, scalar.to_bytes())),
    }
}

impl Piece<'_> {
    pub fn view(&self) -> View<'_> {
        match self {
            Piece::Array(view) => *view,
            Piece::Scalar(dtype, bytes) => {
                View { dtype: *dtype, shape: &[], fortran: false, bytes: &bytes[..dtype.size()] }
            }
        }
    }
}
