//! Arrays from files. `.npy` is memory-mapped copy-on-write, so that a kernel may write it and the file stays as it is;
//! what needs conversion is converted in the mapping.

use super::csv;
use super::failure::reason;
use super::npy::Header;
use super::view::View;
use durum::base::Dtype;
use durum::base::types::MAX_RANK;
use durum::runtime::RawArray;
use durum::{ArrayArg, OwnedArray};
use memmap2::{MmapMut, MmapOptions};
use std::fs::{File, OpenOptions};
use std::io::{Cursor, Read};
use std::ops::{Deref, DerefMut, Range};
use std::path::Path;

/// An array that a file holds.
pub struct FileArray {
    memory: Memory,
    /// Where the elements are.
    elements: Range<usize>,
    dtype: Dtype,
    shape: Vec<usize>,
    fortran: bool,
}

enum Memory {
    Map(MmapMut),
    Bytes(Vec<u8>),
}

/// How a `.npy` file is opened.
#[derive(Clone, Copy, PartialEq)]
pub enum Access {
    /// Writes stay in memory.
    Private,
    /// Writes go to the file.
    InPlace,
}

/// What can be given for a parameter from a file.
pub enum Loaded {
    File(FileArray),
    Owned(OwnedArray),
}

/// Reads `path`; `key` names an array of a `.npz`.
pub fn load(path: &Path, key: Option<&str>, access: Access) -> Result<Loaded, String> {
    if path.is_dir() {
        return Err("is a directory".to_string());
    }
    if let Some(key) = key {
        return npz(path, key).map(Loaded::File);
    }
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("npy") => npy(path, access).map(Loaded::File),
        Some("csv") => {
            let bytes = std::fs::read(path).map_err(|error| reason(&error))?;
            let text = String::from_utf8(bytes).map_err(|_| "the file is not UTF-8".to_string())?;
            csv::read(&text).map(Loaded::Owned)
        }
        Some("npz") => Err(npz_needs_key(path)?),
        _ => Err("data files end in .npy, .npz:KEY or .csv".to_string()),
    }
}

fn npy(path: &Path, access: Access) -> Result<FileArray, String> {
    let in_place = access == Access::InPlace;
    let file = OpenOptions::new().read(true).write(in_place).open(path).map_err(|error| reason(&error))?;
    let metadata = file.metadata().map_err(|error| reason(&error))?;
    if !metadata.is_file() && in_place {
        return Err("is no regular file, so it cannot be changed in place".to_string());
    }
    if !metadata.is_file() {
        let mut bytes = vec![];
        (&file).read_to_end(&mut bytes).map_err(|error| reason(&error))?;
        return FileArray::new(Memory::Bytes(bytes), access);
    }
    if metadata.len() == 0 {
        return Err("the file is empty".to_string());
    }
    FileArray::new(Memory::Map(map(&file, access).map_err(|error| reason(&error))?), access)
}

fn map(file: &File, access: Access) -> std::io::Result<MmapMut> {
    let mut options = MmapOptions::new();
    match access {
        // SAFETY: the mapping is ours alone. If another process changes the file meanwhile, elements not yet written here may change,
        // and kernels take any elements; if it cuts the file off, the process ends by a signal. Every reader that maps files has this.
        Access::Private => unsafe { options.no_reserve_swap().map_copy(file) },
        // SAFETY: as above; that the file changes is what the user has asked for.
        Access::InPlace => unsafe { options.map_mut(file) },
    }
}

fn npz(path: &Path, key: &str) -> Result<FileArray, String> {
    let mut archive = archive(path)?;
    let names = [format!("{key}.npy"), key.to_string()];
    let Some(name) = names.into_iter().find(|name| archive.file_names().any(|known| known == name)) else {
        return Err(format!("there is no array `{key}`; the archive has {}", keys(&archive)));
    };
    let mut member = archive.by_name(&name).map_err(|error| error.to_string())?;
    let mut bytes = vec![];
    // The size that the archive claims is only a claim, so nothing is reserved.
    member.read_to_end(&mut bytes).map_err(|error| reason(&error))?;
    FileArray::new(Memory::Bytes(bytes), Access::Private)
}

