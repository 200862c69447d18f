//! Search for texts that violate the standards although each of their characters has a glyph.

use crate::{RenderError, export_with, fonts::Fonts, world::ReportWorld};
use std::collections::BTreeSet;
use typst::foundations::Smart;
use typst_pdf::PdfOptions;

/// Returns those of the texts that cannot be printed as they are. Texts are typeset in groups,
/// which are bisected until the faulty texts are found, so that one faulty text costs a few small
/// files and not one for each text.
pub(crate) fn unsound(texts: &BTreeSet<String>, fonts: &Fonts) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut groups: Vec<Vec<&String>> = vec![texts.iter().collect()];
    while let Some(group) = groups.pop() {
        if group.is_empty() || is_sound(&group, fonts).is_ok() {
            continue;
        }
        match group.as_slice() {
            [one] => _ = found.insert((*one).clone()),
            many => {
                let (first, second) = many.split_at(many.len() / 2);
                groups.extend([first.to_vec(), second.to_vec()]);
            }
        }
    }
    found
}

fn is_sound(texts: &[&String], fonts: &Fonts) -> Result<(), RenderError> {
    let shown = crate::legible::Legible::new(fonts);
    let words: Vec<_> = texts.iter().map(|text| shown.words(text)).collect();
    let data = serde_json::json!({ "families": fonts.families, "texts": words });
    let world = ReportWorld::for_texts(data.to_string(), fonts);
    let document = crate::compile(&world)?;
    // The archive standard requires a date; any will do.
    let options = PdfOptions {
        ident: Smart::Custom("texts".to_owned()),
        timestamp: crate::timestamp(chrono::DateTime::UNIX_EPOCH),
        ..PdfOptions::default()
    };
    export_with(options, &document).map(|_| ())
}
