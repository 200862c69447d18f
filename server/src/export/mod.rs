//! Export of changes, for `/changes.csv`, `/changes.ndjson` and `plumbline export`.

mod csv;
mod ndjson;

pub(crate) use csv::Csv;
pub(crate) use ndjson::Ndjson;

use axum::body::Bytes;
use domain::feed::{ChangeFilter, ChangeRow};
use futures::{Stream, StreamExt, TryStreamExt, future::ready, stream};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use store::Store;

/// Number of changes formatted at once.
const CHUNK: usize = 500;

/// File format of an export.
pub(crate) trait Format {
    /// File name extension.
    const EXTENSION: &'static str;
    /// Media type.
    const MEDIA_TYPE: &'static str;

    /// Returns the bytes before the first change.
    fn head() -> Result<Vec<u8>, Unwritten>;

    /// Formats changes, in order.
    fn rows(rows: &[ChangeRow]) -> Result<Vec<u8>, Unwritten>;

    /// Returns the bytes after the last change, with the number of changes. A file without them is
    /// incomplete.
    fn end(changes: usize) -> Result<Vec<u8>, Unwritten>;
}

/// Error that ended the export early.
pub(crate) type Unwritten = Box<dyn std::error::Error + Send + Sync>;

/// Part of a file.
pub(crate) struct Part {
    /// Contents.
    pub(crate) bytes: Bytes,
    /// Number of changes in this part.
    pub(crate) changes: usize,
}

/// Streams the file of all changes that match a filter, newest first. Its last line has the number
/// of changes.
pub(crate) fn file<F: Format>(
    store: &Store,
    filter: ChangeFilter,
) -> impl Stream<Item = Result<Part, Unwritten>> + Send + 'static {
    let head = stream::once(async { Ok(Part { bytes: F::head()?.into(), changes: 0 }) });
    let rows = store.stream_changes(filter).map_err(Unwritten::from).try_chunks(CHUNK);
    let changes = Arc::new(AtomicUsize::new(0));
    let counted = changes.clone();
    let rows = rows.map_err(|cut| cut.1).and_then(move |rows| {
        counted.fetch_add(rows.len(), Ordering::Relaxed);
        let part = F::rows(&rows).map(|bytes| Part { bytes: bytes.into(), changes: rows.len() });
        ready(part)
    });
    let end = stream::once(async move {
        Ok(Part { bytes: F::end(changes.load(Ordering::Relaxed))?.into(), changes: 0 })
    });
    // The stream ends after an error, so an incomplete file has no end marker.
    let whole = head.chain(rows).chain(end);
    whole.scan(false, |failed, part| {
        let go_on = !*failed;
        *failed = part.is_err();
        ready(go_on.then_some(part))
    })
}
