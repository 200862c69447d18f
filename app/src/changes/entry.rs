//! One entry of the feed: a line that opens to its changes.

use super::{
    board::Board,
    days::heading,
    form::{FormHead, TextForm, act_button},
    key::{within, written},
    view::{ChangeDiff, ChangeLine, Comments, Titles},
};
use crate::{
    changes::chips::address,
    ui::{ActionBadge, Avatar, ButtonKind, Icon, LinkButton, StatusBadge, Time, action_icon},
};
use domain::{
    Action, Change, ChangeId, ChangeRow, Entry, EntryKey, Inspection, Review, ReviewState, Status,
    may, told,
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The entry of that key. Its line follows the page; its changes never change.
#[component]
pub(super) fn EntryView(
    /// The dashboard.
    board: Board,
    /// As it was first shown.
    entry: Entry,
    /// All rows of the page.
    rows: Memo<BTreeMap<ChangeId, ChangeRow>>,
) -> impl IntoView {
    let key = entry.key;
    let now = Memo::new(move |_| {
        board.found.with(|found| {
            let mut entries = found.iter().flat_map(|found| &found.page.entries);
            entries.find(|it| it.key == key).cloned().unwrap_or_else(|| entry.clone())
        })
    });
    let name = written(key);
    let (marked, sent) = (name.clone(), name.clone());
    let label = move || format!("Select: {}", now.with(|entry| title(board, entry)));
    let changes = move || now.with(|entry| entry.rows.clone());
    let line = move || now.with(|entry| line(board, entry));
    let foot = move || now.with(|entry| foot(board, entry));
    let state = Memo::new(move |_| now.with(state_of));
    view! {
        <li class="entry" data-entry=marked>
            <label class="entry-select">
                <input type="checkbox" name="entry" value=sent form="bulk" aria-label=label/>
            </label>
            <details class="entry-details">
                <summary class="entry-line">{line}</summary>
                <div class="entry-body">
                    <ol class="entry-changes" aria-label="Changes">
                        <For each=changes key=|row| row.change.id let:row>
                            <Row board row rows single=move || now.with(|it| it.rows.len() == 1)/>
                        </For>
                    </ol>
                    {foot}
                </div>
            </details>
            <form class="entry-actions" method="post">
                <FormHead board/>
                <input type="hidden" name="entry" value=name/>
                {move || match state.get() {
                    Some(ReviewState::Reviewed) => {
                        act_button("unreviewed", "Put back", icondata_lu::LuUndo2, true)
                    }
                    _ => act_button("reviewed", "Reviewed", icondata_lu::LuCheck, true),
                }}
                {move || match state.get() {
                    Some(ReviewState::Flagged) => {
                        act_button("unreviewed", "Remove flag", icondata_lu::LuFlagOff, true)
                    }
                    _ => act_button("flagged", "Flag", icondata_lu::LuFlag, true),
                }}
                {move || now.with(open_link)}
            </form>
        </li>
    }
    .into_any()
}

/// The state that all changes of an entry share.
fn state_of(entry: &Entry) -> Option<ReviewState> {
    let first = entry.rows.first()?.state();
    entry.rows.iter().all(|row| row.state() == first).then_some(first)
}

fn open_link(entry: &Entry) -> Option<AnyView> {
    let row = of_one(entry)?;
    let under = if row.removed { "/history" } else { "" };
    let href = format!("/inspections/{}{under}", row.change.inspection_id);
    let (kind, icon) = (ButtonKind::Quiet, icondata_lu::LuArrowRight);
    Some(
        view! { <LinkButton href kind icon icon_only=true>"Open inspection"</LinkButton> }
            .into_any(),
    )
}

/// A row of the one inspection that the entry is about, if it is about one.
fn of_one(entry: &Entry) -> Option<&ChangeRow> {
    let first = entry.rows.first()?;
    let id = first.change.inspection_id;
    entry.rows.iter().all(|row| row.change.inspection_id == id).then_some(first)
}

/// The entry in words, for whoever hears its controls.
fn title(board: Board, entry: &Entry) -> String {
    let Some(first) = entry.rows.first() else { return String::new() };
    let who = &first.change.user_name;
    match entry.key {
        EntryKey::Request(_) => format!("{who} {}, {}", did(entry), first.reference),
        EntryKey::Inspection(_) => format!("{} {}", first.reference, first.name),
        EntryKey::Day(day) => heading(day, today(board).unwrap_or(day)),
    }
}

fn did(entry: &Entry) -> String {
    let records: Vec<_> = entry.rows.iter().map(|row| &row.change.record).collect();
    let did = told(&records);
    match entry.count.exact() {
        Some(count) if count as usize == records.len() => did,
        _ => format!("{did}; {} changes in all", entry.count),
    }
}

fn today(board: Board) -> Option<chrono::NaiveDate> {
    board.found.with(|found| found.as_ref().map(|found| found.today))
}

fn line(board: Board, entry: &Entry) -> AnyView {
    let Some(first) = entry.rows.first() else { return ().into_any() };
    let change = &first.change;
    let words = match entry.key {
        EntryKey::Request(_) => view! {
            <Avatar name=change.user_name.clone()/>
            <span class="entry-words">
                <strong>{change.user_name.clone()}</strong>
                " "
                {did(entry)}
                " "
                {place(first)}
            </span>
        }
        .into_any(),
        key => {
            let mut people: Vec<_> = entry.rows.iter().map(|row| &row.change.user_name).collect();
            people.sort();
            people.dedup();
            let people = people.into_iter().cloned().collect::<Vec<_>>().join(", ");
            let heads = match key {
                EntryKey::Day(_) => title(board, entry).into_any(),
                _ => place(first),
            };
            let count = match entry.count.exact() {
                Some(1) => "1 change".to_owned(),
                _ => format!("{} changes", entry.count),
            };
            view! {
                <Avatar name=people.clone()/>
                <span class="entry-words">
                    <strong>{heads}</strong>
                    " "
                    {count}
                    " by "
                    {people}
                </span>
            }
            .into_any()
        }
    };
    let comments: i64 = entry.rows.iter().map(|row| row.comments).sum();
    let comments = (comments > 0).then(|| {
        let label = if comments == 1 { "1 comment".into() } else { format!("{comments} comments") };
        let title = label.clone();
        view! {
            <span class="entry-comments" title=title>
                <Icon icon=icondata_lu::LuMessageSquare/>
                <span aria-hidden="true">{comments}</span>
                <span class="visually-hidden">{label}</span>
            </span>
        }
    });
    let status = of_one(entry).map(|row| match row.removed {
        true => view! { <span class="badge" data-tone="remove">"Removed"</span> }.into_any(),
        false => view! { <StatusBadge status=row.status/> }.into_any(),
    });
    view! {
        {words}
        <span class="entry-marks">
            {state_badge(entry)}
            {comments}
            {status}
            {(entry.rows.len() == 1)
                .then(|| view! { <ActionBadge action=change.record.action/> })}
            <Time at=change.created_at/>
        </span>
        <Icon icon=icondata_lu::LuChevronDown/>
    }
    .into_any()
}

fn place(row: &ChangeRow) -> AnyView {
    view! {
        <span class="entry-place">
            <span class="change-reference">{row.reference.clone()}</span>
            " "
            {row.name.clone()}
        </span>
    }
    .into_any()
}

/// Where the entry stands with the reviewers; nothing while it is unreviewed.
fn state_badge(entry: &Entry) -> Option<AnyView> {
    let review = entry.rows.iter().find_map(|row| row.review.as_ref())?;
    let whole = state_of(entry).is_some();
    Some(review_badge(review, whole))
}

fn review_badge(review: &Review, whole: bool) -> AnyView {
    let (icon, word) = match (review.state, whole) {
        (ReviewState::Flagged, _) => (icondata_lu::LuFlag, "Flagged"),
        (_, true) => (icondata_lu::LuCheck, "Reviewed"),
        (_, false) => (icondata_lu::LuCheck, "Partly reviewed"),
    };
    let by = format!("by {}", review.by);
    view! {
        <span class="badge" data-tone=review.state.slug() title=by>
            <Icon icon/>
            {word}
        </span>
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
            <ChangeDiff change titles/>
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
        view! { {complete} {draft} }
    });
    view! { <div class="entry-foot">{more} {steps}</div> }.into_any()
}
