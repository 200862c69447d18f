//! Photos: general ones on their own card, a section's within the section.

use super::{
    page_state::InspectionPageState, photo_order::PhotoList, photo_tile::PhotoTile,
    photo_viewer::PhotoViewer, uploads::Uploads,
};
use crate::ui::{EmptyState, List, icons};
use domain::{change::Action, id::SectionId};
use leptos::prelude::*;

/// Card of the photos without a section.
#[component]
pub(super) fn Photos(
    /// Page state.
    page_state: InspectionPageState,
) -> impl IntoView {
    let count = Memo::new(move |_| page_state.inspection.with(|it| it.photos_of(None).count()));
    let editable = Memo::new(move |_| page_state.may(Action::AddPhoto).is_ok());
    let none = move || {
        (count.get() == 0 && !editable.get()).then(|| {
            view! {
                <EmptyState
                    icon=icons::IMAGES
                    title="No photos"
                    sentence="Photos of a section are shown with it."
                />
            }
        })
    };
    view! {
        <section class="card" id="inspection-photos" aria-labelledby="photos">
            <div class="card-head">
                <h2 id="photos" tabindex="-1">
                    "General photos " <span class="count muted">{move || count.get()}</span>
                </h2>
            </div>
            {none}
            <div class="card-body"><PhotoGrid page_state section=None/></div>
        </section>
    }
    .into_any()
}

/// Grid of the photos of a section, with uploads.
#[component]
pub(super) fn PhotoGrid(
    /// Page state.
    page_state: InspectionPageState,
    /// Section; `None` for the inspection as a whole.
    section: Option<SectionId>,
) -> impl IntoView {
    let list = PhotoList::new(page_state, section);
    let editable = Memo::new(move |_| page_state.may(Action::AddPhoto).is_ok());
    view! {
        <div class="photos">
            <ul class="photo-grid" aria-label="Photos">
                <List each=move || list.ids.get() key=|id| *id let:id>
                    <PhotoTile page_state list id/>
                </List>
            </ul>
            <p class="visually-hidden" role="status">{move || list.said.get()}</p>
            <PhotoViewer page_state shown=list.shown/>
            {move || editable.get().then(|| view! { <Uploads page_state section/> })}
        </div>
    }
    .into_any()
}
