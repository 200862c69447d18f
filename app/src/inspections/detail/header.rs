//! What stands over an inspection: its names, its status, the steps it can take, and what whoever
//! looks has to know.

use super::{
    ask::Ask, desk::Desk, focus, foot_height, form_parts::AskButton, uploads::CameraButton,
};
use crate::{
    inspections::{again::Again, target},
    outbox::OutboxStatus,
    ui::{ButtonKind, Icon, LinkButton, Menu, Saved, SavedState, StatusBadge, Time},
};
use domain::{
    Action, Change, Condition, Denied, Field, FieldConflict, Inspection, Record, Status, Target,
    Values,
};
use leptos::{ev, html, prelude::*};

/// Reference, status, and whether everything is saved; beside the heading.
#[component]
pub(super) fn Beside(
    /// The page.
    desk: Desk,
) -> impl IntoView {
    let status = Memo::new(move |_| desk.inspection.with(|it| it.status));
    let outbox = expect_context::<OutboxStatus>();
    let state = Signal::derive(move || match desk.saved.get() {
        Saved::Saving if outbox.is_stalled() => Saved::Kept,
        Saved::Saving => Saved::Saving,
        _ if desk.failing.with(|fields| !fields.is_empty()) => {
            Saved::Failed("See the field marked below.".into())
        }
        saved => saved,
    });
    let reference = desk.inspection.with_untracked(|it| it.reference.clone());
    let found = Memo::new(move |_| desk.inspection.with(hazards_of));
    let hazards = move || {
        let (count, first) = found.get()?;
        let place = target::slug(first);
        let anchor = place.clone();
        let go = move |event: ev::MouseEvent| {
            event.prevent_default();
            focus::show(&place);
        };
        Some(view! {
            <a class="badge" data-tone="unsafe" href=format!("#{anchor}") on:click=go>
                <Icon icon=icondata_lu::LuOctagonAlert/>
                {format!("{count} unsafe")}
            </a>
        })
    };
    view! {
        <span class="reference">{reference}</span>
        {move || view! { <StatusBadge status=status.get()/> }}
        {hazards}
        <SavedState state/>
    }
    .into_any()
}

/// How many sections and pieces of equipment are unsafe, and the first of them; none where nothing is.
fn hazards_of(inspection: &Inspection) -> Option<(usize, Target)> {
    let is_unsafe = |condition: Condition| condition == Condition::Unsafe;
    let sections = inspection.sections.iter().filter(|it| is_unsafe(it.condition));
    let equipment = inspection.equipment.iter().filter(|it| is_unsafe(it.condition));
    let mut all = sections
        .map(|it| Target::Section(it.id))
        .chain(equipment.map(|it| Target::Equipment(it.id)));
    let first = all.next()?;
    Some((1 + all.count(), first))
}

/// The steps that whoever looks may take now.
#[component]
pub(super) fn Steps(
    /// The page.
    desk: Desk,
) -> impl IntoView {
    let steps = Memo::new(move |_| {
        let from = desk.inspection.with(|it| it.status);
        let allowed = |to: &Status| from.step(*to).is_some_and(|action| desk.may(action).is_ok());
        // The way forward stands last, nearest to the thumb.
        [Status::Draft, Status::Review, Status::Complete]
            .into_iter()
            .filter(allowed)
            .collect::<Vec<_>>()
    });
    // Each step has a button of its own: one that turned from a step into the next would still ask for
    // the first.
    view! {
        <For each=move || steps.get() key=|to| *to let:to>
            {
                let kind = match to {
                    Status::Draft => ButtonKind::Secondary,
                    _ => ButtonKind::Primary,
                };
                view! { <AskButton desk ask=Ask::step(to) kind/> }
            }
        </For>
    }
}

/// What can rarely be done: behind three dots.
#[component]
pub(super) fn More(
    /// The page.
    desk: Desk,
) -> impl IntoView {
    let removable = Memo::new(move |_| desk.may(Action::Remove).is_ok());
    let node = NodeRef::<html::Details>::new();
    let summary = || view! { <Icon icon=icondata_lu::LuEllipsis/> };
    view! {
        <Menu node class="menu more" label="More" of_commands=true summary>
            <LinkButton
                href=format!("/inspections/{}/history", desk.id())
                kind=ButtonKind::Quiet
                icon=icondata_lu::LuHistory
            >
                "Full history"
            </LinkButton>
            {move || {
                removable
                    .get()
                    .then(|| {
                        let ask = Ask::remove(Target::Inspection);
                        view! { <AskButton desk ask kind=ButtonKind::Quiet/> }
                    })
            }}
        </Menu>
    }
    .into_any()
}

