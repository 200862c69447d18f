//! List of inspections: a table on wide screens, cards on a phone.

use crate::ui::{Day, Icon, PersonName, StatusBadge, Time, icons};
use domain::inspection::InspectionRow;
use leptos::prelude::*;

/// Table of inspections.
#[component]
pub(super) fn InspectionRows(
    /// Rows in order.
    rows: Vec<InspectionRow>,
) -> impl IntoView {
    view! {
        <table class="table inspections">
            <thead>
                <tr>
                    <th scope="col">"Inspection"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col">"Client"</th>
                    <th scope="col">"Inspector"</th>
                    <th scope="col">"Scheduled"</th>
                    <th scope="col">"Last changed"</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(|row| view! { <Row row/> }).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

#[component]
fn Row(row: InspectionRow) -> impl IntoView {
    let hazards = (row.hazards > 0).then(|| {
        let words = format!("{} unsafe", row.hazards);
        view! {
            <span class="badge" data-tone="unsafe">
                <Icon icon=icons::OCTAGON_ALERT/>
                {words}
            </span>
        }
    });
    let inspector = row.inspector.map(|person| view! { <PersonName name=person.name/> });
    let scheduled = row.scheduled_on.map(|on| view! { <Day on/> });
    view! {
        <tr>
            <td class="inspections-name">
                <a class="row-link" href=format!("/inspections/{}", row.id)><bdi>{row.name}</bdi></a>
                <p class="muted small">
                    <span class="reference">{row.reference}</span>
                    <bdi class="clip">{row.address}</bdi>
                </p>
            </td>
            <td class="inspections-status"><StatusBadge status=row.status/> {hazards}</td>
            <td class="inspections-client" title=row.client.clone()><bdi>{row.client.clone()}</bdi></td>
            <td class="inspections-inspector">{inspector}</td>
            <td class="inspections-scheduled">{scheduled}</td>
            <td class="inspections-changed"><Time at=row.changed_at/></td>
        </tr>
    }
    .into_any()
}
