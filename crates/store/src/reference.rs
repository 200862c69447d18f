//! References of inspections, as in `BI-2026-0001`: the year and a number within it.

/// Formats a reference.
pub(crate) fn reference(year: i64, number: i64) -> String {
    format!("BI-{year}-{number:04}")
}

/// Parses a reference into year and number; `None` for one of another form.
pub(crate) fn parts(reference: &str) -> Option<(i64, i64)> {
    let (year, number) = reference.strip_prefix("BI-")?.split_once('-')?;
    Some((year.parse().ok()?, number.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_has_the_parts_it_was_made_of() {
        assert_eq!(reference(2026, 7), "BI-2026-0007");
        for number in [1, 9_999, 10_000] {
            assert_eq!(parts(&reference(2026, number)), Some((2026, number)));
        }
        for other in ["", "BI-2026", "BI-2026-x", "XX-2026-0001"] {
            assert_eq!(parts(other), None, "{other}");
        }
    }
}
