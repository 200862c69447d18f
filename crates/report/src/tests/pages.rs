//! Tests of what every page says.

use super::*;

#[test]
fn each_page_knows_its_number_and_the_moment_it_shows() {
    let shown = show(&full(), &one_photo());
    for (index, page) in shown.pages.iter().enumerate() {
        let number = format!("{} / {}", index + 1, shown.pages.len());
        assert!(page.contains(&number), "{number} is missing from {page}");
        assert!(page.contains("draft as of 3 November 2025, 14:05 UTC"), "{page}");
    }
}

#[test]
fn every_page_of_a_draft_says_so_and_no_page_of_what_is_complete() {
    let mut inspection = full();
    for status in domain::inspection::Status::ALL {
        inspection.status = status;
        let draft = status != domain::inspection::Status::Complete;
        for page in show(&inspection, &one_photo()).pages {
            assert_eq!(page.contains("DRAFT"), draft, "{status}: {page}");
        }
    }
}
