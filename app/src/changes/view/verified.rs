//! Whether a record verifies, in one line.

use crate::{changes::api::Verified, ui::Icon};
use leptos::prelude::*;

/// Says whether the record of an inspection verifies; what that means opens below.
#[component]
pub fn VerifiedLine(
    /// Whether it does.
    verified: Verified,
) -> impl IntoView {
    let (icon, tone, line) = match verified {
        Verified::Sound(1) => {
            (icondata_lu::LuShieldCheck, "sound", "Verified: its one change is unaltered.".into())
        }
        Verified::Sound(changes) => (
            icondata_lu::LuShieldCheck,
            "sound",
            format!("Verified: all {changes} changes are here, in order and unaltered."),
        ),
        Verified::Wrong(wrong) => {
            (icondata_lu::LuShieldAlert, "wrong", format!("This record does not verify. {wrong}"))
        }
    };
    view! {
        <div class="verified" data-tone=tone>
            <p class="verified-line" role="status">
                <Icon icon/>
                <span>{line}</span>
            </p>
            <details class="verified-meaning">
                <summary>"What this means"</summary>
                <p>
                    "Each change bears a SHA-256 over what it says and over the change before it. They were \
                     computed anew just now, and what the inspection shows was compared with what its \
                     changes make. Had somebody altered, removed, added or swapped anything behind \
                     Plumbline’s back, this line would say what."
                </p>
                <p>
                    "Whether the end of the whole record was cut off, or all of it made anew, is told by \
                     signed checkpoints outside the database: an administrator runs "
                    <code>"plumbline verify"</code>" to hold it against them."
                </p>
            </details>
        </div>
    }
    .into_any()
}
