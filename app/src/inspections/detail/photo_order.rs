//! Order and cover of photos: by dragging, by buttons, and by plain forms.

use super::{
    focus,
    form_parts::{Hidden, action},
    page_state::InspectionPageState,
};
use crate::{
    auth::PagePerson,
    form::FormAction,
    ui::{Button, ButtonKind, icons},
};
use domain::{
    change::{Action, Mutation},
    id::{PhotoId, SectionId},
    inspection::{Field, Target, Value, Values},
};
use leptos::{ev, prelude::*};

/// State shared by the photos of one section, or of the inspection as a whole.
#[derive(Clone, Copy)]
pub(super) struct PhotoList {
    /// Photos in order.
    pub(super) ids: Memo<Vec<PhotoId>>,
    /// Photo shown in the viewer.
    pub(super) shown: RwSignal<Option<PhotoId>>,
    /// Photo whose form opens next.
    pub(super) next: RwSignal<Option<PhotoId>>,
    /// Photo being dragged.
    pub(super) dragged: RwSignal<Option<PhotoId>>,
    /// Photo under the dragged one.
    pub(super) over: RwSignal<Option<PhotoId>>,
    /// Last move in words, for screen readers.
    pub(super) said: RwSignal<String>,
}

impl PhotoList {
    /// Creates the list of a section's photos; with `None`, of the inspection's general photos.
    pub(super) fn new(page_state: InspectionPageState, section: Option<SectionId>) -> Self {
        let ids = move |_: Option<&Vec<PhotoId>>| {
            page_state.inspection.with(|it| it.photos_of(section).map(|photo| photo.id).collect())
        };
        Self {
            ids: Memo::new(ids),
            shown: RwSignal::new(None),
            next: RwSignal::new(None),
            dragged: RwSignal::new(None),
            over: RwSignal::new(None),
            said: RwSignal::new(String::new()),
        }
    }

    /// Returns the index of a photo, from 0.
    pub(super) fn place(self, id: PhotoId) -> Option<usize> {
        self.ids.with(|ids| ids.iter().position(|other| *other == id))
    }

    /// Returns the photo after the given one.
    pub(super) fn after(self, id: PhotoId) -> Option<PhotoId> {
        let place = untrack(|| self.place(id))?;
        self.ids.with_untracked(|ids| ids.get(place + 1).copied())
    }

    /// Moves a photo to an index, from 0, and announces it.
    pub(super) fn put(self, page_state: InspectionPageState, id: PhotoId, place: usize) {
        let moves = page_state.inspection.with_untracked(|it| it.photo_moves(id, place));
        for mutation in moves {
            page_state.perform(mutation, move |result| match result {
                Err(error) => page_state.toasts.wrong(error.to_string()),
                Ok(_) => self.say_place(page_state, id),
            });
        }
    }

    fn say_place(self, page_state: InspectionPageState, id: PhotoId) {
        let said = page_state.inspection.try_with_untracked(|it| {
            let photo = it.photo(id)?;
            let ids: Vec<_> = it.photos_of(photo.section).map(|photo| photo.id).collect();
            let place = ids.iter().position(|other| *other == id)? + 1;
            Some(format!("{} is now photo {place} of {}.", photo.name, ids.len()))
        });
        if let Some(said) = said.flatten() {
            self.said.try_set(said);
        }
    }
}

/// Buttons that move a photo and choose it as the cover.
#[component]
pub(super) fn PhotoPlace(
    /// Page state.
    page_state: InspectionPageState,
    /// Photos of the list.
    list: PhotoList,
    /// Photo.
    id: PhotoId,
) -> impl IntoView {
    let several = Memo::new(move |_| list.ids.with(|ids| ids.len() > 1));
    let is_cover = Memo::new(move |_| is_cover(page_state, id));
    let chosen = move || match is_cover.get() {
        true => 0,
        false => page_state.inspection.with(domain::inspection::Inspection::next_cover),
    };
    let choose = move |event: ev::MouseEvent| {
        event.prevent_default();
        let values = Values::new().with(Field::Cover, Value::Number(untrack(chosen)));
        page_state.perform(Mutation::Edit { target: Target::Photo(id), values }, move |result| {
            if let Err(error) = result {
                page_state.toasts.wrong(error.to_string());
            }
        });
    };
    view! {
        {move || {
            several
                .get()
                .then(|| {
                    view! {
                        <MoveButton page_state list id earlier=true/>
                        <MoveButton page_state list id earlier=false/>
                    }
                })
        }}
        <form class="inline" method="post" action=action(page_state)>
            <PagePerson/>
            <Hidden page_state form_action=FormAction::Edit target=Target::Photo(id)/>
            <input type="hidden" name=Field::Cover.slug() value=move || chosen().to_string()/>
            <Button
                submit=true
                kind=ButtonKind::Quiet
                icon=icons::BOOK_IMAGE
                icon_only=true
                attr:title="Use as the cover of the report"
                attr:aria-pressed=move || is_cover.get().to_string()
                on_click=choose
            >
                "Use as cover"
            </Button>
        </form>
    }
    .into_any()
}

/// Returns whether a photo is the chosen cover and may be shown as such.
pub(super) fn is_cover(page_state: InspectionPageState, id: PhotoId) -> bool {
    page_state.inspection.with(|it| it.cover().is_some_and(|photo| photo.id == id))
}

#[component]
fn MoveButton(
    page_state: InspectionPageState,
    list: PhotoList,
    id: PhotoId,
    earlier: bool,
) -> impl IntoView {
    let to = move || {
        let place = list.place(id)?;
        let last = list.ids.with(Vec::len).checked_sub(1)?;
        if earlier { place.checked_sub(1) } else { Some(place + 1).filter(|to| *to <= last) }
    };
    // Sort key of the target position, for the plain form.
    let rank = move || {
        let moves = to().map(|to| page_state.inspection.with(|it| it.photo_moves(id, to)));
        let key = |mutation: &Mutation| match mutation {
            Mutation::Edit { values, .. } => values.get(Field::Rank).map(ToString::to_string),
            _ => None,
        };
        moves.as_ref().and_then(|moves| moves.last()).and_then(key)
    };
    let (name, icon, words) = match earlier {
        true => ("earlier", icons::ARROW_LEFT, "Move earlier"),
        false => ("later", icons::ARROW_RIGHT, "Move later"),
    };
    let press = move |event: ev::MouseEvent| {
        event.prevent_default();
        let Some(to) = untrack(to) else { return };
        list.put(page_state, id, to);
        // A moved photo loses the focus.
        focus::focus(&format!("photo-{id}-{name}"));
    };
    view! {
        <form class="inline" method="post" action=action(page_state)>
            <PagePerson/>
            <Hidden page_state form_action=FormAction::Edit target=Target::Photo(id)/>
            <input type="hidden" name=Field::Rank.slug() value=rank/>
            <Button
                submit=true
                kind=ButtonKind::Quiet
                icon
                icon_only=true
                disabled=Signal::derive(move || to().is_none())
                attr:id=format!("photo-{id}-{name}")
                attr:title=words
                on_click=press
            >
                {words}
            </Button>
        </form>
    }
    .into_any()
}

/// Returns whether the viewer may reorder the photos.
pub(super) fn may_arrange(page_state: InspectionPageState) -> bool {
    page_state.may(Action::Edit).is_ok()
}