/// Why it cannot be edited, or why it came back.
#[component]
pub(super) fn Notes(
    /// The page.
    desk: Desk,
    /// The step that sent it back, if one did.
    sent_back: Option<Change>,
) -> impl IntoView {
    let denied = Memo::new(move |_| desk.may(Action::Edit).err());
    let status = Memo::new(move |_| desk.inspection.with(|it| it.status));
    let why = move || {
        let denied = denied.get()?;
        let words = match (denied, status.get()) {
            (Denied::Locked, Status::Review) if desk.may(Action::StatusComplete).is_err() => {
                "In review: its contents are fixed while a reviewer looks at it. \
                 To change something, withdraw it from review."
            }
            (Denied::Locked, Status::Review) => {
                "In review: its contents are fixed while a reviewer looks at it. \
                 To change something, revert it to draft."
            }
            (Denied::Locked, _) => {
                "This inspection is complete and locked. Reopen it to make changes."
            }
            (Denied::Role, Status::Draft) => {
                "Its inspector is still working on it. Once it is sent for review, you can \
                 complete it or send it back."
            }
            (Denied::Role, _) => {
                "You can read it, complete it or send it back. Only the inspector can edit it."
            }
            (Denied::Removed, _) => "This inspection was removed. Its history stays.",
            (Denied::NotYours | Denied::OwnWork | Denied::Assignment, _) => {
                "This is another inspector's inspection."
            }
        };
        Some(view! {
            <div class="note">
                <Icon icon=icondata_lu::LuLock/>
                <p>{words}</p>
            </div>
        })
    };
    let back = move || {
        if status.get() != Status::Draft {
            return None;
        }
        let latest = desk
            .changes
            .with(|changes| changes.iter().find(|change| sends_back(&change.record)).cloned());
        let change = latest.or_else(|| sent_back.clone())?;
        let reason = change.record.data.reason.clone()?;
        Some(view! {
            <div class="note note-attention">
                <Icon icon=icondata_lu::LuUndo2/>
                <div class="sent-back">
                    <p>
                        <strong><bdi>{change.user_name}</bdi></strong>
                        " sent it back "
                        <Time at=change.created_at/>
                    </p>
                    <blockquote class="prose" dir="auto">{reason}</blockquote>
                </div>
            </div>
        })
    };
    view! {
        {desk.stranded().map(|again| view! { <Stranded again/> })}
        {desk.refused_fields().into_iter().map(both_versions).collect_view()}
        {why}
        {back}
    }
    .into_any()
}

/// Why something sent without JavaScript was refused, and what was typed, where no form shows it again.
#[component]
fn Stranded(again: Again) -> impl IntoView {
    let Again { typed, error } = again;
    let text = |field: &Field| Some((field.label(), typed.get(field.slug())?.clone()));
    let texts: Vec<_> = Field::ALL.iter().filter_map(text).collect();
    let texts = (!texts.is_empty()).then(|| {
        let row =
            |(label, text)| view! { <dt>{label}</dt> <dd class="prose" dir="auto">{text}</dd> };
        view! { <dl class="facts">{texts.into_iter().map(row).collect_view()}</dl> }
    });
    view! {
        <div class="note note-error" role="alert">
            <Icon icon=icondata_lu::LuCircleAlert/>
            <p>{error.to_string()}</p>
            {texts}
        </div>
    }
    .into_any()
}

/// Both values of a field that a form without JavaScript was refused for, one beside the other. The form
/// on the page holds the second, and saves it when it is sent again.
fn both_versions(conflict: FieldConflict) -> impl IntoView {
    let FieldConflict { field, theirs, mine, by, at, .. } = conflict;
    let text = |values: Values| values.get(field).map(ToString::to_string).unwrap_or_default();
    view! {
        <dl class="facts conflict">
            <dt>{format!("{} by ", field.label())} <bdi>{by}</bdi> " " <Time at/></dt>
            <dd class="prose" dir="auto">{text(theirs)}</dd>
            <dt>{format!("{} as you typed it", field.label())}</dt>
            <dd class="prose" dir="auto">{text(mine)}</dd>
        </dl>
    }
    .into_any()
}

/// Whether a step sent it back, rather than only undoing the step before.
fn sends_back(record: &Record) -> bool {
    record.action == Action::StatusDraft && !record.leads_back()
}

/// At the foot of a phone: the next step and the camera, where the thumb is.
#[component]
pub(super) fn Foot(
    /// The page.
    desk: Desk,
) -> impl IntoView {
    let editable = Memo::new(move |_| desk.may(Action::AddPhoto).is_ok());
    let node = NodeRef::<html::Div>::new();
    foot_height::measure(node);
    view! {
        <div node_ref=node class="foot-bar" role="group" aria-label="Quick actions">
            {move || editable.get().then(|| view! { <CameraButton desk/> })}
            <Steps desk/>
        </div>
    }
    .into_any()
}
