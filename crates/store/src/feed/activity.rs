//! Activity: numbers of matches by day and action.

use crate::{
    Error, Store, boxed,
    sql::{numbers, sql},
};
use chrono::{Days, NaiveDate};
use domain::{
    change::Action,
    feed::{Activity, ChangeFilter},
    id::{InspectionId, UserId},
};

impl Store {
    /// Returns the activity of the last `days` days up to the filter's last day or `today`, and not
    /// before the filter's first day.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn activity(
        &self,
        filter: &ChangeFilter,
        days: u64,
        today: NaiveDate,
    ) -> Result<Activity, Error> {
        let last = filter.to.map_or(today, |to| to.min(today));
        let days = days.clamp(1, Activity::DAYS);
        let earliest = last.checked_sub_days(Days::new(days - 1)).unwrap_or(last);
        let first = filter.from.map_or(earliest, |from| from.max(earliest));
        let filter = ChangeFilter { from: Some(first), to: Some(last), ..filter.clone() };

        let mut tx = self.db().read().await?;
        let search = self.search(&mut tx, &filter).await?.bound(None);
        let mut search = search.evaluate().await?;
        let by_day = search.by_day().await?;
        let newest = search.as_bounded().newest(i64::MAX, Activity::TOLD_OF).await?;
        let mut activity = Activity { sampled: newest.len() as u64, ..Activity::default() };
        for day in first.iter_days().take_while(|day| *day <= last) {
            let counts = by_day.get(&day).copied().unwrap_or_default();
            activity.total += counts.iter().sum::<u64>();
            let counts = Action::ALL.into_iter().zip(counts).filter(|(_, count)| *count > 0);
            activity.days.push((day, counts.collect()));
        }
        let these = tx.dialect().any("c.id", 1);
        let text = format!(
            "select c.user_id, coalesce(u.name, c.user_name) as called, count(*) \
             from changes as c left join users as u on u.id = c.user_id where {these} \
             group by c.user_id, coalesce(u.name, c.user_name) \
             order by count(*) desc, called, c.user_id limit {}",
            Activity::NAMED
        );
        let ids = numbers(newest);
        let people: Vec<(Option<i64>, String, i64)> =
            sql(text).bind(ids.clone()).all(&mut tx).await?;
        let text = format!(
            "select c.inspection_id, i.reference, count(*) from changes as c \
             join inspections as i on i.id = c.inspection_id where {these} \
             group by c.inspection_id, i.reference order by count(*) desc, c.inspection_id desc \
             limit {}",
            Activity::NAMED
        );
        let inspections: Vec<(i64, String, i64)> = sql(text).bind(ids).all(&mut tx).await?;
        let number = |number: i64| u64::try_from(number).unwrap_or_default();
        let people = people.into_iter();
        activity.people =
            people.map(|(id, name, count)| (id.map(UserId), name, number(count))).collect();
        let inspections = inspections.into_iter();
        activity.inspections = inspections
            .map(|(id, reference, count)| (InspectionId(id), reference, number(count)))
            .collect();
        Ok(activity)
    }
}
