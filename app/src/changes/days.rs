//! Grouping of changes by day.

use chrono::{Datelike, Days, NaiveDate};
use domain::{day::day_in_words, feed::Entry};

/// Returns the day of an entry's newest change, in UTC.
pub(super) fn day_of(entry: &Entry) -> Option<NaiveDate> {
    entry.rows.first().map(|row| row.change.created_at.date_naive())
}

/// Returns the days of these entries, in their order.
pub(super) fn days(entries: &[Entry]) -> Vec<NaiveDate> {
    let mut days: Vec<_> = entries.iter().filter_map(day_of).collect();
    days.dedup();
    days
}

/// Formats a day as a heading: "Today", "Yesterday", "Monday 23 Nov 2026".
pub(super) fn heading(day: NaiveDate, today: NaiveDate) -> String {
    if day == today {
        "Today".into()
    } else if day.checked_add_days(Days::new(1)) == Some(today) {
        "Yesterday".into()
    } else {
        const WEEK: [&str; 7] =
            ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        let weekday = WEEK[day.weekday().num_days_from_monday() as usize];
        format!("{weekday} {}", day_in_words(day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_called_as_people_call_them() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = day("2026-03-01");
        assert_eq!(heading(today, today), "Today");
        assert_eq!(heading(day("2026-02-28"), today), "Yesterday");
        assert_eq!(heading(day("2026-02-27"), today), "Friday 27 Feb 2026");
    }
}
