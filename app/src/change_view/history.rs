//! History of an inspection: its changes newest first, each with a before and after.

use super::{ChangeActions, ChangeDiff, ChangeLine, Comments, Titles, api::history, undone_among};
use crate::{
    error::AppError,
    ui::{ErrorNote, List},
};
use domain::{
    change::Change,
    feed::Comment,
    id::{ChangeId, InspectionId, UserId},
};
use leptos::{ev::MouseEvent, prelude::*, task::spawn_local};

/// History of one inspection. It follows `changes`, so that a new change appears at the top. Older
/// changes are loaded on request; without JavaScript, on a separate page.
#[component]
pub fn History(
    /// Latest changes, newest first, without gaps.
    #[prop(into)]
    changes: Signal<Vec<Change>>,
    /// Inspection.
    inspection: InspectionId,
    /// Titles of its sections.
    #[prop(optional, into)]
    titles: Signal<Titles>,
    /// Reviewers' comments on its changes, oldest first.
    #[prop(optional)]
    comments: Vec<Comment>,
    /// Person viewing the page.
    viewer: UserId,
) -> impl IntoView {
    let older = RwSignal::new(Vec::<Change>::new());
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(None::<AppError>);

    let all = Memo::new(move |_| join(changes.get(), older.get()));
    // The change that undid another is newer, so it is already loaded.
    let undone = Memo::new(move |_| all.with(|all| undone_among(all)));
    // An inspection has the id of the change that created it, so all is shown once that one is.
    let oldest = Memo::new(move |_| all.with(|all| all.last().map(|change| change.id)));
    let more = move || oldest.get().filter(|oldest| oldest.0 > inspection.0);

    let fetch = move || {
        let Some(before) = more() else { return };
        busy.set(true);
        spawn_local(async move {
            match history(inspection, Some(before)).await {
                Ok(found) => {
                    trouble.set(None);
                    older.update(|older| older.extend(found.changes));
                }
                Err(error) => trouble.set(Some(error)),
            }
            busy.set(false);
        });
    };
    let comments = StoredValue::new(comments);
    let about = move |id: ChangeId| {
        comments.with_value(|comments| {
            comments.iter().filter(|it| it.change == id).cloned().collect::<Vec<_>>()
        })
    };
    let address =
        move |before: ChangeId| format!("/inspections/{inspection}/history?before={before}");

    let row = move |change: Change| {
        let id = change.id;
        let said = about(id);
        let undone_by = Signal::derive(move || undone.with(|undone| undone.get(&id).copied()));
        let open = !said.is_empty();
        view! {
            <li class="change">
                <details class="change-details" open=open>
                    <summary class="change-line">
                        <ChangeLine change=change.clone() plain=true/>
                    </summary>
                    <div class="change-body">
                        <Comments comments=Signal::stored(said) viewer/>
                        <ChangeDiff change=change.clone() titles=titles.get_untracked()/>
                        <ChangeActions change undone_by/>
                    </div>
                </details>
            </li>
        }
    };
    view! {
        <div class="history">
            <ol class="history-list" aria-label="Changes, newest first">
                <List each=move || all.get() key=|change| change.id children=row/>
            </ol>
            {move || trouble.get().map(|error| view! { <ErrorNote error retry=move |()| fetch()/> })}
            {move || {
                more()
                    .map(|before| {
                        view! {
                            <a
                                class="button button-secondary history-older"
                                href=address(before)
                                aria-busy=move || busy.get().then_some("true")
                                on:click=move |event: MouseEvent| {
                                    event.prevent_default();
                                    if !busy.get_untracked() {
                                        fetch();
                                    }
                                }
                            >
                                "Show older"
                            </a>
                        }
                    })
            }}
        </div>
    }
    .into_any()
}

/// Joins the lists, newest first, without duplicates: they overlap when changes arrive between two
/// requests.
fn join(mut newest: Vec<Change>, older: Vec<Change>) -> Vec<Change> {
    let last = newest.last().map(|change| change.id);
    newest.extend(older.into_iter().filter(|change| last.is_none_or(|last| change.id < last)));
    newest
}
