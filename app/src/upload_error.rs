//! Errors of uploads and reports, encoded in the query string of a page. A plain form that was refused
//! redirects to its page with them.

use domain::{inspection::PhotoError, view::ReportError};

/// Query parameter that carries an upload error.
pub const REFUSED: &str = "refused";

/// Reason that a file was refused or a report not created. Its `Display` is a sentence that says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UploadError {
    /// A photo was refused.
    #[error(transparent)]
    Photo(#[from] PhotoError),
    /// A report could not be made.
    #[error("The report could not be made. Please try again.")]
    Report,
    /// A report took longer than the limit.
    #[error("{}", ReportError::Slow)]
    SlowReport,
}

impl UploadError {
    /// Returns the corresponding HTTP status.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Photo(PhotoError::TooLarge(_)) => 413,
            Self::Photo(PhotoError::UnknownKind(_) | PhotoError::Heic(_)) => 415,
            Self::Photo(_) | Self::SlowReport => 422,
            Self::Report => 500,
        }
    }

    /// Encodes the error for the query parameter [`REFUSED`].
    pub fn to_query(&self) -> String {
        match self {
            Self::Photo(PhotoError::NoPhoto) => "no-photo".into(),
            Self::Photo(PhotoError::TooLarge(name)) => format!("too-large:{name}"),
            Self::Photo(PhotoError::UnknownKind(name)) => format!("unknown-kind:{name}"),
            Self::Photo(PhotoError::TooManyPixels(name)) => format!("too-many-pixels:{name}"),
            Self::Photo(PhotoError::TooLong(name)) => format!("too-long:{name}"),
            Self::Photo(PhotoError::Empty(name)) => format!("empty:{name}"),
            Self::Photo(PhotoError::Damaged(name)) => format!("damaged:{name}"),
            Self::Photo(PhotoError::Heic(name)) => format!("heic:{name}"),
            Self::Report => "report".into(),
            Self::SlowReport => "slow-report".into(),
        }
    }

    /// Parses the value of the query parameter.
    pub fn from_query(text: &str) -> Option<Self> {
        let (slug, name) = text.split_once(':').unwrap_or((text, ""));
        let name = name.to_owned();
        Some(match slug {
            "no-photo" => Self::Photo(PhotoError::NoPhoto),
            "too-large" => Self::Photo(PhotoError::TooLarge(name)),
            "unknown-kind" => Self::Photo(PhotoError::UnknownKind(name)),
            "too-many-pixels" => Self::Photo(PhotoError::TooManyPixels(name)),
            "too-long" => Self::Photo(PhotoError::TooLong(name)),
            "empty" => Self::Photo(PhotoError::Empty(name)),
            "damaged" => Self::Photo(PhotoError::Damaged(name)),
            "heic" => Self::Photo(PhotoError::Heic(name)),
            "report" => Self::Report,
            "slow-report" => Self::SlowReport,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survives_the_way_through_a_query_string() {
        let name = || "roof: north.jpg".to_owned();
        for trouble in [
            PhotoError::NoPhoto.into(),
            PhotoError::TooLarge(name()).into(),
            PhotoError::UnknownKind(name()).into(),
            PhotoError::TooManyPixels(name()).into(),
            PhotoError::TooLong(name()).into(),
            PhotoError::Empty(name()).into(),
            PhotoError::Damaged(name()).into(),
            PhotoError::Heic(name()).into(),
            UploadError::Report,
            UploadError::SlowReport,
        ] {
            assert_eq!(UploadError::from_query(&trouble.to_query()), Some(trouble));
        }
        assert_eq!(UploadError::from_query("<script>"), None);
    }
}
