//! An inspection as a PDF: valid PDF/A-2a, to be kept, and PDF/UA-1, to be read by everyone.
//!
//! Pure: no I/O and no clock, so the same input makes the same file. Typst sets the pages after the
//! template in `template/`. What people typed reaches it as data and never as markup.

mod data;
mod fonts;
mod legible;
mod photos;
mod printed;
#[cfg(test)]
mod tests;
mod world;

pub use printed::{Printed, printed};

use bytes::Bytes;
use chrono::{DateTime, Datelike, Timelike, Utc};
use data::Data;
use domain::Inspection;
use legible::Legible;
use photos::Photos;
use std::collections::BTreeMap;
use typst::{
    diag::SourceDiagnostic,
    foundations::{Datetime, Smart},
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
use world::ReportWorld;

/// What a report is made from.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The inspection, as it stands after the change `inspection.head`, which the report shows.
    pub inspection: &'a Inspection,
    /// Upright JPEG files by the SHA-256 of the photo they show, scaled for print: they go into
    /// the PDF whole. A photo without one is told of in words.
    pub photos: &'a BTreeMap<String, Bytes>,
    /// When the shown change was made.
    pub shows_at: DateTime<Utc>,
    /// Who made it.
    pub shows_by: &'a str,
    /// The hash that it bears, in hexadecimal.
    pub shows_hash: &'a str,
    /// When the report is made.
    pub made_at: DateTime<Utc>,
}

/// A finished report.
#[derive(Clone, Debug)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
}

/// Why no report could be made. Nothing that people type should lead here.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The pages could not be set.
    #[error("the report could not be set: {0}")]
    Layout(String),
    /// The pages could not be written as the PDF they have to be.
    #[error("the report could not be written as PDF/A-2a and PDF/UA-1: {0}")]
    Export(String),
}

/// What every report keeps to, in one file. Typst refuses to write one that does not.
const STANDARDS: [PdfStandard; 2] = [PdfStandard::A_2a, PdfStandard::Ua_1];

/// Makes the report. It takes up to some seconds of one core: call it off the async threads.
///
/// # Errors
/// Where Typst cannot make the pages, or the pages break the standards.
pub fn render(input: &Input<'_>) -> Result<Pdf, RenderError> {
    let photos = Photos::new(input.photos);
    let made = match attempt(input, &photos, &Legible::default()) {
        // Marks that no typeface can combine slip past a check of single characters.
        Err(RenderError::Export(_)) => attempt(input, &photos, &Legible::plain()),
        made => made,
    };
    // Typst keeps what it made for the next time; a server would keep it for good.
    comemo::evict(0);
    made
}

fn attempt(input: &Input<'_>, photos: &Photos, legible: &Legible) -> Result<Pdf, RenderError> {
    let document = lay_out(input, photos, legible)?;
    let bytes = export(input, &document)?;
    Ok(Pdf { bytes, pages: document.pages().len() })
}

fn lay_out(
    input: &Input<'_>,
    photos: &Photos,
    legible: &Legible,
) -> Result<PagedDocument, RenderError> {
    let data = Data::new(input, photos, legible);
    let data = serde_json::to_string(&data).map_err(|it| RenderError::Layout(it.to_string()))?;
    let world = ReportWorld::new(data, photos.pictures());
    typst::compile(&world).output.map_err(|errors| RenderError::Layout(told(&errors)))
}

fn export(input: &Input<'_>, document: &PagedDocument) -> Result<Vec<u8>, RenderError> {
    let standards = PdfStandards::new(&STANDARDS)
        .map_err(|error| RenderError::Export(error.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(format!("{}/{}", input.inspection.id, input.inspection.head)),
        creator: Smart::Custom(Some("Plumbline".to_owned())),
        timestamp: timestamp(input.made_at),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(document, &options).map_err(|errors| RenderError::Export(told(&errors)))
}

fn timestamp(at: DateTime<Utc>) -> Option<Timestamp> {
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    Datetime::from_ymd_hms(
        at.year(),
        small(at.month()),
        small(at.day()),
        small(at.hour()),
        small(at.minute()),
        small(at.second()),
    )
    .map(Timestamp::new_utc)
}

fn told(errors: &[SourceDiagnostic]) -> String {
    errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; ")
}
