//! Changes as comma-separated values (RFC 4180), for spreadsheets.

use super::{Format, Unwritten};
use ::csv::{Terminator, WriterBuilder};
use domain::feed::ChangeRow;

/// Comma-separated values.
pub(crate) struct Csv;

/// Byte order mark at the start of the file, because Excel otherwise assumes a legacy encoding.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

const COLUMNS: [&str; 16] = [
    "change",
    "at",
    "inspection",
    "reference",
    "name",
    "person",
    "action",
    "what",
    "fields",
    "before",
    "after",
    "reason",
    "request",
    "state",
    "reviewed by",
    "kind",
];

impl Format for Csv {
    const EXTENSION: &'static str = "csv";
    const MEDIA_TYPE: &'static str = "text/csv; charset=utf-8; header=present";

    fn head() -> Result<Vec<u8>, Unwritten> {
        let columns = written(|csv| csv.write_record(COLUMNS))?;
        Ok([BYTE_ORDER_MARK, &columns].concat())
    }

    fn rows(rows: &[ChangeRow]) -> Result<Vec<u8>, Unwritten> {
        written(|csv| rows.iter().try_for_each(|row| csv.write_record(cells(row))))
    }

    fn end(changes: usize) -> Result<Vec<u8>, Unwritten> {
        let mut cells = [const { String::new() }; COLUMNS.len()];
        cells[0] = "end of export".into();
        cells[1] = format!("changes: {changes}");
        written(|csv| csv.write_record(cells))
    }
}

type Writer = ::csv::Writer<Vec<u8>>;

fn written(write: impl FnOnce(&mut Writer) -> ::csv::Result<()>) -> Result<Vec<u8>, Unwritten> {
    let mut csv = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    write(&mut csv)?;
    Ok(csv.into_inner()?)
}

/// Returns a row's cells, in column order.
fn cells(row: &ChangeRow) -> [String; COLUMNS.len()] {
    let ChangeRow { change, reference, name, review, .. } = row;
    let record = &change.record;
    let mut fields = Vec::new();
    let mut before = Vec::new();
    let mut after = Vec::new();
    for difference in record.differences() {
        let label = difference.field.label();
        fields.push(label.to_owned());
        before.extend(difference.before.map(|value| format!("{label}: {value}")));
        after.extend(difference.after.map(|value| format!("{label}: {value}")));
    }
    [
        change.id.to_string(),
        change.created_at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        change.inspection_id.to_string(),
        reference.clone(),
        name.clone(),
        change.user_name.clone(),
        record.action.slug().into(),
        record.related.as_ref().map(|related| related.text.clone()).unwrap_or_default(),
        fields.join("; "),
        before.join("; "),
        after.join("; "),
        record.data.reason.clone().unwrap_or_default(),
        change.request_id.to_string(),
        row.state().slug().into(),
        review.as_ref().map(|review| review.by.clone()).unwrap_or_default(),
        record.kind.slug().into(),
    ]
    .map(harmless)
}

/// Escapes text that a spreadsheet would evaluate as a formula. Source: OWASP, "CSV Injection".
fn harmless(cell: String) -> String {
    // Some programs treat the full-width forms the same.
    const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if cell.starts_with(FORMULA) { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn no_cell_is_a_formula() {
        for formula in
            ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A1"]
        {
            assert_eq!(harmless(formula.into()), format!("'{formula}"));
        }
        assert_eq!(harmless("Roof = wet".into()), "Roof = wet");
    }
}
