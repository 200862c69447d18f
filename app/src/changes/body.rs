//! What an entry opens to: its changes, what was said about them, and the steps of its inspection. The
//! code for it comes once the page stands, so that the page stands sooner.

use super::{
    board::Board,
    entry::review_badge,
    form::{FormHead, TextForm, act_button},
    key::written,
    more::{More, more_link},
    view::{ChangeDiff, ChangeLine, Comments},
};
use crate::{
    inspections::ChangeWays,
    ui::{LinkButton, Time, action_icon},
};
use domain::{Action, Change, ChangeId, ChangeRow, Entry, Inspection, Status, may};
use leptos::{lazy, prelude::*};
use std::collections::BTreeMap;

/// Fetches the code, so that an entry opens at once.
pub(super) async fn fetch() {
    #[cfg(feature = "hydrate")]
    __preload_entry_body().await;
}

/// The body, once its code is there.
#[lazy]
pub(super) fn entry_body(
    board: Board,
    now: Memo<Entry>,
    rows: Memo<BTreeMap<ChangeId, ChangeRow>>,
) -> AnyView {
    body(board, now, rows)
}

/// The body. Also for pages without a script.
pub(super) fn body(
    board: Board,
    now: Memo<Entry>,
    rows: Memo<BTreeMap<ChangeId, ChangeRow>>,
) -> AnyView {
    let more = More::new(board, now);
    let changes = move || more.rows();
    let single = Signal::derive(move || now.with(|entry| entry.rows.len() == 1));
    view! {
        <div class="entry-body">
            <ol class="entry-changes" aria-label="Changes">
                <For each=changes key=|row| row.change.id let:row>
                    <Row board row rows more single/>
                </For>
            </ol>
            <div class="entry-foot">
                {more_link(more)}
                {move || now.with(|entry| steps(board, entry))}
            </div>
        </div>
    }
    .into_any()
}

/// One change of an entry: its before and after, its review, what was said, and room to say more.
#[component]
fn Row(
    board: Board,
    row: ChangeRow,
    rows: Memo<BTreeMap<ChangeId, ChangeRow>>,
    more: More,
    /// Whether it is the only one, which the entry's line tells already.
    #[prop(into)]
    single: Signal<bool>,
) -> impl IntoView {
    let change = row.change.clone();
    let id = change.id;
    let titles = more.titles();
    let review = Memo::new(move |_| {
        let row = rows.with(|rows| rows.get(&id).cloned()).or_else(|| more.row(id));
        row.and_then(|row| row.review)
    });
    let comments = Memo::new(move |_| more.comments(id));
    let viewer = board.found.with_untracked(|found| found.as_ref().map(|it| it.viewer.id));
    let line = {
        let change: Change = change.clone();
        move || {
            (!single.get()).then(|| {
                view! {
                    <div class="entry-change-line">
                        <ChangeLine change=change.clone()/>
                    </div>
                }
            })
        }
    };
    let said = move || {
        review.get().map(|review| {
            let note = review.note.clone();
            view! {
                <p class="entry-review">
                    {review_badge(review.state, Some(&review.by), true)}
                    " by "
                    {review.by.clone()}
                    " "
                    <Time at=review.at/>
                    {note.map(|note| view! { <q>{note}</q> })}
                </p>
            }
        })
    };
    view! {
        <li class="entry-change" id=format!("change-{id}") tabindex="-1">
            {line}
            <ChangeDiff change=change.clone() titles/>
            <ChangeWays change/>
            {said}
            <Comments comments viewer/>
            <TextForm
                board
                act="comment"
                name="change"
                value=id.to_string()
                word="Comment"
                label="Comment"
                hint="The inspector reads it on the inspection."
                icon=icondata_lu::LuMessageSquarePlus
            />
        </li>
    }
    .into_any()
}

/// The steps that the inspection of an entry can take.
fn steps(board: Board, entry: &Entry) -> Option<AnyView> {
    entry.of_one().map(|row| {
        let standing = Inspection {
            id: row.change.inspection_id,
            removed: row.removed,
            status: row.status,
            inspector: row.inspector.clone(),
            ..Inspection::default()
        };
        let offers = |to: Status| {
            let viewer = board.found.with(|found| found.as_ref().map(|it| it.viewer.clone()));
            let step = standing.status.step(to).zip(viewer);
            step.is_some_and(|(action, viewer)| may(&viewer, action, &standing).is_ok())
        };
        let name = written(entry.key);
        let complete = offers(Status::Complete).then(|| {
            let icon = action_icon(Action::StatusComplete);
            view! {
                <form method="post">
                    <FormHead board/>
                    <input type="hidden" name="entry" value=name.clone()/>
                    {act_button("complete", Action::StatusComplete.label(), icon, false)}
                </form>
            }
        });
        let draft = offers(Status::Draft).then(|| {
            view! {
                <TextForm
                    board
                    act="draft"
                    name="entry"
                    value=name.clone()
                    word=Action::StatusDraft.label()
                    label="Reason"
                    hint="The inspector reads it, and it stays in the history."
                    icon=action_icon(Action::StatusDraft)
                />
            }
        });
        let since = format!("/inspections/{}/compare?from=review", row.change.inspection_id);
        view! {
            {complete}
            {draft}
            <LinkButton href=since icon=icondata_lu::LuGitCompare>"Since my last review"</LinkButton>
        }
        .into_any()
    })
}
