//! Description of the change to undo or the state to restore.

use super::address::{ALL, CHANGE};
use crate::change_view::line;
use domain::{
    change::Change,
    id::{ChangeId, InspectionId},
    view::RevertChoice,
};
use leptos::prelude::*;

/// Describes the change to undo or the state to restore, with links to the alternatives.
#[component]
pub(super) fn About(
    /// Change or state.
    subject: RevertChoice,
    /// Inspection it belongs to.
    inspection: InspectionId,
) -> impl IntoView {
    let inspection_address = format!("/inspections/{inspection}");
    let link = move |change: ChangeId, all: bool, words: String| {
        let query =
            if all { format!("{CHANGE}={change}&{ALL}=1") } else { format!("{CHANGE}={change}") };
        let href = format!("{inspection_address}/undo?{query}");
        view! { <p><a href=href>{words}</a></p> }.into_any()
    };
    match subject {
        RevertChoice::Undo { change, all: false, request, elsewhere } => {
            let others = (request.len() > 1).then(|| {
                let words = format!("Undo all {} changes that this request did", request.len());
                link(change.id, true, words)
            });
            let everywhere = elsewhere.then(|| everywhere(&change));
            view! { <div class="stack-tight">{line(&change)} {others} {everywhere}</div> }
                .into_any()
        }
        RevertChoice::Undo { change, all: true, request, elsewhere } => {
            let count = request.len();
            let lines = request.iter().map(|it| view! { <li>{line(it)}</li> }).collect_view();
            let one = (count > 1).then(|| {
                link(change.id, false, format!("Undo only this: {}", change.record.description()))
            });
            let everywhere = elsewhere.then(|| everywhere(&change));
            view! {
                <div class="stack-tight">
                    <ul class="undone" aria-label="What is undone, newest first">{lines}</ul>
                    {one}
                    {everywhere}
                </div>
            }
            .into_any()
        }
        RevertChoice::Restore { change } => view! {
            <div class="stack-tight">
                <p>"The whole inspection goes back to how it stood after this change:"</p>
                {line(&change)}
            </div>
        }
        .into_any(),
    }
}

/// Renders a link for undoing the whole request, which touched other inspections too.
fn everywhere(change: &Change) -> AnyView {
    let href = format!("/changes/request/{}/undo", change.request_id);
    view! { <p><a href=href>"Undo it in every inspection that this request touched"</a></p> }
        .into_any()
}
