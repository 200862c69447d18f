//! Recorded values in words.

use domain::{
    id::SectionId,
    inspection::{Field, Value},
};
use std::collections::BTreeMap;

/// Titles of sections, for values that refer to a section by id.
pub type Titles = BTreeMap<SectionId, String>;

/// Text shown for an empty value.
pub(super) const NOTHING: &str = "(empty)";

/// Formats a recorded value.
pub(super) fn in_words(field: Field, value: &Value, titles: &Titles) -> String {
    match value {
        value if value.is_empty() => NOTHING.into(),
        Value::Section(Some(section)) => {
            titles.get(section).cloned().unwrap_or_else(|| "a section that is gone".into())
        }
        Value::Number(0) if field == Field::Rank => "As attached".into(),
        Value::Number(_) if field == Field::Rank => "Moved".into(),
        Value::Number(0) if field == Field::Cover => "No".into(),
        Value::Number(_) if field == Field::Cover => "Yes".into(),
        Value::Number(bytes) if field == Field::Bytes => size(*bytes),
        Value::Text(hash) if field == Field::Sha256 => hash.chars().take(12).chain(['…']).collect(),
        value => value.to_string(),
    }
}

/// Formats the distance between two days: "7 days later".
pub(super) fn apart(before: Option<&Value>, after: Option<&Value>) -> Option<String> {
    let (Some(Value::Date(Some(before))), Some(Value::Date(Some(after)))) = (before, after) else {
        return None;
    };
    let days = (*after - *before).num_days();
    let which = if days < 0 { "earlier" } else { "later" };
    Some(match days.abs() {
        1 => format!("a day {which}"),
        days => format!("{days} days {which}"),
    })
}

/// Formats the size of a file: "2.1 MB".
pub(crate) fn size(bytes: i64) -> String {
    match bytes {
        ..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_well() {
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(48_300), "48 kB");
        assert_eq!(size(2_149_999), "2.1 MB");
    }

    #[test]
    fn days_are_told_apart() {
        let day = |text: &str| Value::Date(text.parse().ok());
        let apart = |before, after| apart(Some(&day(before)), Some(&day(after)));
        assert_eq!(apart("2026-03-01", "2026-03-08").as_deref(), Some("7 days later"));
        assert_eq!(apart("2026-03-01", "2026-02-28").as_deref(), Some("a day earlier"));
        assert_eq!(apart("", "2026-02-28"), None);
    }

    #[test]
    fn a_section_is_named_or_said_to_be_gone() {
        let titles = Titles::from([(SectionId(4), "Roof".to_owned())]);
        let say = |id| in_words(Field::Section, &Value::Section(id), &titles);
        assert_eq!(say(Some(SectionId(4))), "Roof");
        assert_eq!(say(Some(SectionId(5))), "a section that is gone");
        assert_eq!(say(None), "(empty)");
    }

    #[test]
    fn a_hash_is_cut_short() {
        let hash = Value::text("0123456789abcdef");
        assert_eq!(in_words(Field::Sha256, &hash, &Titles::new()), "0123456789ab…");
    }
}
