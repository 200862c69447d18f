//! The words in which the demo's stories are told: who does what to an inspection, and when.

use super::{people::Who, pictures::Scene};
use chrono::{DateTime, Days, Duration, NaiveTime, Utc};
use domain::{Condition, Field};

/// What happens to one inspection.
pub(super) struct Story {
    /// From its first change to its last.
    pub(super) visits: Vec<Visit>,
}

/// One sitting of one person.
pub(super) struct Visit {
    /// Who.
    pub(super) who: Who,
    /// When it begins.
    pub(super) when: When,
    /// What they do, a few minutes apart.
    pub(super) steps: Vec<ScriptStep>,
}

/// When a visit begins, seen from the day the demo is filled.
#[derive(Clone, Copy)]
pub(super) enum When {
    /// So many days ago, at this hour and minute.
    Day(u64, u32, u32),
    /// So many minutes ago.
    Ago(i64),
}

/// One thing somebody does. Things are named as the story calls them.
pub(super) enum ScriptStep {
    /// The inspection is started.
    Start {
        /// Name, address, building type and client.
        about: [&'static str; 4],
        /// The day of the visit, in days from the day the demo is filled.
        scheduled: i64,
    },
    /// A field of the inspection is set.
    Set(Field, &'static str),
    /// The visit is put on another day, in days from the day the demo is filled.
    Schedule(i64),
    /// A section is added.
    Section(&'static str),
    /// A section is called something else.
    Rename(&'static str, &'static str),
    /// A section is moved to this place.
    Place(&'static str, i64),
    /// A section's condition is set.
    Found(&'static str, Condition),
    /// A section's notes are written.
    Notes(&'static str, &'static str),
    /// A section goes.
    DropSection(&'static str),
    /// A piece of equipment is added: kind, make, model, serial number.
    Equipment([&'static str; 4], Condition),
    /// The condition of a piece of equipment is set, by its kind.
    Rate(&'static str, Condition),
    /// A piece of equipment goes, by its kind.
    DropEquipment(&'static str),
    /// A photo is attached, to a section if its title is not empty.
    Photo(Shot),
    /// A photo goes, by its name.
    DropPhoto(&'static str),
    /// A report is made.
    Pdf,
    /// The latest report is read.
    Open,
    /// It is ready for review.
    Ready,
    /// It is approved.
    Complete,
    /// It goes back to draft, for this reason.
    Revert(&'static str),
    /// The inspection goes.
    Drop,
}

/// A photo that is taken.
#[derive(Clone, Copy)]
pub(super) struct Shot {
    /// The section it shows; empty for the whole building.
    pub(super) section: &'static str,
    /// What it shows.
    pub(super) scene: Scene,
    /// Which drawing of that scene.
    pub(super) seed: u32,
    /// The file's name.
    pub(super) name: &'static str,
    /// Its caption.
    pub(super) caption: &'static str,
}

/// One step at its time.
pub(super) struct ScriptTime<'a> {
    /// When.
    pub(super) at: DateTime<Utc>,
    /// Whose doing.
    pub(super) who: Who,
    /// Which of the stories.
    pub(super) story: usize,
    /// What.
    pub(super) step: &'a ScriptStep,
}

/// All stories as one sequence in time, all of it before `now`.
pub(super) fn in_order(stories: &[Story], now: DateTime<Utc>) -> Vec<ScriptTime<'_>> {
    let mut moments = Vec::new();
    for (story, Story { visits }) in stories.iter().enumerate() {
        for visit in visits {
            let begin = visit.when.before(now);
            for (nth, step) in (0_i64..).zip(&visit.steps) {
                let after = Duration::seconds(nth * 97 + nth * nth % 5 * 23);
                moments.push(ScriptTime { at: begin + after, who: visit.who, story, step });
            }
        }
    }
    moments.sort_by_key(|moment| moment.at);
    moments
}

impl When {
    fn before(self, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Day(days, hour, minute) => {
                let time = NaiveTime::from_hms_opt(hour, minute, 12).unwrap_or_default();
                (now.date_naive() - Days::new(days)).and_time(time).and_utc()
            }
            Self::Ago(minutes) => now - Duration::minutes(minutes),
        }
    }
}

/// A sitting, to write stories with.
pub(super) fn visit(who: Who, when: When, steps: impl Into<Vec<ScriptStep>>) -> Visit {
    Visit { who, when, steps: steps.into() }
}

/// A photo, to write stories with.
pub(super) fn photo(
    section: &'static str,
    (scene, seed): (Scene, u32),
    name: &'static str,
    caption: &'static str,
) -> ScriptStep {
    ScriptStep::Photo(Shot { section, scene, seed, name, caption })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stories;
    use chrono::NaiveDate;

    #[test]
    fn whatever_the_hour_everything_lies_before_it_and_in_order() {
        let stories = stories::all();
        for hour in [0, 3, 12, 23] {
            let day = NaiveDate::from_ymd_opt(2026, 1, 15).unwrap();
            let now = day.and_hms_opt(hour, 0, 1).unwrap().and_utc();
            let moments = in_order(&stories, now);
            assert!(moments.is_sorted_by_key(|moment| moment.at));
            assert!(moments.iter().all(|moment| moment.at < now), "at {hour} o'clock");
            for (nth, story) in stories.iter().enumerate() {
                let own = moments.iter().filter(|moment| moment.story == nth);
                let told = story.visits.iter().flat_map(|visit| &visit.steps);
                assert!(
                    own.map(|moment| std::ptr::from_ref(moment.step))
                        .eq(told.map(std::ptr::from_ref)),
                    "story {nth} is told in its own order at {hour} o'clock"
                );
            }
        }
    }
}
