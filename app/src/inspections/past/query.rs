//! Moments as addresses name them: by a change, by its number, or as the newest change that the viewer
//! reviewed.

#[cfg(feature = "ssr")]
use crate::{error::AppError, inspections::form::Typed};
#[cfg(feature = "ssr")]
use domain::ChangeId;
#[cfg(feature = "ssr")]
use service::past::At;

/// The name in an address of the change after which an inspection is shown; and of its number, which
/// is what a slider can say.
pub(super) const AT: &str = "at";
pub(super) const STEP: &str = "step";

/// The same for the two moments that are compared.
pub(super) const FROM: (&str, &str) = ("from", "from_step");
pub(super) const TO: (&str, &str) = ("to", "to_step");

/// The name of the newest change that the viewer reviewed, in the place of a change.
#[cfg(feature = "ssr")]
const REVIEW: &str = "review";

/// Whether a query string asks for everything since the viewer's last review.
#[cfg(feature = "ssr")]
pub(super) fn asks_for_review(query: &str) -> bool {
    typed(query).get(FROM.0).is_some_and(|it| it == REVIEW)
}

/// Reads the moment that a query string names by a change, or by its number.
///
/// # Errors
/// It cannot be read.
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
