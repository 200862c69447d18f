//! What an entry opens to: its changes, what was said about them, and the steps of its inspection. The
//! code for it comes once the page stands, so that the page stands sooner.

use super::{
    board::Board,
    chips::address,
    entry::{of_one, review_badge},
    form::{FormHead, TextForm, act_button},
    key::{within, written},
    view::{ChangeDiff, ChangeLine, Comments, Titles},
};
use crate::{
    inspections::ChangeWays,
    ui::{LinkButton, Time, action_icon},
};
use domain::{
    Action, Change, ChangeId, ChangeRow, Entry, EntryKey, Inspection, Status, may, may_undo,
};
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
    let changes = move || now.with(|entry| entry.rows.clone());
    let single = Signal::derive(move || now.with(|entry| entry.rows.len() == 1));
    view! {
        <div class="entry-body">
            <ol class="entry-changes" aria-label="Changes">
                <For each=changes key=|row| row.change.id let:row>
                    <Row board row rows single/>
                </For>
            </ol>
            {move || now.with(|entry| foot(board, entry))}
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
    /// Whether it is the only one, which the entry's line tells already.
    #[prop(into)]
    single: Signal<bool>,
) -> impl IntoView {
    let change = row.change.clone();
    let id = change.id;
    let titles: Titles = board.found.with_untracked(|found| {
        found.iter().flat_map(|found| found.titles.iter().cloned()).collect()
    });
    let review =
        Memo::new(move |_| rows.with(|rows| rows.get(&id).and_then(|row| row.review.clone())));
    let comments = Memo::new(move |_| {
        board.found.with(|found| {
            let all = found.iter().flat_map(|found| &found.comments);
            all.filter(|comment| comment.change == id).cloned().collect::<Vec<_>>()
        })
    });
    let undone_by = Signal::derive(move || {
        board.found.with(|found| {
            let mut undone = found.iter().flat_map(|found| &found.undone);
            undone.find(|(undone, _)| *undone == id).map(|(_, by)| *by)
        })
    });
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
                    {review_badge(&review, true)}
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
        <li class="entry-change" id=format!("change-{id}")>
            {line}
            <ChangeDiff change=change.clone() titles/>
            <ChangeWays change undone_by/>
            {said}
            <Comments comments/>
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

/// Under the changes of an entry: the rest of them, and the steps that its inspection can take.
fn foot(board: Board, entry: &Entry) -> AnyView {
    let shown = entry.rows.len();
    let more = (entry.count.exact().is_none_or(|count| count as usize > shown)).then(|| {
        let href = board.filter.with(|filter| address(&within(filter, entry.key)));
        view! { <LinkButton href>{format!("All {} changes", entry.count)}</LinkButton> }
    });
    let steps = of_one(entry).map(|row| {
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
    });
    view! { <div class="entry-foot">{more} {steps} {undo_all(board, entry)}</div> }.into_any()
}

/// The way to undo a request that touched several inspections.
fn undo_all(board: Board, entry: &Entry) -> Option<AnyView> {
    let EntryKey::Request(request) = entry.key else { return None };
    let role = board.found.with(|found| found.as_ref().map(|it| it.viewer.role))?;
    let may = entry.rows.iter().any(|row| may_undo(role, &row.change.record));
    (may && of_one(entry).is_none()).then(|| {
        let href = format!("/changes/request/{request}/undo");
        view! { <LinkButton href icon=icondata_lu::LuUndo2>"Undo all of it…"</LinkButton> }
            .into_any()
    })
}
