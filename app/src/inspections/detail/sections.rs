//! Sections of an inspection, in order.

use super::{
    confirmation::Confirmation,
    form_parts::ConfirmButton,
    page_state::InspectionPageState,
    progress_list::ProgressList,
    section::{Moving, SectionView},
};
use crate::ui::{ButtonKind, EmptyState, List, icons};
use domain::change::Action;
use leptos::prelude::*;

/// List of sections with a button to add one.
#[component]
pub(super) fn Sections(
    /// Page state.
    page_state: InspectionPageState,
) -> impl IntoView {
    let ids = Memo::new(move |_| {
        page_state
            .inspection
            .with(|it| it.sections.iter().map(|section| section.id).collect::<Vec<_>>())
    });
    let editable = Memo::new(move |_| page_state.may(Action::AddSection).is_ok());
    let moving = Moving {
        dragged: RwSignal::new(None),
        over: RwSignal::new(None),
        said: RwSignal::new(String::new()),
    };
    let count = move || ids.with(Vec::len);
    let none = move || {
        (count() == 0).then(|| {
            let sentence = match editable.get() {
                true => "Add one for each part of the building you look at.",
                false => "Nothing has been inspected here.",
            };
            view! {
                <EmptyState icon=icons::CLIPBOARD_LIST title="No sections yet" sentence/>
            }
        })
    };
    view! {
        <section class="stack" aria-labelledby="sections">
            <div class="spread">
                <h2 id="sections" tabindex="-1">"Sections " <span class="count muted">{count}</span></h2>
                {move || {
                    editable
                        .get()
                        .then(|| view! { <ConfirmButton page_state ask=Confirmation::ADD_SECTION kind=ButtonKind::Secondary/> })
                }}
            </div>
            <ProgressList page_state/>
            {none}
            <ol class="stack" aria-label="Sections">
                <List each=move || ids.get() key=|id| *id let:id>
                    <SectionView page_state id moving/>
                </List>
            </ol>
            {move || {
                (editable.get() && count() > 0)
                    .then(|| {
                        view! {
                            <ConfirmButton
                                page_state
                                ask=Confirmation::ADD_SECTION
                                kind=ButtonKind::Secondary
                                label="Add another section"
                            />
                        }
                    })
            }}
            <p class="visually-hidden" role="status">{move || moving.said.get()}</p>
        </section>
    }
    .into_any()
}
