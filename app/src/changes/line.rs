//! Line of an entry, which opens it.

use super::{days::heading, review_badge::review_markup};
use crate::{
    scripts,
    ui::{
        action_markup, avatar_markup, badge_markup, escape, icon_markup, icons, status_markup,
        time_markup,
    },
};
use chrono::NaiveDate;
use domain::{
    change::summarize,
    feed::{ChangeRow, Entry, EntryKey, ReviewState},
};

/// Writes the line of an entry as markup: who did what and where, and its badges. The words are in an
/// element of the id `words`; `now` is the time in milliseconds since 1970.
pub(super) fn line(entry: &Entry, words: &str, today: Option<NaiveDate>, now: i64) -> String {
    let Some(first) = entry.rows.first() else { return String::new() };
    let change = &first.change;
    let said = match entry.key {
        EntryKey::Request(_) => {
            let who = escape(&change.user_name);
            let place = entry.of_one().map(place).unwrap_or_default();
            format!("<strong><bdi>{who}</bdi></strong> {} {place}", escape(&did(entry)))
        }
        key => {
            let heads = match key {
                EntryKey::Day(day) => heading(day, today.unwrap_or(day)),
                _ => place(first),
            };
            let count = match entry.count.exact() {
                Some(1) => "1 change".to_owned(),
                _ => format!("{} changes", entry.count),
            };
            format!("<strong>{heads}</strong> {count} by {}", escape(&entry.summary.by()))
        }
    };
    let marks = [
        state_badge(entry),
        comments(entry),
        entry.of_one().map(|row| match row.removed {
            true => badge_markup("remove", None, "Removed", None),
            false => status_markup(row.status),
        }),
        (entry.rows.len() == 1).then(|| action_markup(change.record.action)),
    ];
    let marks: String = marks.into_iter().flatten().collect();
    format!(
        "{}<span class=\"entry-words\" id=\"{words}\">{said}</span>\
         <span class=\"entry-marks\">{marks}{}</span>{}",
        avatar_markup(&change.user_name),
        time_markup(change.created_at, now, !scripts::are_known()),
        icon_markup(icons::CHEVRON_DOWN),
    )
}

fn did(entry: &Entry) -> String {
    let records: Vec<_> = entry.rows.iter().map(|row| &row.change.record).collect();
    summarize(&records, &entry.summary.actions)
}

fn place(row: &ChangeRow) -> String {
    format!(
        "<span class=\"entry-place\"><span>{}</span> <bdi>{}</bdi></span>",
        escape(&row.reference),
        escape(&row.name),
    )
}

fn comments(entry: &Entry) -> Option<String> {
    let number: i64 = entry.rows.iter().map(|row| row.comments).sum();
    let label = match number {
        0 => return None,
        1 => "1 comment".to_owned(),
        number => format!("{number} comments"),
    };
    let icon = icon_markup(icons::MESSAGE_SQUARE);
    Some(format!(
        "<span class=\"entry-comments\" title=\"{label}\">{icon}<span aria-hidden=\"true\">{number}</span>\
         <span class=\"visually-hidden\">{label}</span></span>"
    ))
}

/// Writes the review state of the whole entry; `None` while it is unreviewed.
fn state_badge(entry: &Entry) -> Option<String> {
    let any = |state: &ReviewState| entry.summary.in_state(*state) > 0;
    let state = [ReviewState::Flagged, ReviewState::Reviewed].into_iter().find(any)?;
    let reviews = entry.rows.iter().filter_map(|row| row.review.as_ref());
    let by = reviews.filter(|review| review.state == state).map(|review| &*review.by).next();
    Some(review_markup(state, by, entry.summary.state().is_some()))
}
