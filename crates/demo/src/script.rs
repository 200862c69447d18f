//! Types for writing the demo's stories: the actions of people on inspections, with their times.

use super::{people::Who, pictures::Scene};
use chrono::{DateTime, Days, Duration, NaiveTime, Utc};
use domain::inspection::{Condition, Field};

/// Story of one inspection.
pub(super) struct Story {
    /// Visits from the first change to the last.
    pub(super) visits: Vec<Visit>,
}

/// Series of steps by one person.
pub(super) struct Visit {
    /// Person.
    pub(super) who: Who,
    /// Start of the visit.
    pub(super) when: When,
    /// Steps, a few minutes apart.
    pub(super) steps: Vec<ScriptStep>,
}

/// Start of a visit, relative to the day on which the database is filled.
#[derive(Clone, Copy)]
pub(super) enum When {
    /// Number of days ago, hour and minute.
    Day(u64, u32, u32),
    /// Number of minutes ago.
    Ago(i64),
}

/// Step of a story. Objects are identified by their names in the story.
pub(super) enum ScriptStep {
    /// Create the inspection.
    Start {
        /// Name, address, building type and client.
        about: [&'static str; 4],
        /// Day of the visit, in days from the day on which the database is filled.
        scheduled: i64,
    },
    /// Set a field of the inspection.
    Set(Field, &'static str),
    /// Change the day of the visit, in days from the day on which the database is filled.
    Schedule(i64),
    /// Add a section.
    Section(&'static str),
    /// Rename a section.
    Rename(&'static str, &'static str),
    /// Move a section to this position.
    Place(&'static str, i64),
    /// Set a section's condition.
    Found(&'static str, Condition),
    /// Set a section's notes.
    Notes(&'static str, &'static str),
    /// Remove a section.
    DropSection(&'static str),
    /// Add equipment with kind, make, model and serial number.
    Equipment([&'static str; 4], Condition),
    /// Set the condition of the equipment of this kind.
    Rate(&'static str, Condition),
    /// Remove the equipment of this kind.
    DropEquipment(&'static str),
    /// Attach a photo, to a section if its title is not empty.
    Photo(Shot),
    /// Remove the photo with this name.
    DropPhoto(&'static str),
    /// Create a report.
    Pdf,
    /// Open the latest report.
    Open,
    /// Send the inspection to review.
    Ready,
    /// Approve the inspection.
    Complete,
    /// Return the inspection to draft for this reason.
    Revert(&'static str),
    /// Remove the inspection.
    Drop,
}

/// Photo to draw and attach.
#[derive(Clone, Copy)]
pub(super) struct Shot {
    /// Section of the photo; empty for the whole building.
    pub(super) section: &'static str,
    /// Subject.
    pub(super) scene: Scene,
    /// Seed of the drawing.
    pub(super) seed: u32,
    /// File name.
    pub(super) name: &'static str,
    /// Caption.
    pub(super) caption: &'static str,
}

/// Step with its time.
pub(super) struct ScriptTime<'a> {
    /// Time.
    pub(super) at: DateTime<Utc>,
    /// Acting person.
    pub(super) who: Who,
    /// Index of the story.
    pub(super) story: usize,
    /// Step.
    pub(super) step: &'a ScriptStep,
}

/// Returns the steps of all stories in order of time, all before `now`.
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

/// Creates a visit.
pub(super) fn visit(who: Who, when: When, steps: impl Into<Vec<ScriptStep>>) -> Visit {
    Visit { who, when, steps: steps.into() }
}

/// Creates the step that attaches a photo.
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
                let steps = story.visits.iter().flat_map(|visit| &visit.steps);
                assert!(
                    own.map(|moment| std::ptr::from_ref(moment.step))
                        .eq(steps.map(std::ptr::from_ref)),
                    "story {nth} is told in its own order at {hour} o'clock"
                );
            }
        }
    }
}
