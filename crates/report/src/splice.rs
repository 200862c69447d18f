//! Insertion of photos into a PDF that was written with [stubs](Stub) in their places.
//!
//! The file is written by krilla: objects one after the other, dictionaries without line breaks,
//! streams with their length in the dictionary, and one cross-reference table at the end. An image
//! object is copied with three of its numbers replaced; the offsets in the table are adjusted.

use crate::photos::{PhotoSource, Stub};
use std::io::{self, Write};

/// Reason why photos could not be inserted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SpliceError {
    #[error("{0}")]
    Structure(&'static str),
    #[error("the photo {0} changed while the report was made")]
    PhotoChanged(String),
    #[error(transparent)]
    Io(#[from] io::Error),
}

use SpliceError::Structure;

/// An image object whose stub is replaced.
struct StubLocation<'a> {
    stub: &'a Stub,
    /// Offset of its dictionary.
    dictionary: usize,
    /// Offset of its stub.
    stream: usize,
    /// The dictionary with the numbers of the photo.
    replaced: Vec<u8>,
}

impl StubLocation<'_> {
    /// Returns the number of bytes by which everything after this object moves.
    fn growth(&self) -> Result<i64, SpliceError> {
        let before = self.stream - self.dictionary + self.stub.jpeg.len();
        let after = self.replaced.len() + self.stub.bytes;
        let signed = |bytes: usize| i64::try_from(bytes).map_err(|_| Structure("it is too large"));
        Ok(signed(after)? - signed(before)?)
    }
}

/// Writes the file with the photos in it. Only one photo is in memory at a time.
///
/// # Errors
/// If a photo cannot be read, the output cannot be written, or the file is not built as expected.
pub(crate) fn splice(
    file: &[u8],
    stubs: &[Stub],
    photos: &dyn PhotoSource,
    out: &mut dyn Write,
) -> Result<(), SpliceError> {
    let places = places(file, stubs)?;
    let table = table(file)?;
    let mut written = 0;
    for place in &places {
        out.write_all(&file[written..place.dictionary])?;
        out.write_all(&place.replaced)?;
        let photo = photos.read(&place.stub.sha256)?;
        let photo = photo.filter(|photo| photo.len() == place.stub.bytes);
        let changed = || SpliceError::PhotoChanged(place.stub.sha256.clone());
        out.write_all(&photo.ok_or_else(changed)?)?;
        written = place.stream + place.stub.jpeg.len();
    }
    out.write_all(&file[written..table.begin])?;
    write_table(file, &table, &places, out)?;
    Ok(())
}

/// Returns all stubs in the file, in its order.
fn places<'a>(file: &[u8], stubs: &'a [Stub]) -> Result<Vec<StubLocation<'a>>, SpliceError> {
    const STREAM: &[u8] = b"\nstream\n";
    const OBJECT: &[u8] = b" 0 obj\n";
    let mut places = Vec::new();
    for stream in find_all(file, STREAM).map(|at| at + STREAM.len()) {
        let Some(number) = Stub::number(&file[stream..]) else { continue };
        let stub = stubs.get(number).filter(|stub| file[stream..].starts_with(&stub.jpeg));
        let stub = stub.ok_or(Structure("a stub is not one of this report"))?;
        let object = file[..stream].windows(OBJECT.len()).rposition(|it| it == OBJECT);
        let dictionary = object.ok_or(Structure("a picture belongs to no object"))? + OBJECT.len();
        let mut replaced = file[dictionary..stream].to_vec();
        for (key, value) in [
            ("/Length ", stub.bytes.to_string()),
            ("/Width ", stub.width.to_string()),
            ("/Height ", stub.height.to_string()),
        ] {
            replaced = with_number(&replaced, key.as_bytes(), value.as_bytes())?;
        }
        places.push(StubLocation { stub, dictionary, stream, replaced });
    }
    Ok(places)
}

/// Returns a dictionary with the number after a key replaced. The key must occur once.
fn with_number(dictionary: &[u8], key: &[u8], value: &[u8]) -> Result<Vec<u8>, SpliceError> {
    let mut found = find_all(dictionary, key);
    let (Some(at), None) = (found.next(), found.next()) else {
        return Err(Structure("a picture's dictionary is not as expected"));
    };
    let at = at + key.len();
    let digits = dictionary[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    Ok([&dictionary[..at], value, &dictionary[at + digits..]].concat())
}

fn find_all<'a>(bytes: &'a [u8], wanted: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let windows = bytes.windows(wanted.len()).enumerate();
    windows.filter(move |(_, it)| *it == wanted).map(|(at, _)| at)
}

/// The cross-reference table at the end of a file.
struct Table {
    /// Offset of its first byte.
    begin: usize,
    /// Offset of its first entry.
    entries: usize,
    /// Number of entries.
    count: usize,
}

/// Size of an entry in bytes: ten digits, a space, five digits, a space, `n` or `f`, and two bytes
/// of line end.
const ENTRY: usize = 20;

const START: &[u8] = b"startxref\n";

fn table(file: &[u8]) -> Result<Table, SpliceError> {
    let bad = || Structure("the table of objects cannot be read");
    let start = file.windows(START.len()).rposition(|it| it == START).ok_or_else(bad)?;
    let begin = number(&file[start + START.len()..]).ok_or_else(bad)?.0;
    let rest = file.get(begin..).and_then(|it| it.strip_prefix(b"xref\n0 ")).ok_or_else(bad)?;
    let (count, digits) = number(rest).ok_or_else(bad)?;
    let entries = begin + b"xref\n0 ".len() + digits + 1;
    if file.len() < entries + count * ENTRY {
        return Err(bad());
    }
    Ok(Table { begin, entries, count })
}

/// Returns the number that bytes begin with, and its number of digits.
fn number(bytes: &[u8]) -> Option<(usize, usize)> {
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = str::from_utf8(&bytes[..digits]).ok()?.parse().ok()?;
    Some((number, digits))
}

/// Writes the table and everything after it, with the new offsets of the objects.
fn write_table(
    file: &[u8],
    table: &Table,
    places: &[StubLocation<'_>],
    out: &mut dyn Write,
) -> Result<(), SpliceError> {
    let mut growths = Vec::with_capacity(places.len());
    let mut sum = 0;
    for place in places {
        sum += place.growth()?;
        growths.push(sum);
    }
    let moved = |at: usize| {
        let before = places.partition_point(|place| place.dictionary < at);
        let by = before.checked_sub(1).map_or(0, |last| growths[last]);
        i64::try_from(at).map_err(|_| Structure("it is too large")).map(|at| at + by)
    };
    let end = table.entries + table.count * ENTRY;
    out.write_all(&file[table.begin..table.entries])?;
    for entry in file[table.entries..end].chunks_exact(ENTRY) {
        if entry[17] == b'n' {
            let (at, _) = number(entry).ok_or(Structure("the table of objects cannot be read"))?;
            let at = format!("{:010}", moved(at)?);
            if at.len() > 10 {
                return Err(Structure("it is too large"));
            }
            out.write_all(at.as_bytes())?;
            out.write_all(&entry[10..])?;
        } else {
            out.write_all(entry)?;
        }
    }
    let start = file.windows(START.len()).rposition(|it| it == START);
    let start = start.ok_or(Structure("the table of objects cannot be read"))? + START.len();
    let (_, digits) = number(&file[start..]).ok_or(Structure("it has no end"))?;
    out.write_all(&file[end..start])?;
    write!(out, "{}", moved(table.begin)?)?;
    out.write_all(&file[start + digits..])?;
    Ok(())
}
