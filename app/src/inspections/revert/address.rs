//! Addresses of the page about undoing a change or restoring a state, and of the page after it.

#[cfg(feature = "ssr")]
use crate::{error::AppError, inspections::form::Typed};
#[cfg(feature = "ssr")]
use domain::{ChangeId, InspectionId};
#[cfg(feature = "ssr")]
use service::{ServiceError, revert::Aim};

/// The names in an address: the change to undo, whether all that its request did, the change after
/// which the inspection is to stand again, and why the page is shown once more.
pub(super) const CHANGE: &str = "change";
pub(super) const ALL: &str = "all";
pub(super) const TO: &str = "to";
#[cfg(feature = "ssr")]
const FAILED: &str = "failed";

/// The names and values of a query string.
#[cfg(feature = "ssr")]
pub(super) fn typed(query: &str) -> Typed {
    form_urlencoded::parse(query.trim_start_matches('?').as_bytes()).into_owned().collect()
}

/// Reads which change is to be undone, or which state restored.
///
/// # Errors
/// It cannot be read, or names none.
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

/// The sentence about the last attempt, where the address says that it failed.
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

/// The address after an attempt: the inspection, or the page that asks once more.
///
/// # Errors
/// The attempt failed in a way that asking once more does not help.
#[cfg(feature = "ssr")]
pub(super) fn after(
    id: InspectionId,
    form: Typed,
    done: Result<Option<ChangeId>, ServiceError>,
) -> Result<String, AppError> {
    let why = match done {
        Ok(last) => {
            let query = last.map(|last| format!("?led-back={last}")).unwrap_or_default();
            return Ok(format!("/inspections/{id}{query}"));
        }
        Err(ServiceError::Conflict(_)) => "changed",
        Err(ServiceError::Refused(_)) => "refused",
        Err(other) => return Err(other.into()),
    };
    Ok(format!("/inspections/{id}/undo?{}", again(form, why)))
}

/// The query string of the page that asks once more.
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
