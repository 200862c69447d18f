//! Names of past states in addresses: a change, its number, or the newest change that the viewer reviewed.

#[cfg(feature = "ssr")]
use crate::{error::AppError, form::Typed};
#[cfg(feature = "ssr")]
use domain::id::ChangeId;
#[cfg(feature = "ssr")]
use service::past::At;

/// Query parameters of the shown state: a change, or the change's number, which a slider submits.
pub(super) const AT: &str = "at";
pub(super) const STEP: &str = "step";

/// The same parameters for the two compared states.
pub(super) const FROM: (&str, &str) = ("from", "from_step");
pub(super) const TO: (&str, &str) = ("to", "to_step");

/// Value that stands for the newest change the viewer reviewed.
#[cfg(feature = "ssr")]
const REVIEW: &str = "review";

/// Returns whether a query string requests all changes since the viewer's last review.
#[cfg(feature = "ssr")]
pub(super) fn asks_for_review(query: &str) -> bool {
    typed(query).get(FROM.0).is_some_and(|it| it == REVIEW)
}

/// Parses a state from a query string, given by change or by number.
///
/// # Errors
/// A parameter is invalid.
#[cfg(feature = "ssr")]
pub(super) fn asked(query: &str, (change, step): (&str, &str)) -> Result<Option<At>, AppError> {
    let typed = typed(query);
    let number = |name| match typed.get(name).map(|text| text.parse::<i64>()) {
        None => Ok(None),
        Some(Ok(number)) => Ok(Some(number)),
        Some(Err(_)) => Err(AppError::unreadable(
            typed.get(name).map_or("", String::as_str),
            "Choose a change from the history of the inspection.",
        )),
    };
    let change = number(change)?.map(|change| At::Change(ChangeId(change)));
    Ok(change.or(number(step)?.map(At::Step)))
}

#[cfg(feature = "ssr")]
fn typed(query: &str) -> Typed {
    let query = query.trim_start_matches('?').as_bytes();
    form_urlencoded::parse(query).into_owned().collect()
}
