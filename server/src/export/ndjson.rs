//! Changes as JSON lines, for programs: the complete record as stored.

use super::{Format, Unwritten};
use domain::{change::Change, feed::ChangeRow};
use serde_json::json;

/// JSON, one change per line.
pub(crate) struct Ndjson;

impl Format for Ndjson {
    const EXTENSION: &'static str = "ndjson";
    const MEDIA_TYPE: &'static str = "application/x-ndjson";

    fn head() -> Result<Vec<u8>, Unwritten> {
        Ok(Vec::new())
    }

    fn rows(rows: &[ChangeRow]) -> Result<Vec<u8>, Unwritten> {
        let mut lines = Vec::new();
        for row in rows {
            serde_json::to_writer(&mut lines, &line(row))?;
            lines.push(b'\n');
        }
        Ok(lines)
    }

    fn end(changes: usize) -> Result<Vec<u8>, Unwritten> {
        Ok(format!("{}\n", json!({ "end_of_export": true, "changes": changes })).into_bytes())
    }
}

fn line(row: &ChangeRow) -> serde_json::Value {
    let ChangeRow { change, reference, name, review, comments, .. } = row;
    let Change { id, inspection_id, created_at, user_id, user_name, request_id, ordinal, record } =
        change;
    json!({
        "id": id,
        "inspection_id": inspection_id,
        "reference": reference,
        "name": name,
        "created_at": created_at,
        "user_id": user_id,
        "user_name": user_name,
        "request_id": request_id,
        "ordinal": ordinal,
        "action": record.action,
        "kind": record.kind,
        "fields": record.fields,
        "related_model": record.related.as_ref().map(|related| related.model),
        "related_str": record.related.as_ref().map(|related| &related.text),
        "related_data": record.data,
        "state": row.state(),
        "review": review,
        "comments": comments,
    })
}
