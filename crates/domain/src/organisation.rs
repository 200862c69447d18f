//! The organisation that inspects, as its reports name it. One place says what may stand in its fields.

use crate::{normal_line, normal_prose};
use serde::{Deserialize, Serialize};

/// The most characters that the name of the organisation may have.
pub const MOST_ORGANISATION_NAME: usize = 120;
/// The most characters that the address of the organisation may have.
pub const MOST_ORGANISATION_ADDRESS: usize = 400;
/// The most lines that the address of the organisation may have: more would push a report's cover off its page.
pub const MOST_ADDRESS_LINES: usize = 6;

/// The organisation that inspects. Where a field is empty, reports print nothing in its place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// Its address, of any number of lines.
    pub address: String,
    /// Its logo.
    pub logo: Option<Logo>,
}

/// The logo of an organisation: a PNG that is kept by its hash.
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
/// A sentence that says what to do instead.
pub fn check_organisation_name(name: &str) -> Result<String, String> {
    let name = normal_line(name);
    if name.chars().count() > MOST_ORGANISATION_NAME {
        return Err(format!("Keep the name to {MOST_ORGANISATION_NAME} characters."));
    }
    Ok(name)
}

/// Checks the address of the organisation and returns it in its [normal form](normal_prose). It may be empty.
///
/// # Errors
/// A sentence that says what to do instead.
pub fn check_organisation_address(address: &str) -> Result<String, String> {
    let address = normal_prose(address).trim().to_owned();
    if address.chars().count() > MOST_ORGANISATION_ADDRESS {
        return Err(format!("Keep the address to {MOST_ORGANISATION_ADDRESS} characters."));
    }
    if address.lines().count() > MOST_ADDRESS_LINES {
        return Err(format!("Keep the address to {MOST_ADDRESS_LINES} lines."));
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
