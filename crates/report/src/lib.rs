//! Reports of inspections in PDF: PDF/A-2a for archiving, and PDF/UA-1 for accessibility.
//!
//! Rendering is deterministic: it uses no clock and only the given input, so the same input makes
//! the same file. Typst lays out the pages with the template in `template/`. User text is passed to
//! it as data and never as markup.

mod data;
mod embedded_fonts;
mod fonts;
mod legible;
mod photos;
mod printed;
mod sound;
mod splice;
mod task;
#[cfg(test)]
mod tests;
mod typefaces;
mod world;

pub use photos::{PhotoFolder, PhotoSource};
pub use printed::{Printed, printed};
pub use task::{Rendered, Task, TaskError};
pub use typefaces::Typefaces;

use chrono::{DateTime, Datelike, Timelike, Utc};
use data::Data;
use domain::{id::PhotoId, inspection::Inspection, people::Organisation};
use fonts::Fonts;
use legible::Legible;
use photos::Photos;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    io::{self, Write},
};
use typst::{
    diag::SourceDiagnostic,
    foundations::{Datetime, Smart},
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
use world::ReportWorld;

/// The content of a report, without the photos.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Input {
    /// The inspection in its state after the change `inspection.head`, which the report shows.
    pub inspection: Inspection,
    /// Time of the shown change.
    pub shows_at: DateTime<Utc>,
    /// Name of its author.
    pub shows_by: String,
    /// Its hash, in hexadecimal.
    pub shows_hash: String,
    /// Time when the report is made.
    pub made_at: DateTime<Utc>,
    /// Time when each photo was added.
    pub photos_added: BTreeMap<PhotoId, DateTime<Utc>>,
    /// The organisation that the report is from.
    pub organisation: Organisation,
}

/// Reason why a report could not be made. No user input should cause it.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The pages could not be laid out.
    #[error("the report could not be set: {0}")]
    Layout(String),
    /// The pages could not be written in compliance with the standards.
    #[error("the report could not be written as PDF/A-2a and PDF/UA-1: {0}")]
    Export(String),
    /// A photo could not be read, or the file could not be written.
    #[error("the report could not be read or written")]
    Io(#[from] io::Error),
}

/// The pictures of a report.
struct Pictures<'a> {
    photos: &'a Photos,
    logo: Option<Vec<u8>>,
}

/// The standards that every report complies with, in one file. Typst refuses to write a file that
/// does not.
const STANDARDS: [PdfStandard; 2] = [PdfStandard::A_2a, PdfStandard::Ua_1];

/// Makes the report, writes the file and returns its number of pages. It takes up to some minutes
/// of one core and hundreds of megabytes, which the allocator does not release: run it in a process
/// of its own ([`Task`]).
///
/// # Errors
/// If Typst cannot make the pages, the pages break the standards, or a photo cannot be read.
pub fn render(
    input: &Input,
    source: &dyn PhotoSource,
    typefaces: &Typefaces,
    out: &mut dyn Write,
) -> Result<usize, RenderError> {
    let photos = Photos::new(&input.inspection, source)?;
    let logo = if input.organisation.logo.is_some() { source.logo()? } else { None };
    let pictures = Pictures { photos: &photos, logo };
    // The serialized input contains all texts; the rest of it is ASCII.
    let texts = serde_json::to_string(input).map_err(|it| RenderError::Layout(it.to_string()))?;
    let fonts = Fonts::for_text(&texts, typefaces);
    let (file, pages) = pages(input, &pictures, &fonts)?;
    let spliced = splice::splice(&file, photos.stubs(), source, out);
    spliced.map_err(|error| match error {
        splice::SpliceError::Io(error) => error.into(),
        error => RenderError::Export(error.to_string()),
    })?;
    Ok(pages)
}

/// Lays out the pages. If they violate the standards, it tries again with simple characters in some
/// texts, because combinations of marks that no typeface has are not found by checking single
/// characters.
fn pages(
    input: &Input,
    pictures: &Pictures<'_>,
    fonts: &Fonts,
) -> Result<(Vec<u8>, usize), RenderError> {
    let legible = Legible::new(fonts);
    match attempt(input, pictures, fonts, &legible) {
        Err(RenderError::Export(_)) => {}
        made => return made,
    }
    let plain = sound::unsound(&legible.special(), fonts);
    match attempt(input, pictures, fonts, &Legible::plain_for(fonts, plain)) {
        Err(RenderError::Export(_)) => attempt(input, pictures, fonts, &Legible::all_plain(fonts)),
        made => made,
    }
}

fn attempt(
    input: &Input,
    pictures: &Pictures<'_>,
    fonts: &Fonts,
    legible: &Legible<'_>,
) -> Result<(Vec<u8>, usize), RenderError> {
    let document = lay_out(input, pictures, fonts, legible)?;
    let options = PdfOptions {
        ident: Smart::Custom(format!("{}/{}", input.inspection.id, input.inspection.head)),
        creator: Smart::Custom(Some("Plumbline".to_owned())),
        timestamp: timestamp(input.made_at),
        ..PdfOptions::default()
    };
    Ok((export_with(options, &document)?, document.pages().len()))
}

fn lay_out(
    input: &Input,
    pictures: &Pictures<'_>,
    fonts: &Fonts,
    legible: &Legible<'_>,
) -> Result<PagedDocument, RenderError> {
    let data = Data::new(input, pictures, legible, &fonts.families);
    let data = serde_json::to_string(&data).map_err(|it| RenderError::Layout(it.to_string()))?;
    compile(&ReportWorld::new(data, pictures.photos.stubs(), pictures.logo.clone(), fonts))
}

fn compile(world: &ReportWorld<'_>) -> Result<PagedDocument, RenderError> {
    typst::compile(world).output.map_err(|errors| RenderError::Layout(messages(&errors)))
}

/// Writes a document in compliance with the [standards](STANDARDS).
fn export_with(mut options: PdfOptions, document: &PagedDocument) -> Result<Vec<u8>, RenderError> {
    options.standards = PdfStandards::new(&STANDARDS)
        .map_err(|error| RenderError::Export(error.message().to_string()))?;
    typst_pdf::pdf(document, &options).map_err(|errors| RenderError::Export(messages(&errors)))
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

fn messages(errors: &[SourceDiagnostic]) -> String {
    errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; ")
}
