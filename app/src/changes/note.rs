//! Form to review or flag with a note for other reviewers.

use super::{ask::TextForm, dashboard::DashboardState};
use crate::ui::icons;
use leptos::prelude::*;

/// Button that opens a note form, with one button to review and one to flag.
#[component]
pub(super) fn NoteForm(
    dashboard: DashboardState,
    /// Entry; `None` for the selection.
    #[prop(optional)]
    entry: Option<String>,
) -> impl IntoView {
    let acts = vec![("reviewed", "Reviewed with this note"), ("flagged", "Flag with this note")];
    let name = if entry.is_some() { "entry" } else { "" };
    view! {
        <TextForm
            dashboard
            act="note"
            name
            value=entry.unwrap_or_default()
            word="Add a note"
            label="Note"
            hint="Reviewers read it beside the change."
            icon=icons::STICKY_NOTE
            acts
        />
    }
}
