//! Ids in page addresses.

use crate::error::AppError;
use leptos_router::params::ParamsMap;
use std::str::FromStr;

/// Parses the id in the route parameter `name`.
///
/// # Errors
/// [`AppError::Unreadable`] with a hint, when the text is no valid id.
pub(crate) fn id<Id: FromStr>(params: &ParamsMap, name: &str) -> Result<Id, AppError> {
    let text = params.get_str(name).unwrap_or_default();
    text.parse().map_err(|_| {
        AppError::unreadable(text, "Check the address, or open the page from its list.")
    })
}

/// Parses an optional value in a query string.
///
/// # Errors
/// [`AppError::Unreadable`] with the hint, when the text is no valid value.
pub(crate) fn optional<T: FromStr>(
    query: &ParamsMap,
    name: &str,
    hint: &str,
) -> Result<Option<T>, AppError> {
    let read = |text: &str| text.parse().map_err(|_| AppError::unreadable(text, hint));
    query.get_str(name).map(read).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::InspectionId;

    #[test]
    fn an_id_that_cannot_be_read_is_said_with_a_way_on() {
        let read = |text: &str| {
            let mut params = ParamsMap::new();
            params.insert("id", text.to_owned());
            id::<InspectionId>(&params, "id")
        };
        assert_eq!(read("12"), Ok(InspectionId(12)));
        for text in ["abc", "", "1.5", "123456789012345678901234567890"] {
            let error = read(text).unwrap_err();
            assert_eq!(error.status(), 400);
            assert!(error.to_string().contains("Check the address"), "{error}");
        }
    }
}
