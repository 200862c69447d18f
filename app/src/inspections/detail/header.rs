//! Header of an inspection's page: names, status, the available status changes, and notes for the
//! viewer.

use super::{
    confirmation::Confirmation, focus, foot_height, form_parts::ConfirmButton,
    page_state::InspectionPageState, uploads::CameraButton,
};
use crate::{
    form::target,
    inspections::again::RejectedForm,
    outbox::OutboxStatus,
    ui::{ButtonKind, Icon, LinkButton, List, Menu, Saved, SavedState, StatusBadge, Time, icons},
};
use domain::{
    change::{Action, Change, FieldConflict, Record},
    inspection::{Condition, Field, Inspection, Status, Target, Values},
    people::Denied,
};
use leptos::{ev, html, prelude::*};

/// Reference, status and save indicator next to the heading.
#[component]
pub(super) fn HeaderStatus(
    /// Page state.
    page_state: InspectionPageState,
) -> impl IntoView {
    let status = Memo::new(move |_| page_state.inspection.with(|it| it.status));
    let outbox = expect_context::<OutboxStatus>();
    let state = Signal::derive(move || match page_state.saved.get() {
        Saved::Saving if outbox.is_stalled() => Saved::Kept,
        Saved::Saving => Saved::Saving,
        _ if page_state.failing.with(|fields| !fields.is_empty()) => {
            Saved::Failed("See the field marked below.".into())
        }
        saved => saved,
    });
    let reference = page_state.inspection.with_untracked(|it| it.reference.clone());
    let found = Memo::new(move |_| page_state.inspection.with(hazards_of));
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
                <Icon icon=icons::OCTAGON_ALERT/>
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

/// Returns the number of unsafe sections and equipment items with the first of them; `None` without
/// any.
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

/// Buttons for the status changes available to the viewer.
#[component]
pub(super) fn Steps(
    /// Page state.
    page_state: InspectionPageState,
) -> impl IntoView {
    let steps = Memo::new(move |_| {
        let from = page_state.inspection.with(|it| it.status);
        let allowed =
            |to: &Status| from.step(*to).is_some_and(|action| page_state.may(action).is_ok());
        // The forward step comes last, nearest to the thumb.
        [Status::Draft, Status::Review, Status::Complete]
            .into_iter()
            .filter(allowed)
            .collect::<Vec<_>>()
    });
    // Each step has its own button, because a button reused for the next step would keep the
    // handler of the first.
    view! {
        <List each=move || steps.get() key=|to| *to let:to>
            {
                let kind = match to {
                    Status::Draft => ButtonKind::Secondary,
                    _ => ButtonKind::Primary,
                };
                view! { <ConfirmButton page_state ask=Confirmation::step(to) kind/> }
            }
        </List>
    }
}

/// Menu of rarely used actions.
#[component]
pub(super) fn More(
    /// Page state.
    page_state: InspectionPageState,
) -> impl IntoView {
    let removable = Memo::new(move |_| page_state.may(Action::Remove).is_ok());
    let node = NodeRef::<html::Details>::new();
    let summary = || view! { <Icon icon=icons::ELLIPSIS/> };
    view! {
        <Menu node class="menu more" label="More" of_commands=true summary>
            <LinkButton
                href=format!("/inspections/{}/history", page_state.id())
                kind=ButtonKind::Quiet
                icon=icons::HISTORY
            >
                "Full history"
            </LinkButton>
            {move || {
                removable
                    .get()
                    .then(|| {
                        let ask = Confirmation::remove(Target::Inspection);
                        view! { <ConfirmButton page_state ask kind=ButtonKind::Quiet/> }
                    })
            }}
        </Menu>
    }
    .into_any()
}

/// Notes that explain why the inspection cannot be edited, or why it was returned.
#[component]
pub(super) fn Notes(
    /// Page state.
    page_state: InspectionPageState,
    /// Change that returned it to draft, if any.
    sent_back: Option<Change>,
) -> impl IntoView {
    let denied = Memo::new(move |_| page_state.may(Action::Edit).err());
    let status = Memo::new(move |_| page_state.inspection.with(|it| it.status));
    let why = move || {
        let denied = denied.get()?;
        let words = match (denied, status.get()) {
            (Denied::Locked, Status::Review) if page_state.may(Action::StatusComplete).is_err() => {
                "In review: it is locked while a reviewer looks at it. \
                 To change something, withdraw it from review."
            }
            (Denied::Locked, Status::Review) => {
                "In review: it is locked while a reviewer looks at it. \
                 To change something, send it back."
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
                <Icon icon=icons::LOCK/>
                <p>{words}</p>
            </div>
        })
    };
    let back = move || {
        if status.get() != Status::Draft {
            return None;
        }
        let latest = page_state
            .changes
            .with(|changes| changes.iter().find(|change| sends_back(&change.record)).cloned());
        let change = latest.or_else(|| sent_back.clone())?;
        let reason = change.record.data.reason.clone()?;
        Some(view! {
            <div class="note note-attention">
                <Icon icon=icons::UNDO_2/>
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
        {page_state.stranded().map(|again| view! { <Stranded again/> })}
        {page_state.refused_fields().into_iter().map(both_versions).collect_view()}
        {why}
        {back}
    }
    .into_any()
}

/// Error and texts of a plain form that was refused, when no form on the page shows them.
#[component]
fn Stranded(again: RejectedForm) -> impl IntoView {
    let RejectedForm { typed, error } = again;
    let text = |field: &Field| Some((field.label(), typed.get(field.slug())?.clone()));
    let texts: Vec<_> = Field::ALL.iter().filter_map(text).collect();
    let texts = (!texts.is_empty()).then(|| {
        let row =
            |(label, text)| view! { <dt>{label}</dt> <dd class="prose" dir="auto">{text}</dd> };
        view! { <dl class="facts">{texts.into_iter().map(row).collect_view()}</dl> }
    });
    view! {
        <div class="note note-error" role="alert">
            <Icon icon=icons::CIRCLE_ALERT/>
            <p>{error.to_string()}</p>
            {texts}
        </div>
    }
    .into_any()
}

/// Renders both values of a conflicting field of a refused plain form. The form on the page contains the
/// second one and saves it when it is sent again.
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

/// Returns whether a status change returned the inspection, rather than undid the previous step.
fn sends_back(record: &Record) -> bool {
    record.action == Action::StatusDraft && !record.is_revert()
}

/// Bottom bar on a phone: the next step and the camera button.
#[component]
pub(super) fn Foot(
    /// Page state.
    page_state: InspectionPageState,
) -> impl IntoView {
    let editable = Memo::new(move |_| page_state.may(Action::AddPhoto).is_ok());
    let node = NodeRef::<html::Div>::new();
    foot_height::measure(node);
    view! {
        <div node_ref=node class="foot-bar" role="group" aria-label="Quick actions">
            {move || editable.get().then(|| view! { <CameraButton page_state/> })}
            <Steps page_state/>
        </div>
    }
    .into_any()
}
