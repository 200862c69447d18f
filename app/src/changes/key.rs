//! Entries by name: as forms send them and pages mark them.

use domain::EntryKey;

/// As in `request:018f…`, `inspection:12`, `day:2026-03-31`.
pub(super) fn written(key: EntryKey) -> String {
    match key {
        EntryKey::Request(id) => format!("request:{id}"),
        EntryKey::Inspection(id) => format!("inspection:{id}"),
        EntryKey::Day(day) => format!("day:{day}"),
    }
}

/// Reads what [`written`] wrote.
#[cfg(feature = "ssr")]
pub(super) fn read(text: &str) -> Option<EntryKey> {
    let (kind, id) = text.split_once(':')?;
    match kind {
        "request" => id.parse().ok().map(EntryKey::Request),
        "inspection" => id.parse().ok().map(EntryKey::Inspection),
        "day" => id.parse().ok().map(EntryKey::Day),
        _ => None,
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for name in
            ["request:018f0000-0000-7000-8000-000000000000", "inspection:12", "day:2026-03-31"]
        {
            assert_eq!(read(name).map(written).as_deref(), Some(name));
        }
        assert_eq!(read("inspection"), None);
        assert_eq!(read("dance:3"), None);
    }
}
