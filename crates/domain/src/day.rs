//! Formatting and parsing of calendar days.

use chrono::{Datelike, NaiveDate};
use std::{fmt, ops::RangeInclusive};

/// Formats a day, as in "3 Nov 2025".
pub fn day_in_words(day: NaiveDate) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    format!("{} {} {}", day.day(), MONTHS[day.month0() as usize], Year(day.year()))
}

/// A year with at least four digits, so that 26 is not read as 2026.
struct Year(i32);

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.0)
    }
}

/// The years that a day may be in. A date outside of them is a typing mistake, such as 0026 from a
/// date control into which 26 was typed.
const YEARS: RangeInclusive<i32> = 1900..=2199;

/// Parses a day, as in `2026-03-31`.
///
/// # Errors
/// A message that says what to enter instead.
pub fn parse_day(text: &str) -> Result<NaiveDate, String> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let day = text.parse().ok().filter(|_| is_plain && !text.starts_with('-'));
    let day = day.ok_or("Give a date as year-month-day, for example 2026-03-31.")?;
    check_day(day).map(|()| day)
}

/// Checks that a day is plausible.
///
/// # Errors
/// A message that says what to enter instead.
pub fn check_day(day: NaiveDate) -> Result<(), String> {
    let year = day.year();
    if YEARS.contains(&year) {
        return Ok(());
    }
    if let Some(meant) = (0..100).contains(&year).then(|| day.with_year(2000 + year)).flatten() {
        return Err(format!(
            "Did you mean {}? Write the year with four digits.",
            day_in_words(meant)
        ));
    }
    Err(format!("Give a year from {} to {}.", YEARS.start(), YEARS.end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_a_plausible_year_of_four_digits() {
        let day = parse_day("2026-03-31").unwrap();
        assert_eq!(day_in_words(day), "31 Mar 2026");
        for (typed, says) in [
            ("0026-03-31", "Did you mean 31 Mar 2026?"),
            ("0000-01-01", "Did you mean 1 Jan 2000?"),
            ("-0044-03-15", "Give a date as year-month-day"),
            ("+12026-01-01", "Give a date as year-month-day"),
            ("1066-10-14", "Give a year from 1900 to 2199."),
            ("soon", "Give a date as year-month-day"),
        ] {
            let refused = parse_day(typed).unwrap_err();
            assert!(refused.starts_with(says), "{typed}: {refused}");
        }
        assert_eq!(day_in_words(NaiveDate::from_ymd_opt(26, 3, 31).unwrap()), "31 Mar 0026");
    }
}
