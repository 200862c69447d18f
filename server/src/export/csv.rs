//! Changes as comma-separated values (RFC 4180), for spreadsheets.

use super::{Format, Unwritten};
use ::csv::{Terminator, WriterBuilder};
use chrono::SecondsFormat;
use domain::feed::ChangeRow;

/// Comma-separated values.
pub(crate) struct Csv;

/// Byte order mark at the start of the file, because Excel otherwise assumes a legacy encoding.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// A row of an export, with its differences in words.
struct CsvRow<'a> {
    row: &'a ChangeRow,
    fields: Vec<&'static str>,
    before: Vec<String>,
    after: Vec<String>,
}

/// Name of a column and its cell in a row.
type CsvColumn = (&'static str, fn(&CsvRow<'_>) -> String);

const COLUMNS: [CsvColumn; 16] = [
    ("change", |it| it.row.change.id.to_string()),
    ("at", |it| it.row.change.created_at.to_rfc3339_opts(SecondsFormat::Micros, true)),
    ("inspection", |it| it.row.change.inspection_id.to_string()),
    ("reference", |it| it.row.reference.clone()),
    ("name", |it| it.row.name.clone()),
    ("person", |it| it.row.change.user_name.clone()),
    ("action", |it| it.row.change.record.action.slug().into()),
    ("what", |it| {
        let related = it.row.change.record.related.as_ref();
        related.map(|related| related.text.clone()).unwrap_or_default()
    }),
    ("fields", |it| it.fields.join("; ")),
    ("before", |it| it.before.join("; ")),
    ("after", |it| it.after.join("; ")),
    ("reason", |it| it.row.change.record.data.reason.clone().unwrap_or_default()),
    ("request", |it| it.row.change.request_id.to_string()),
    ("state", |it| it.row.state().slug().into()),
    ("reviewed by", |it| {
        it.row.review.as_ref().map(|review| review.by.clone()).unwrap_or_default()
    }),
    ("kind", |it| it.row.change.record.kind.slug().into()),
];

impl Format for Csv {
    const EXTENSION: &'static str = "csv";
    const MEDIA_TYPE: &'static str = "text/csv; charset=utf-8; header=present";

    fn head() -> Result<Vec<u8>, Unwritten> {
        let columns = written(|csv| csv.write_record(COLUMNS.map(|(name, _)| name)))?;
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
    let (mut fields, mut before, mut after) = (Vec::new(), Vec::new(), Vec::new());
    for difference in row.change.record.differences() {
        let label = difference.field.label();
        fields.push(label);
        before.extend(difference.before.map(|value| format!("{label}: {value}")));
        after.extend(difference.after.map(|value| format!("{label}: {value}")));
    }
    let row = CsvRow { row, fields, before, after };
    COLUMNS.map(|(_, cell)| harmless(cell(&row)))
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
