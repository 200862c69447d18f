//! Writing of the outbox to this device: carries out the effects of [`WriteQueue`].
//!
//! [`WriteQueue`]: crate::outbox::write_queue::WriteQueue

use super::{summary, with};
use crate::outbox::{
    disk,
    status::remember,
    work::Stored,
    write_queue::{WriteEffect, WriteEvent, WriteResult},
};
use js_sys::Uint8Array;
use leptos::task::spawn_local;
use uuid::Uuid;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

/// Writes the present state of an entry.
pub(super) fn changed(id: Uuid) {
    process(WriteEvent::Changed(id));
}

/// Processes an event of the writes and carries out its effects.
pub(super) fn process(event: WriteEvent) {
    let effects = with(|running| {
        let (writes, effects) = std::mem::take(&mut running.writes).step(event);
        running.writes = writes;
        effects
    });
    for effect in effects.unwrap_or_default() {
        match effect {
            WriteEffect::Write(id) => spawn_local(async move {
                let result = write(id).await;
                process(WriteEvent::Finished(id, result));
                summary::show();
            }),
            WriteEffect::Flag(holds) => remember(holds),
        }
    }
}

async fn write(id: Uuid) -> WriteResult {
    let found = with(|running| {
        let stored = Stored::new(running.entry(id)?, running.tab);
        let file = running.files.get(&id).cloned();
        Some((stored, file.filter(|_| !running.writes.is_file_stored(id))))
    });
    match found.flatten() {
        Some((Some(entry), file)) => {
            let with_file = file.is_some();
            let written = store(&entry, file).await;
            written.map_or(WriteResult::Failed, |()| WriteResult::Stored { with_file })
        }
        // The mutation has no form encoding, so it stays in memory.
        Some((None, _)) => WriteResult::Absent,
        None => disk::delete(id).await.map_or(WriteResult::Failed, |()| WriteResult::Absent),
    }
}

/// Stores an entry, with its photo the first time.
async fn store(entry: &Stored, file: Option<Blob>) -> Result<(), JsValue> {
    let Some(file) = file else { return disk::put(entry, None).await };
    let bytes = Uint8Array::new(&JsFuture::from(file.array_buffer()).await?);
    disk::put(entry, Some(&bytes)).await
}
