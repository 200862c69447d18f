//! Lists of inspections grouped by a common sentence, with the number of inspections in each group.

use domain::view::{Alike, Touched};
use leptos::prelude::*;

/// Formats a number of inspections, as in "1 inspection" or "812 inspections".
pub(super) fn counted(inspections: usize) -> String {
    format!("{inspections} inspection{}", if inspections == 1 { "" } else { "s" })
}

/// Renders the groups, each with its inspections, either open or folded.
pub(super) fn listed(label: &'static str, all: Vec<Alike>, open: bool) -> AnyView {
    let rows = all.into_iter().map(|alike| view! { <li>{one(alike, open)}</li> }).collect_view();
    view! { <ul class="alike" aria-label=label>{rows}</ul> }.into_any()
}

fn one(alike: Alike, open: bool) -> AnyView {
    let Alike { says, count, inspections } = alike;
    let more = count - inspections.len();
    let more = (more > 0).then(|| view! { <li>{format!("and {} more", counted(more))}</li> });
    let rows = inspections.iter().map(|it| view! { <li>{link(it)}</li> }).collect_view();
    view! {
        <details open=open>
            <summary><strong>{counted(count)}</strong> ": " {says}</summary>
            <ul class="alike-inspections">{rows} {more}</ul>
        </details>
    }
    .into_any()
}

/// Renders a link for undoing the request in one inspection, where conflicts are resolved by field.
fn link(it: &Touched) -> AnyView {
    let href = format!("/inspections/{}/undo?change={}&all=1", it.id, it.change);
    view! { <a href=href>{it.reference.clone()} " " <bdi>{it.name.clone()}</bdi></a> }.into_any()
}
