//! Telling a retry from something new: a browser that never heard the answer sends its request again.

use domain::{Change, ChangeId, Field, Inspection, Mutation, Target, Value, Values, check};

/// The change among those of an earlier attempt that did what is asked again.
pub(super) fn find<'a>(
    earlier: impl IntoIterator<Item = &'a Change>,
    asked: &Mutation,
    now: &Inspection,
) -> Option<&'a Change> {
    earlier.into_iter().find(|change| {
        let done = change.record.mutation();
        done.is_ok_and(|done| is_repeated(&done, change.id, asked, now))
    })
}

fn is_repeated(done: &Mutation, id: ChangeId, asked: &Mutation, now: &Inspection) -> bool {
    use Mutation as M;
    match (done, asked) {
        (M::Create { values: done }, M::Create { values: asked }) => holds(done, asked),
        (M::Edit { target: done_to, values: done }, M::Edit { target, values }) => {
            // The record holds what changed then. The rest was left as it was, so if it differs now
            // this is something new.
            let rest = values.iter().filter(|(field, _)| done.get(*field).is_none());
            done_to == target
                && done.fields().all(|field| values.get(field).is_some())
                && rest.into_iter().all(|(field, value)| {
                    now.value(*target, field).is_some_and(|now| is(&now, field, value))
                })
                && values
                    .iter()
                    .all(|(field, value)| done.get(field).is_none_or(|done| is(done, field, value)))
        }
        (M::Correct { values: done, .. }, M::Correct { values: asked, .. }) => {
            let edit =
                |values: &Values| M::Edit { target: Target::Inspection, values: values.clone() };
            is_repeated(&edit(done), id, &edit(asked), now)
        }
        (M::AddSection { section: done, .. }, M::AddSection { section, position, photos }) => {
            let place = position.is_none_or(|place| now.position(done.id) == Some(place));
            is_new(section.id.0, done.id.0, id)
                && photos.is_empty()
                && place
                && holds(&done.values(), &section.values())
        }
        (M::AddEquipment { equipment: done }, M::AddEquipment { equipment }) => {
            is_new(equipment.id.0, done.id.0, id) && holds(&done.values(), &equipment.values())
        }
        (M::AddPhoto { photo: done }, M::AddPhoto { photo }) => {
            is_new(photo.id.0, done.id.0, id) && holds(&done.values(), &photo.values())
        }
        // A request makes one report of an inspection, whatever state a second rendering met: the head
        // has moved on by then, if only because the first report was recorded.
        (M::CreateReport { report: done }, M::CreateReport { report }) => {
            is_new(report.id.0, done.id.0, id)
        }
        (M::SetStatus { to: done, .. }, M::SetStatus { to, .. }) => done == to,
        _ => done == asked,
    }
}

/// Whether what was done under `change` added something that had no id when it was asked for.
fn is_new(asked: i64, done: i64, change: ChangeId) -> bool {
    asked == 0 && done == change.0
}

/// Whether everything asked for was done. The reference is the server's to give.
fn holds(done: &Values, asked: &Values) -> bool {
    asked
        .iter()
        .filter(|(field, _)| *field != Field::Reference)
        .all(|(field, value)| done.get(field).is_some_and(|done| is(done, field, value)))
}

/// Whether a stored value is what is asked for, once that is put in order. People are who they are,
/// whatever they are called.
fn is(stored: &Value, field: Field, asked: &Value) -> bool {
    match (stored, asked) {
        (Value::Person(Some(stored)), Value::Person(Some(asked))) => stored.id == asked.id,
        _ => check(field, asked.clone()).is_ok_and(|asked| asked == *stored),
    }
}
