//! The organisation that inspects, as its reports name it, with the rules for its fields.

use crate::text::{normal_line, normal_prose};
use serde::{Deserialize, Serialize};

/// Maximum length of the organisation's name, in characters.
pub const MAX_ORGANISATION_NAME_LENGTH: usize = 120;
/// Maximum length of the organisation's address, in characters.
pub const MAX_ORGANISATION_ADDRESS_LENGTH: usize = 400;
/// Maximum number of lines of the organisation's address, because more lines would not fit on the
/// cover page of a report.
pub const MAX_ADDRESS_LINES: usize = 6;

/// The organisation that inspects. Reports print nothing in place of an empty field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// Its address, which may have several lines.
    pub address: String,
    /// Its logo.
    pub logo: Option<Logo>,
}

/// The logo of an organisation: a PNG file that is stored under its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    /// SHA-256 of the PNG, in hexadecimal.
    pub sha256: String,
    /// Its width, in pixels.
    pub width: i64,
    /// Its height, in pixels.
    pub height: i64,
}

/// Checks the name of the organisation and returns it in its [normal form](normal_line). It may be empty.
///
/// # Errors
/// A message that says how to correct it.
pub fn check_organisation_name(name: &str) -> Result<String, String> {
    let name = normal_line(name);
    if name.chars().count() > MAX_ORGANISATION_NAME_LENGTH {
        return Err(format!("Keep the name to {MAX_ORGANISATION_NAME_LENGTH} characters."));
    }
    Ok(name)
}

/// Checks the address of the organisation and returns it in its [normal form](normal_prose). It may be empty.
///
/// # Errors
/// A message that says how to correct it.
pub fn check_organisation_address(address: &str) -> Result<String, String> {
    let address = normal_prose(address).trim().to_owned();
    if address.chars().count() > MAX_ORGANISATION_ADDRESS_LENGTH {
        return Err(format!("Keep the address to {MAX_ORGANISATION_ADDRESS_LENGTH} characters."));
    }
    if address.lines().count() > MAX_ADDRESS_LINES {
        return Err(format!("Keep the address to {MAX_ADDRESS_LINES} lines."));
    }
    Ok(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_bounded_and_may_be_empty() {
        assert_eq!(
            check_organisation_name("  Example   Surveyors ").as_deref(),
            Ok("Example Surveyors")
        );
        assert_eq!(check_organisation_name("").as_deref(), Ok(""));
        assert!(check_organisation_name(&"a".repeat(121)).is_err());
        assert_eq!(
            check_organisation_address("1 Example Street\r\nExampleton\n").as_deref(),
            Ok("1 Example Street\nExampleton")
        );
        assert!(check_organisation_address(&"a\n".repeat(7)).is_err());
        assert!(check_organisation_address(&"a".repeat(401)).is_err());
    }
}
