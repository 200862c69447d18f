//! Activity chart, rendered on the server: bars by day and action with a legend, the same data as a
//! table for screen readers, and the most active people and inspections. All entries link to the
//! changes they count.

use super::link::address;
use crate::ui::escape;
use chrono::NaiveDate;
use domain::{
    change::Action,
    day::day_in_words,
    feed::{Activity, ChangeFilter},
};
use std::fmt::Write;

/// Height of the tallest bar, in units of the drawing.
const TALL: u64 = 64;

/// Renders the markup. All text written by people is escaped.
pub(super) fn drawn(activity: &Activity, filter: &ChangeFilter) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = draw(&mut out, activity, filter);
    out
}

fn draw(out: &mut String, activity: &Activity, filter: &ChangeFilter) -> std::fmt::Result {
    if activity.total == 0 {
        return out.write_str("<p class=\"muted\">No changes in this period.</p>");
    }
    let sum = |counts: &[(Action, u64)]| counts.iter().map(|(_, number)| number).sum::<u64>();
    let most = activity.days.iter().map(|(_, counts)| sum(counts)).max().unwrap_or(1).max(1);

    out.write_str(
        "<ul class=\"activity-days\" aria-label=\"Changes by day\" \
         aria-describedby=\"activity-how\">",
    )?;
    // Newest first, so that a narrow screen cuts off the oldest bars.
    for (day, counts) in activity.days.iter().rev() {
        let words = match sum(counts) {
            1 => format!("{}: 1 change", day_in_words(*day)),
            total => format!("{}: {total} changes", day_in_words(*day)),
        };
        write!(
            out,
            "<li><a class=\"activity-day\" href=\"{}\" title=\"{words}\" data-day=\"{day}\" \
             data-noscroll=\"\" draggable=\"false\">\
             <span class=\"visually-hidden\">{words}</span>\
             <svg viewBox=\"0 0 10 {TALL}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
            escape(&address(&of_day(filter, *day))),
        )?;
        let mut y = TALL;
        for (action, number) in counts {
            let tall = (number * TALL).div_ceil(most).min(y);
            y -= tall;
            write!(
                out,
                "<rect data-tone=\"{}\" x=\"1\" y=\"{y}\" width=\"8\" height=\"{tall}\"/>",
                action.slug()
            )?;
        }
        out.write_str("</svg></a></li>")?;
    }
    out.write_str("</ul>")?;
    ends(out, activity, filter)?;
    legend(out, activity, filter)?;
    table(out, activity, filter)?;
    out.write_str("<div class=\"activity-most\">")?;
    let people = activity.people.iter().map(|(id, name, number)| {
        let only = |id| ChangeFilter { users: vec![id], ..filter.first_page() };
        (id.map(|id| address(&only(id))), name, *number)
    });
    list(out, "Most changes by", people)?;
    let inspections = activity.inspections.iter().map(|(id, reference, number)| {
        let only = ChangeFilter { inspections: vec![*id], ..filter.first_page() };
        (Some(address(&only)), reference, *number)
    });
    list(out, "Most changed", inspections)?;
    if activity.sampled < activity.total {
        let (told, total) = (grouped(activity.sampled), grouped(activity.total));
        write!(
            out,
            "<p class=\"activity-told\">Both are counted among the newest {told} of {total}.</p>"
        )?;
    }
    out.write_str("</div>")
}

fn of_day(filter: &ChangeFilter, day: NaiveDate) -> ChangeFilter {
    ChangeFilter { from: Some(day), to: Some(day), ..filter.first_page() }
}

/// Renders the first day, the last day, the total between them, and whether the filter covers more
/// days.
fn ends(out: &mut String, activity: &Activity, filter: &ChangeFilter) -> std::fmt::Result {
    let (Some((first, _)), Some((last, _))) = (activity.days.first(), activity.days.last()) else {
        return Ok(());
    };
    let changes = match activity.total {
        1 => "1 change".to_owned(),
        total => format!("{} changes", grouped(total)),
    };
    let days = match activity.days.len() {
        1 => "in 1 day".to_owned(),
        days => format!("in {days} days"),
    };
    write!(
        out,
        "<p class=\"activity-ends\"><span>{}</span><span>{changes} {days}</span><span>{}</span></p>",
        day_in_words(*first),
        day_in_words(*last)
    )?;
    let days = activity.days.len();
    if filter.from.is_some_and(|from| from < *first) {
        write!(
            out,
            "<p class=\"activity-cut\">Last {days} days. Earlier changes are in the feed only.</p>"
        )?;
    } else if filter.from.is_none() {
        write!(out, "<p class=\"activity-cut\">Last {days} days. Use Date to change.</p>")?;
    }
    Ok(())
}

/// Renders the legend, with a link to each action alone, and the hint on how to select days.
fn legend(out: &mut String, activity: &Activity, filter: &ChangeFilter) -> std::fmt::Result {
    out.write_str("<ul class=\"activity-legend\" aria-label=\"Changes by action\">")?;
    for action in shown(activity) {
        let only = ChangeFilter { actions: vec![action], ..filter.first_page() };
        let number: u64 = activity.days.iter().map(|(_, counts)| count(counts, action)).sum();
        write!(
            out,
            "<li><a href=\"{}\" data-noscroll=\"\">\
             <svg viewBox=\"0 0 8 8\" aria-hidden=\"true\"><rect data-tone=\"{}\" width=\"8\" \
             height=\"8\" rx=\"2\"/></svg>{} <span>{}</span></a></li>",
            escape(&address(&only)),
            action.slug(),
            action.label(),
            grouped(number),
        )?;
    }
    out.write_str(
        "</ul><p class=\"activity-how only-scripted\" id=\"activity-how\">Click a bar to filter by day; drag, \
         or hold Shift, to select a range. The arrow keys move from day to day.</p>",
    )
}