type Archive = zip::ZipArchive<Cursor<MmapMut>>;

fn archive(path: &Path) -> Result<Archive, String> {
    let file = File::open(path).map_err(|error| reason(&error))?;
    let map = map(&file, Access::Private).map_err(|_| "this is no .npz archive".to_string())?;
    zip::ZipArchive::new(Cursor::new(map)).map_err(|_| "this is no .npz archive".to_string())
}

fn npz_needs_key(path: &Path) -> Result<String, String> {
    Ok(format!(
        "say which array of the archive, as in {}:KEY; it has {}",
        path.display(),
        keys(&archive(path)?)
    ))
}

fn keys(archive: &Archive) -> String {
    let mut keys: Vec<&str> = archive.file_names().map(|name| name.trim_end_matches(".npy")).collect();
    keys.sort_unstable();
    if keys.is_empty() { "none".to_string() } else { keys.join(", ") }
}

impl FileArray {
    fn new(mut memory: Memory, access: Access) -> Result<FileArray, String> {
        let Header { dtype, swapped, fortran, shape, offset, size } = Header::read(&memory)?;
        let available = memory.len() - offset;
        if available < size {
            return Err(format!(
                "the file is cut off: its array takes {size} bytes, and there are {available}"
            ));
        }
        let elements = offset..offset + size;
        if access == Access::InPlace && swapped {
            return Err("the file has the other byte order, so it cannot be changed in place".to_string());
        }
        normalise(&mut memory[elements.clone()], dtype, swapped);
        Ok(FileArray { memory, elements, dtype, shape, fortran })
    }

    pub fn view(&self) -> View<'_> {
        View {
            dtype: self.dtype,
            shape: &self.shape,
            fortran: self.fortran,
            bytes: &self.memory[self.elements.clone()],
        }
    }

    pub fn elements_mut(&mut self) -> &mut [u8] {
        &mut self.memory[self.elements.clone()]
    }

    pub fn arg(&mut self) -> ArrayArg<'_> {
        let mut strides = [0; MAX_RANK];
        let strides = &mut strides[..self.shape.len()];
        let mut stride = self.dtype.size() as isize;
        let mut put = |(slot, extent): (&mut isize, &usize)| {
            *slot = stride;
            stride = stride.wrapping_mul(*extent as isize);
        };
        let axes = strides.iter_mut().zip(&self.shape);
        if self.fortran {
            axes.for_each(&mut put)
        } else {
            axes.rev().for_each(&mut put)
        }
        let base = self.elements_mut().as_mut_ptr();
        let raw = RawArray::new(base, self.dtype, &self.shape, strides, true)
            .expect("the header has at most eight extents");
        // SAFETY: the elements are in `memory`, which is writable and borrowed exclusively for the lifetime of the argument.
        unsafe { ArrayArg::from_raw(raw) }
    }

    /// Waits until the file has what was written in place.
    pub fn flush(&self) -> Result<(), String> {
        match &self.memory {
            Memory::Map(map) => map.flush().map_err(|error| reason(&error)),
            Memory::Bytes(_) => Ok(()),
        }
    }
}

/// Native byte order, and bools of 0 and 1. Writes only what changes, so that untouched pages stay shared with the file.
fn normalise(bytes: &mut [u8], dtype: Dtype, swapped: bool) {
    if swapped {
        let part = if dtype.is_complex() { dtype.size() / 2 } else { dtype.size() };
        bytes.chunks_exact_mut(part).for_each(<[u8]>::reverse);
    }
    if dtype == Dtype::Bool {
        bytes.iter_mut().filter(|byte| **byte > 1).for_each(|byte| *byte = 1);
    }
}

impl Deref for Memory {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Memory::Map(map) => map,
            Memory::Bytes(bytes) => bytes,
        }
    }
}

impl DerefMut for Memory {
    fn deref_mut(&mut self) -> &mut [u8] {
        match self {
            Memory::Map(map) => map,
            Memory::Bytes(bytes) => bytes,
        }
    }
}
