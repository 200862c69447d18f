//! Tests of the file: the standards, and that it can be made again.

use super::*;

#[test]
fn claims_both_standards() {
    let (file, _) = pdf(&full(), &one_photo());
    let file = String::from_utf8_lossy(&file);
    for claim in [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
    ] {
        assert!(file.contains(claim), "{claim} is missing");
    }
}

#[test]
fn the_same_input_makes_the_same_file() {
    assert_eq!(pdf(&full(), &one_photo()), pdf(&full(), &one_photo()));
}
