//! What can be wrong with a file, in words that the upload and the page share. A plain form that
//! was refused leads back to its page with these in the query string.

use crate::error::AppError;
use domain::isolate;

const MOST_MEGABYTES: u32 = 25;
const MOST_MEGAPIXELS: u64 = 50;

/// The largest photo that is accepted, in bytes.
pub const LARGEST_PHOTO: u32 = MOST_MEGABYTES * 1_000_000;

/// The most pixels that a photo may have.
pub const MOST_PIXELS: u64 = MOST_MEGAPIXELS * 1_000_000;

/// The most pixels along one side of a photo, because scaling a strip takes memory by its length.
pub const LONGEST_SIDE: u32 = 30_000;

/// The name under which troubles stand in a query string.
pub const REFUSED: &str = "refused";

/// Why a file was refused, or not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The form came without a photo.
    NoPhoto,
    /// Larger than [`LARGEST_PHOTO`].
    TooLarge(String),
    /// By its content neither JPEG, PNG nor WebP.
    UnknownKind(String),
    /// More than [`MOST_PIXELS`].
    TooManyPixels(String),
    /// More than [`LONGEST_SIDE`] along one side.
    TooLong(String),
    /// A file without content.
    Empty(String),
    /// Its content cannot be read to the end.
    Damaged(String),
    /// A picture of a phone's own kind that this browser cannot read. Told in the browser alone.
    Heic(String),
    /// A report could not be made.
    Report,
    /// A report took longer than the limit.
    SlowReport,
}

impl Trouble {
    /// A sentence that says what to do.
    pub fn sentence(&self) -> String {
        let of = |name: &String| isolate(name).into_owned();
        match self {
            Self::NoPhoto => "Choose a photo first.".into(),
            Self::TooLarge(name) => {
                format!(
                    "{} is larger than {MOST_MEGABYTES} MB. Send a smaller version of it.",
                    of(name)
                )
            }
            Self::UnknownKind(name) => format!("{} is not a JPEG, PNG or WebP picture.", of(name)),
            Self::TooManyPixels(name) => format!(
                "{} has more than {MOST_MEGAPIXELS} megapixels. Send a smaller version of it.",
                of(name)
            ),
            Self::TooLong(name) => format!(
                "{} has more than {LONGEST_SIDE} pixels along one side. Send a part of it.",
                of(name)
            ),
            Self::Empty(name) => {
                format!("{} is empty. Choose the file again, or another one.", of(name))
            }
            Self::Damaged(name) => format!("{} is damaged and cannot be read.", of(name)),
            Self::Heic(name) => format!(
                "{} is a HEIC photo, which this browser cannot read. Save it as JPEG and attach \
                 that: on an iPhone, choose Settings, Camera, Formats, Most Compatible.",
                of(name)
            ),
            Self::Report => "The report could not be made. Please try again.".into(),
            Self::SlowReport => {
                "The report took more than two minutes and was stopped. Try again when \
                                 the server is less busy, or shorten the inspection: split it, or \
                                 remove photos."
                    .into()
            }
        }
    }

    /// The HTTP status that says the same.
    pub const fn status(&self) -> u16 {
        match self {
            Self::NoPhoto
            | Self::TooManyPixels(_)
            | Self::TooLong(_)
            | Self::Empty(_)
            | Self::Damaged(_)
            | Self::SlowReport => 422,
            Self::TooLarge(_) => 413,
            Self::UnknownKind(_) | Self::Heic(_) => 415,
            Self::Report => 500,
        }
    }

    /// As it stands in a query string, under [`REFUSED`].
    pub fn to_query(&self) -> String {
        match self {
            Self::NoPhoto => "no-photo".into(),
            Self::TooLarge(name) => format!("too-large:{name}"),
            Self::UnknownKind(name) => format!("unknown-kind:{name}"),
            Self::TooManyPixels(name) => format!("too-many-pixels:{name}"),
            Self::TooLong(name) => format!("too-long:{name}"),
            Self::Empty(name) => format!("empty:{name}"),
            Self::Damaged(name) => format!("damaged:{name}"),
            Self::Heic(name) => format!("heic:{name}"),
            Self::Report => "report".into(),
            Self::SlowReport => "slow-report".into(),
        }
    }

    /// Reads what stands in a query string.
    pub fn from_query(text: &str) -> Option<Self> {
        let (slug, name) = text.split_once(':').unwrap_or((text, ""));
        let name = name.to_owned();
        Some(match slug {
            "no-photo" => Self::NoPhoto,
            "too-large" => Self::TooLarge(name),
            "unknown-kind" => Self::UnknownKind(name),
            "too-many-pixels" => Self::TooManyPixels(name),
            "too-long" => Self::TooLong(name),
            "empty" => Self::Empty(name),
            "damaged" => Self::Damaged(name),
            "heic" => Self::Heic(name),
            "report" => Self::Report,
            "slow-report" => Self::SlowReport,
            _ => return None,
        })
    }
}

impl From<Trouble> for AppError {
    fn from(trouble: Trouble) -> Self {
        Self::invalid("photo", trouble.sentence())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survives_the_way_through_a_query_string() {
        let name = || "roof: north.jpg".to_owned();
        for trouble in [
            Trouble::NoPhoto,
            Trouble::TooLarge(name()),
            Trouble::UnknownKind(name()),
            Trouble::TooManyPixels(name()),
            Trouble::TooLong(name()),
            Trouble::Empty(name()),
            Trouble::Damaged(name()),
            Trouble::Heic(name()),
            Trouble::Report,
            Trouble::SlowReport,
        ] {
            assert_eq!(Trouble::from_query(&trouble.to_query()), Some(trouble));
        }
        assert_eq!(Trouble::from_query("<script>"), None);
    }
}
