//! Summary of this page's outbox for the banner and for the forms of a page.

use super::with;
use crate::{
    form::{one_edit, place_of},
    outbox::{
        status::{HeldLine, Status},
        work::{Item, Work},
    },
};
use domain::{
    id::InspectionId,
    inspection::{Field, Target},
    outbox::{Held, Outbox, Stage},
};
use leptos::prelude::*;
use uuid::Uuid;

/// Refused edit of one field that no open page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HeldEdit {
    pub(crate) id: Uuid,
    pub(crate) target: Target,
    pub(crate) field: Field,
    pub(crate) text: String,
    pub(crate) held: Held,
}

/// Returns the refused edits of an inspection's fields that have no watcher.
pub(crate) fn held_edits(inspection: InspectionId) -> Vec<HeldEdit> {
    let found = with(|running| {
        let entries = running.outbox.iter().flat_map(Outbox::entries);
        let held = entries.filter(|entry| entry.inspection == inspection).filter_map(|entry| {
            let Stage::Held(held) = &entry.stage else { return None };
            let Work::Form(form) = &entry.content.work else { return None };
            if running.subscribers.is_watched(entry.id) {
                return None;
            }
            let (target, field, text) = one_edit(form)?;
            let (text, held) = (text.to_owned(), held.clone());
            Some(HeldEdit { id: entry.id, target, field, text, held })
        });
        held.collect()
    });
    found.unwrap_or_default()
}

/// Shows the summary in the banner.
pub(super) fn show() {
    let found = with(|running| {
        let outbox = running.outbox.as_ref()?;
        let is_watched = |id| running.subscribers.is_watched(id);
        let is_stored = |id| running.writes.is_stored(id);
        let status = summarize(outbox, running.writes.has_failed(), is_stored, is_watched);
        Some((running.status, status))
    });
    let Some((signal, status)) = found.flatten() else { return };
    if signal.try_with_untracked(|before| *before != status) == Some(true) {
        signal.set(status);
    }
}

/// Summarizes an outbox. Work counts as kept once storage has it, or if there is no storage; refused
/// work is listed unless the page shows it.
fn summarize(
    outbox: &Outbox<Item>,
    in_memory: bool,
    is_stored: impl Fn(Uuid) -> bool,
    is_watched: impl Fn(Uuid) -> bool,
) -> Status {
    let connection = outbox.connection();
    let mut status = Status { connection, in_memory, ..Status::default() };
    for entry in outbox.entries() {
        let counts = in_memory || is_stored(entry.id);
        match (&entry.stage, &entry.content.work) {
            (Stage::Held(held), work) if !is_watched(entry.id) => {
                let (what, place) = words(work);
                let (id, inspection, why) = (entry.id, entry.inspection, held.why.clone());
                status.held.push(HeldLine { id, inspection, what, why, place });
            }
            (Stage::Held(_), _) => {}
            (_, Work::Photo(_)) => status.photos += usize::from(counts),
            (_, Work::Form(_) | Work::Passing(_)) => status.forms += usize::from(counts),
        }
    }
    status
}

/// Returns a label for the work and the id of its place on the inspection's page.
fn words(work: &Work) -> (String, String) {
    match work {
        Work::Photo(photo) => {
            let place = match photo.section {
                Some(section) => format!("section-{section}"),
                None => "inspection-photos".into(),
            };
            (photo.name.clone(), place)
        }
        Work::Form(form) => match one_edit(form) {
            Some((_, field, text)) => (format!("{}: {text}", field.label()), place_of(form)),
            None => ("A change".into(), place_of(form)),
        },
        Work::Passing(_) => ("A change".into(), String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::work::Photo;
    use domain::{
        change::Mutation,
        id::{ChangeId, SectionId, UserId},
        inspection::{Value, Values},
        outbox::{Answer, Event, OutboxEntry, Refused},
    };

    fn entry(id: u128, work: Work) -> OutboxEntry<Item> {
        OutboxEntry {
            id: Uuid::from_u128(id),
            person: UserId(1),
            inspection: InspectionId(7),
            trunk: ChangeId(0),
            stage: Stage::Draft,
            sent: false,
            content: Item { work, form_is_open: false },
        }
    }

    #[test]
    fn stored_work_is_counted_and_refused_work_is_listed_unless_the_page_shows_it() {
        let values = Values::new().with(Field::Notes, Value::text("Slates slipped."));
        let target = Target::Section(SectionId(5));
        let edit = Work::of(&Mutation::Edit { target, values });
        let photo = Work::Photo(Photo {
            section: Some(SectionId(5)),
            name: "roof.jpg".into(),
            media_type: "image/jpeg".into(),
            request: Uuid::from_u128(9),
            ordinal: 1,
        });
        let (first, second) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let outbox = Outbox::new(UserId(1)).step(Event::Submitted(entry(1, edit))).0;
        let outbox = outbox.step(Event::Submitted(entry(2, photo))).0;

        let status = summarize(&outbox, false, |id| id == first, |_| false);
        assert_eq!((status.forms, status.photos), (1, 0));
        let status = summarize(&outbox, true, |_| false, |_| false);
        assert_eq!((status.forms, status.photos, status.in_memory), (1, 1, true));

        let held = Held { why: "No.".into(), kind: Refused::Invalid };
        let outbox = outbox.step(Event::Answered(first, Answer::Refused(held.clone()))).0;
        let outbox = outbox.step(Event::Answered(second, Answer::Refused(held))).0;
        let status = summarize(&outbox, false, |_| true, |id| id == second);
        assert_eq!((status.forms, status.photos), (0, 0));
        let lines: Vec<_> = status.held.iter().map(|it| (&it.what[..], &it.place[..])).collect();
        assert_eq!(lines, [("Notes: Slates slipped.", "section-5")]);
        let status = summarize(&outbox, false, |_| true, |id| id == first);
        let lines: Vec<_> = status.held.iter().map(|it| (&it.what[..], &it.place[..])).collect();
        assert_eq!(lines, [("roof.jpg", "section-5")]);
    }
}
