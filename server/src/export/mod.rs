//! Changes as a file: `/changes.csv` and `/changes.ndjson` send it, `plumbline export` writes it.

mod csv;
mod ndjson;

pub(crate) use csv::Csv;
pub(crate) use ndjson::Ndjson;

use axum::body::Bytes;
use domain::{ChangeFilter, ChangeRow, FilterProblem};
use futures::{Stream, StreamExt, TryStreamExt, future::ready, stream};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use store::Store;

/// How many changes are written at once.
const CHUNK: usize = 500;

/// How changes are written to a file.
pub(crate) trait Format {
    /// What the file's name ends with.
    const EXTENSION: &'static str;
    /// Its media type.
    const MEDIA_TYPE: &'static str;

    /// What stands before the first change.
    fn head() -> Result<Vec<u8>, Unwritten>;

    /// Changes one after the other.
    fn rows(rows: &[ChangeRow]) -> Result<Vec<u8>, Unwritten>;

    /// What stands after the last change: how many there are. A file without it was cut short.
    fn end(changes: usize) -> Result<Vec<u8>, Unwritten>;
}

/// Why a file could not be written to its end.
pub(crate) type Unwritten = Box<dyn std::error::Error + Send + Sync>;

/// A part of a file.
pub(crate) struct Part {
    /// What it says.
    pub(crate) bytes: Bytes,
    /// How many changes it holds.
    pub(crate) changes: usize,
}

/// The filter that a query string says, if it can be read whole: a file for which a part of it was
/// passed over would hold what nobody asked for.
pub(crate) fn whole_filter(query: &str) -> Result<ChangeFilter, FilterProblem> {
    let (filter, problems) = ChangeFilter::from_query(query);
    problems.into_iter().next().map_or(Ok(filter), Err)
}

/// The file of everything that a filter matches, newest first, part by part while it is read. Its last
/// line says how many changes it holds.
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
    // After an error nothing follows, and so not the end either.
    let whole = head.chain(rows).chain(end);
    whole.scan(false, |failed, part| {
        let go_on = !*failed;
        *failed = part.is_err();
        ready(go_on.then_some(part))
    })
}
