//! Activity: what a filter matches, counted by day and action.

use super::survey;
use crate::{Error, Store};
use chrono::{Days, NaiveDate};
use domain::{Action, Activity, ChangeFilter, InspectionId};
use std::{cmp::Reverse, collections::BTreeMap};

impl Store {
    /// What matches on the last `days` days up to the filter's last, or up to `today`; and no earlier
    /// than the filter's first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn activity(
        &self,
        filter: &ChangeFilter,
        days: u64,
        today: NaiveDate,
    ) -> Result<Activity, Error> {
        let last = filter.to.map_or(today, |to| to.min(today));
        let days = days.clamp(1, Activity::DAYS);
        let first = last.checked_sub_days(Days::new(days - 1)).unwrap_or(last);
        let first = filter.from.map_or(first, |from| from.max(first));
        let filter = ChangeFilter { from: Some(first), to: Some(last), ..filter.clone() };

        let mut tx = self.db().read().await?;
        let all = survey::all(&mut tx).await?;
        let found: Vec<_> = all.iter().filter(|seen| seen.matches(&filter)).collect();
        let mut activity = Activity { total: found.len() as u64, ..Activity::default() };
        let mut day = first;
        while day <= last {
            let mut counts: BTreeMap<Action, u64> = BTreeMap::new();
            for seen in found.iter().filter(|seen| seen.change.created_at.date_naive() == day) {
                *counts.entry(seen.change.record.action).or_default() += 1;
            }
            activity.days.push((day, counts.into_iter().collect()));
            let Some(next) = day.succ_opt() else { break };
            day = next;
        }
        let told_of = &found[..found.len().min(Activity::TOLD_OF)];
        activity.told_of = told_of.len() as u64;
        let mut people: BTreeMap<String, u64> = BTreeMap::new();
        let mut inspections: BTreeMap<InspectionId, u64> = BTreeMap::new();
        for seen in told_of {
            *people.entry(seen.change.user_name.clone()).or_default() += 1;
            *inspections.entry(seen.change.inspection_id).or_default() += 1;
        }
        activity.people = most(people);
        for (id, number) in most(inspections) {
            if let Some(inspection) = self.inspection(id).await? {
                activity.inspections.push((id, inspection.reference, number));
            }
        }
        Ok(activity)
    }
}

fn most<T: Ord + Clone>(counted: BTreeMap<T, u64>) -> Vec<(T, u64)> {
    let mut counted: Vec<_> = counted.into_iter().collect();
    counted.sort_by_key(|(_, number)| Reverse(*number));
    counted.truncate(Activity::NAMED);
    counted
}
