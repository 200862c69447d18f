//! `GET /changes.csv` and `GET /changes.ndjson`: exactly what a filter matches, newest first, written
//! as it is read, so that any number takes little memory.

use crate::{answer, state::AppState};
use app::{auth::Session, error::AppError};
use axum::{
    body::Body,
    extract::{Extension, RawQuery, State},
    http::header,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use domain::{ChangeFilter, ChangeRow, may_review_changes};
use futures::{StreamExt, TryStreamExt, stream};
use store::Error;

/// How many lines are sent together.
const TOGETHER: usize = 100;

pub(super) async fn csv(
    state: State<AppState>,
    session: Extension<Session>,
    query: RawQuery,
) -> Response {
    export(state, session, query, "text/csv; charset=utf-8", Some(head()), csv_line)
}

pub(super) async fn ndjson(
    state: State<AppState>,
    session: Extension<Session>,
    query: RawQuery,
) -> Response {
    export(state, session, query, "application/x-ndjson", None, json_line)
}

fn export(
    State(state): State<AppState>,
    Extension(session): Extension<Session>,
    RawQuery(query): RawQuery,
    kind: &'static str,
    head: Option<String>,
    line: fn(&ChangeRow) -> String,
) -> Response {
    match session.actor() {
        Ok(actor) if may_review_changes(actor.role) => {}
        Ok(_) => {
            let why = "The changes of all inspections are for reviewers.";
            return answer::text(&AppError::Forbidden(why.into()));
        }
        Err(error) => return answer::text(&error),
    }
    let (filter, _) = ChangeFilter::from_query(&query.unwrap_or_default());
    let lines = state.store.stream_changes(filter).map_ok(move |row| line(&row));
    let head = stream::iter(head.map(|head| Ok::<_, Error>(Bytes::from(head))));
    let lines = lines.try_chunks(TOGETHER).map(|lines| match lines {
        Ok(lines) => Ok(Bytes::from(lines.concat())),
        Err(broken) => {
            let error = broken.1;
            tracing::error!(error = &error as &dyn std::error::Error, "an export broke off");
            Err(error)
        }
    });
    ([(header::CONTENT_TYPE, kind)], Body::from_stream(head.chain(lines))).into_response()
}

fn json_line(row: &ChangeRow) -> String {
    serde_json::to_string(row).map(|line| line + "\n").unwrap_or_default()
}

const COLUMNS: [&str; 17] = [
    "id",
    "at",
    "person",
    "action",
    "inspection",
    "reference",
    "name",
    "about",
    "fields",
    "before",
    "after",
    "reason",
    "sentence",
    "state",
    "reviewed by",
    "reviewed at",
    "note",
];

fn head() -> String {
    written(COLUMNS.map(str::to_owned))
}

fn csv_line(row: &ChangeRow) -> String {
    let change = &row.change;
    let record = &change.record;
    let json = |values| serde_json::to_string(values).unwrap_or_default();
    let review = row.review.as_ref();
    let fields: Vec<_> = record.fields.iter().map(|field| field.slug()).collect();
    written([
        change.id.to_string(),
        change.created_at.to_rfc3339(),
        change.user_name.clone(),
        record.action.to_string(),
        change.inspection_id.to_string(),
        row.reference.clone(),
        row.name.clone(),
        record.related.as_ref().map(|related| related.text.clone()).unwrap_or_default(),
        fields.join(" "),
        json(&record.data.before),
        json(&record.data.after),
        record.data.reason.clone().unwrap_or_default(),
        record.sentence(),
        row.state().to_string(),
        review.map(|review| review.by.clone()).unwrap_or_default(),
        review.map(|review| review.at.to_rfc3339()).unwrap_or_default(),
        review.and_then(|review| review.note.clone()).unwrap_or_default(),
    ])
}

fn written(cells: [String; COLUMNS.len()]) -> String {
    cells.map(|cell| cell_of(&cell)).join(",") + "\r\n"
}

/// A cell as CSV has it. A sheet must not take what people wrote for a formula, so one that begins
/// like one gets an apostrophe, which sheets do not show.
fn cell_of(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::cell_of;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        assert_eq!(cell_of("plain"), "plain");
        assert_eq!(cell_of("a, \"b\"\nc"), "\"a, \"\"b\"\"\nc\"");
        assert_eq!(cell_of("=1+2"), "'=1+2");
        assert_eq!(cell_of("@sum(A1),2"), "\"'@sum(A1),2\"");
        assert_eq!(cell_of("-3"), "'-3");
    }
}
