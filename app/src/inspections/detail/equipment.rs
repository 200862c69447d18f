//! Equipment of an inspection.

use super::{
    confirmation::Confirmation,
    details::EditBlock,
    form_parts::{ConfirmButton, EditButton},
    page_state::InspectionPageState,
};
use crate::ui::{ButtonKind, ConditionBadge, EmptyState, List, icons};
use domain::{
    change::Action,
    id::EquipmentId,
    inspection::{Equipment, Field, Target},
    text::isolate,
};
use leptos::prelude::*;

/// List of equipment with a button to add an item.
#[component]
pub(super) fn EquipmentList(
    /// Page state.
    page_state: InspectionPageState,
) -> impl IntoView {
    let ids = Memo::new(move |_| {
        page_state
            .inspection
            .with(|it| it.equipment.iter().map(|piece| piece.id).collect::<Vec<_>>())
    });
    let editable = Memo::new(move |_| page_state.may(Action::Edit).is_ok());
    let count = move || ids.with(Vec::len);
    let none = move || {
        (count() == 0).then(|| {
            let sentence = match editable.get() {
                true => "Add what is installed here, with its maker and serial number.",
                false => "None was recorded here.",
            };
            view! {
                <EmptyState icon=icons::WRENCH title="No equipment yet" sentence/>
            }
        })
    };
    view! {
        <section class="card" aria-labelledby="equipment">
            <div class="card-head">
                <h2 id="equipment" tabindex="-1">"Equipment " <span class="count muted">{count}</span></h2>
                {move || {
                    editable
                        .get()
                        .then(|| {
                            view! { <ConfirmButton page_state ask=Confirmation::ADD_EQUIPMENT label="Add equipment"/> }
                        })
                }}
            </div>
            {none}
            <ul class="rows" aria-label="Equipment">
                <List each=move || ids.get() key=|id| *id let:id>
                    <EquipmentItem page_state id editable/>
                </List>
            </ul>
        </section>
    }
    .into_any()
}

/// Row of one equipment item.
#[component]
fn EquipmentItem(
    page_state: InspectionPageState,
    id: EquipmentId,
    editable: Memo<bool>,
) -> impl IntoView {
    let target = Target::Equipment(id);
    let piece = Memo::new(move |_| {
        page_state.inspection.with(|it| it.equipment(id).cloned()).unwrap_or_default()
    });
    let name = Memo::new(move |_| page_state.inspection.with(|it| it.name_of(target)));
    let open = page_state.form_of(target);

    let read = move || {
        let tools = move || {
            editable.get().then(|| {
                view! {
                    <div class="cluster section-tools">
                        <EditButton page_state target open/>
                        <ConfirmButton
                            page_state
                            ask=Confirmation::remove(target)
                            kind=ButtonKind::Quiet
                            icon_only=true
                        />
                    </div>
                }
            })
        };
        view! {
            <div class="row-main">
                <p><strong><bdi>{move || piece.with(|it| it.kind.clone())}</bdi></strong></p>
                <p class="muted">{move || piece.with(make_and_model)}</p>
            </div>
            {move || view! { <ConditionBadge condition=piece.with(|it| it.condition)/> }}
            {tools}
        }
    };
    let content = move || match editable.get() && open.get() {
        true => view! { <EditBlock page_state target open/> }.into_any(),
        false => read().into_any(),
    };
    view! {
        <li id=format!("equipment-{id}") tabindex="-1">
            <div class="row" role="group" aria-label=move || name.get()>
                {content}
            </div>
        </li>
    }
    .into_any()
}

/// Formats make, model, serial number and any other field of an item.
pub(in crate::inspections) fn make_and_model(piece: &Equipment) -> String {
    let others = Equipment::FIELDS.iter().filter(|field| !is_apart(**field));
    let words = others.filter_map(|field| {
        let value = piece.get(*field).filter(|value| !value.is_empty())?.to_string();
        let value = isolate(&value);
        Some(match field {
            Field::Make | Field::Model => value.into_owned(),
            Field::Serial => format!("serial {value}"),
            other => format!("{} {value}", other.label().to_lowercase()),
        })
    });
    words.collect::<Vec<_>>().join(" · ")
}

/// Returns whether the row of an item shows a field in a place of its own.
const fn is_apart(field: Field) -> bool {
    matches!(field, Field::Kind | Field::Condition)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_left_out() {
        let piece = Equipment { make: "Acme".into(), serial: "7".into(), ..Equipment::default() };
        assert_eq!(make_and_model(&piece), "Acme · serial 7");
        assert_eq!(make_and_model(&Equipment::default()), "");
    }
}
