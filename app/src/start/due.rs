//! Days until a visit, in words.

use chrono::NaiveDate;

/// Formats the days until a visit: "Today", "Tomorrow", "In 3 days", "2 days overdue".
pub(super) fn due(on: NaiveDate, today: NaiveDate) -> String {
    match (on - today).num_days() {
        0 => "Today".into(),
        1 => "Tomorrow".into(),
        -1 => "1 day overdue".into(),
        days if days < 0 => format!("{} days overdue", -days),
        days => format!("In {days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn days_are_counted_as_people_do() {
        let today = day("2026-03-05");
        assert_eq!(due(today, today), "Today");
        assert_eq!(due(day("2026-03-06"), today), "Tomorrow");
        assert_eq!(due(day("2026-03-08"), today), "In 3 days");
        assert_eq!(due(day("2026-03-04"), today), "1 day overdue");
        assert_eq!(due(day("2026-02-28"), today), "5 days overdue");
    }
}