/// Returns the actions that occur.
fn shown(activity: &Activity) -> impl Iterator<Item = Action> {
    let is_there =
        |action: &Action| activity.days.iter().any(|(_, counts)| count(counts, *action) > 0);
    Action::ALL.into_iter().filter(is_there)
}

/// Formats a number with thousands separators: "12,345".
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}

/// Renders the chart's data as a table of days and actions. Days without changes are omitted.
fn table(out: &mut String, activity: &Activity, filter: &ChangeFilter) -> std::fmt::Result {
    out.write_str(
        "<details class=\"activity-table\"><summary>As a table</summary>\
         <div class=\"activity-scroll\" tabindex=\"0\" role=\"region\" \
         aria-label=\"Changes by day and action\"><table><thead><tr><th scope=\"col\">Day</th>",
    )?;
    for action in shown(activity) {
        write!(out, "<th scope=\"col\">{}</th>", action.label())?;
    }
    out.write_str("</tr></thead><tbody>")?;
    for (day, counts) in activity.days.iter().filter(|(_, counts)| !counts.is_empty()) {
        write!(out, "<tr><th scope=\"row\">{}</th>", day_in_words(*day))?;
        for action in shown(activity) {
            match count(counts, action) {
                0 => out.write_str("<td>0</td>")?,
                number => {
                    let only = ChangeFilter { actions: vec![action], ..of_day(filter, *day) };
                    let href = escape(&address(&only));
                    write!(out, "<td><a href=\"{href}\" data-noscroll=\"\">{number}</a></td>")?;
                }
            }
        }
        out.write_str("</tr>")?;
    }
    out.write_str("</tbody></table></div></details>")
}

fn count(counts: &[(Action, u64)], action: Action) -> u64 {
    counts.iter().find(|(it, _)| *it == action).map_or(0, |(_, number)| *number)
}

fn list<'list>(
    out: &mut String,
    title: &str,
    lines: impl Iterator<Item = (Option<String>, &'list String, u64)>,
) -> std::fmt::Result {
    write!(out, "<section><h2>{title}</h2><ol>")?;
    for (href, name, number) in lines {
        let (name, number) = (escape(name), grouped(number));
        match href {
            Some(href) => {
                let href = escape(&href);
                write!(out, "<li><a href=\"{href}\">{name}</a> <span>{number}</span></li>")?;
            }
            None => write!(out, "<li>{name} <span>{number}</span></li>")?,
        }
    }
    out.write_str("</ol></section>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::{InspectionId, UserId};

    fn activity(days: &[&str]) -> Activity {
        let days = days.iter().map(|day| (day.parse().unwrap(), vec![(Action::Edit, 3)]));
        Activity {
            days: days.collect(),
            people: vec![(Some(UserId(7)), "<b>Ada & Co\"".into(), 3), (None, "Gone".into(), 1)],
            inspections: vec![(InspectionId(4), "BI-4".into(), 3)],
            sampled: 3,
            total: 3,
        }
    }

    #[test]
    fn what_people_wrote_stays_text_and_all_leads_to_what_it_counts() {
        let drawn = drawn(&activity(&["2026-03-01"]), &ChangeFilter::default());
        assert!(
            drawn.contains(
                "<a href=\"/changes?user=7\">&lt;b&gt;Ada &amp; Co&quot;</a> <span>3</span>"
            ),
            "{drawn}"
        );
        assert!(drawn.contains("<li>Gone <span>1</span></li>"), "{drawn}");
        let day = "/changes?from=2026-03-01&amp;to=2026-03-01";
        assert!(drawn.contains(&format!("href=\"{day}\"")), "{drawn}");
        let both = "/changes?action=edit&amp;from=2026-03-01&amp;to=2026-03-01";
        assert!(drawn.contains(&format!("<td><a href=\"{both}\" data-noscroll=\"\">3</a></td>")));
        assert!(drawn.contains("1 Mar 2026: 3 changes"));
        assert!(drawn.contains("<th scope=\"col\">Edit</th>"));
        assert!(!drawn.contains("among the newest"));
    }

    #[test]
    fn what_it_leaves_out_is_said() {
        let mut activity = activity(&["2026-03-01", "2026-03-02"]);
        let since = |day: &str| ChangeFilter { from: day.parse().ok(), ..ChangeFilter::default() };
        let cut = "Last 2 days. Earlier changes are in the feed only.";
        assert!(drawn(&activity, &since("2020-01-01")).contains(cut));
        assert!(!drawn(&activity, &since("2026-03-01")).contains("Last 2 days"));
        assert!(drawn(&activity, &ChangeFilter::default()).contains("Last 2 days. Use Date"));
        (activity.sampled, activity.total) = (10_000, 1_234_567);
        let drawn = drawn(&activity, &since("2026-03-01"));
        assert!(drawn.contains("among the newest 10,000 of 1,234,567."), "{drawn}");
        assert!(drawn.contains("1,234,567 changes in 2 days"), "{drawn}");
    }
}
