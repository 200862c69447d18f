//! Recorded values in words.

use domain::{Field, SectionId, Value};
use std::collections::BTreeMap;

/// What sections are called, for values that name one by its id.
pub type Titles = BTreeMap<SectionId, String>;

/// What to show for a value that says nothing.
pub(super) const NOTHING: &str = "nothing";

/// A recorded value as people read it.
pub(super) fn in_words(field: Field, value: &Value, titles: &Titles) -> String {
    match value {
        value if value.is_empty() => NOTHING.into(),
        Value::Section(Some(section)) => {
            titles.get(section).cloned().unwrap_or_else(|| "a section that is gone".into())
        }
        Value::Number(bytes) if field == Field::Bytes => size(*bytes),
        Value::Text(hash) if field == Field::Sha256 => hash.chars().take(12).chain(['…']).collect(),
        value => value.to_string(),
    }
}

/// A file's size: "2.1 MB".
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
    fn a_section_is_named_or_said_to_be_gone() {
        let titles = Titles::from([(SectionId(4), "Roof".to_owned())]);
        let say = |id| in_words(Field::Section, &Value::Section(id), &titles);
        assert_eq!(say(Some(SectionId(4))), "Roof");
        assert_eq!(say(Some(SectionId(5))), "a section that is gone");
        assert_eq!(say(None), "nothing");
    }

    #[test]
    fn a_hash_is_cut_short() {
        let hash = Value::text("0123456789abcdef");
        assert_eq!(in_words(Field::Sha256, &hash, &Titles::new()), "0123456789ab…");
    }
}
