//! Verification status of a record, in one line.

use crate::ui::{Icon, icons};
use domain::view::Verified;
use leptos::prelude::*;

/// Verification status of an inspection's record, with an explanation that opens below.
#[component]
pub fn VerifiedLine(
    /// Status to show.
    verified: Verified,
) -> impl IntoView {
    let (icon, tone, line) = match verified {
        Verified::Sound(1) => {
            (icons::SHIELD_CHECK, "sound", "Verified: its one change is intact.".into())
        }
        Verified::Sound(changes) => {
            (icons::SHIELD_CHECK, "sound", format!("Verified: all {changes} changes are intact."))
        }
        Verified::Wrong(wrong) => {
            (icons::SHIELD_ALERT, "wrong", format!("This record does not verify. {wrong}"))
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
                    "Each change bears a SHA-256 over what it says and over the change before it. Those of the \
                     changes on this page were computed anew just now. Within the last ten minutes all of \
                     them were, and what the inspection shows was compared with what its changes make. If \
                     anything had been altered, this line would say where."
                </p>
                <p>
                    "Somebody who can write the database could do that too, or cut off the end. It is told \
                     by signed checkpoints outside the database, and by every PDF that was made before: an \
                     administrator runs "<code>"plumbline verify"</code>" to hold the record against them, \
                     which reads the files of photos and reports as well if asked to."
                </p>
            </details>
        </div>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn html(verified: Verified) -> String {
        Owner::new().with(|| view! { <VerifiedLine verified/> }.to_html())
    }

    #[test]
    fn it_says_what_is_wrong() {
        let wrong = "BI-2026-0001 (inspection 1), change 8: the change was altered.";
        let html = html(Verified::Wrong(wrong.into()));
        assert!(html.contains(&format!("This record does not verify. {wrong}")), "{html}");
        assert!(html.contains("data-tone=\"wrong\"") && html.contains("role=\"status\""), "{html}");
        assert!(!html.contains("Verified:"), "{html}");
    }

    #[test]
    fn it_says_no_more_than_is_so() {
        for (changes, words) in [(1, "its one change is intact"), (2, "all 2 changes are intact")] {
            let html = html(Verified::Sound(changes));
            assert!(html.contains("Verified:") && html.contains(words), "{html}");
            assert!(html.contains("data-tone=\"sound\""), "{html}");
        }
    }
}
