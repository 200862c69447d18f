//! Addresses of the revert page and of the page after it.

#[cfg(feature = "ssr")]
use crate::{error::AppError, form::Typed};
#[cfg(feature = "ssr")]
use domain::id::{ChangeId, InspectionId};
#[cfg(feature = "ssr")]
use service::{ServiceError, revert::Aim};

/// Query parameters: the change to undo, whether to undo its whole request, the change whose state to
/// restore, and the reason that the page is shown again.
pub(super) const CHANGE: &str = "change";
pub(super) const ALL: &str = "all";
pub(super) const TO: &str = "to";
#[cfg(feature = "ssr")]
const FAILED: &str = "failed";

/// Parses a query string.
#[cfg(feature = "ssr")]
pub(super) fn typed(query: &str) -> Typed {
    form_urlencoded::parse(query.trim_start_matches('?').as_bytes()).into_owned().collect()
}

/// Parses the change to undo or the state to restore.
///
/// # Errors
/// A parameter is invalid, or both are missing.
#[cfg(feature = "ssr")]
pub(super) fn aim(typed: &Typed) -> Result<Aim, AppError> {
    let change = |name: &str| match typed.get(name).map(|id| (id, id.parse())) {
        None => Ok(None),
        Some((_, Ok(change))) => Ok(Some(ChangeId(change))),
        Some((id, Err(_))) => {
            Err(AppError::unreadable(id, "Choose a change from the history of the inspection."))
        }
    };
    match (change(CHANGE)?, change(TO)?) {
        (Some(change), _) => Ok(Aim::Undo { change, all: typed.contains_key(ALL) }),
        (None, Some(to)) => Ok(Aim::Restore { to }),
        (None, None) => Err(AppError::NotFound(
            "This inspection has no such change. Choose one from its history.".into(),
        )),
    }
}

/// Returns a sentence about the last attempt, if the address says that it failed.
#[cfg(feature = "ssr")]
pub(super) fn failure(typed: &Typed) -> Option<String> {
    let sentence = match typed.get(FAILED)?.as_str() {
        "changed" => {
            "The inspection was changed while you looked at this, so nothing was done. Below is \
             what it comes to now."
        }
        _ => "Nothing was done.",
    };
    Some(sentence.into())
}

/// Returns the address after an attempt: the inspection, or the revert page again.
///
/// # Errors
/// The attempt failed in a way that a second attempt cannot fix.
#[cfg(feature = "ssr")]
pub(super) fn after(
    id: InspectionId,
    form: Typed,
    done: Result<Option<ChangeId>, ServiceError>,
) -> Result<String, AppError> {
    let why = match done {
        Ok(last) => {
            let query = last.map(|last| format!("?reverted={last}")).unwrap_or_default();
            return Ok(format!("/inspections/{id}{query}"));
        }
        Err(ServiceError::Conflict(_)) => "changed",
        Err(ServiceError::Refused(_)) => "refused",
        Err(other) => return Err(other.into()),
    };
    Ok(format!("/inspections/{id}/undo?{}", again(form, why)))
}

/// Returns the query string of the revert page for another attempt.
#[cfg(feature = "ssr")]
fn again(form: Typed, why: &str) -> String {
    let kept = form.into_iter().filter(|(name, _)| {
        !["inspection", "expected", "request", FAILED].contains(&name.as_str())
    });
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(kept)
        .append_pair(FAILED, why)
        .finish()
}
