//! File names of reports.

use domain::inspection::Inspection;

/// Returns a file name such as `BI-2026-0001 Riverside House.pdf`, without characters that file systems
/// reject.
pub(super) fn file_name(inspection: &Inspection) -> String {
    const MAX_FILE_NAME_LENGTH: usize = 100;
    let name: String = format!("{} {}", inspection.reference, inspection.name)
        .chars()
        .map(|it| if it.is_control() || "/\\:*?\"<>|".contains(it) { ' ' } else { it })
        .collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = name.chars().take(MAX_FILE_NAME_LENGTH).collect();
    format!("{}.pdf", short.trim_end_matches(['.', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> String {
        file_name(&Inspection {
            reference: "BI-2026-0001".into(),
            name: name.into(),
            ..Inspection::default()
        })
    }

    #[test]
    fn a_file_is_named_after_its_inspection() {
        assert_eq!(named("Riverside House"), "BI-2026-0001 Riverside House.pdf");
        assert_eq!(named("Haus Größe 1"), "BI-2026-0001 Haus Größe 1.pdf");
    }

    #[test]
    fn no_file_system_minds_the_name() {
        assert_eq!(named("../a\\b: \"c\"?\n*."), "BI-2026-0001 .. a b c.pdf");
        assert_eq!(named(&"x".repeat(300)).chars().count(), 104);
    }
}
