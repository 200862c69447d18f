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
use leptos::prelude::*;

/// Height of the tallest bar, in units of the drawing.
const TALL: u64 = 64;

/// Renders the chart to HTML. The browser inserts it as it is, because hydrating up to 400 bars would take
/// longer than replacing them. Browsers known to run scripts load the table when it is opened.
pub(super) fn render(activity: &Activity, filter: &ChangeFilter, with_table: bool) -> String {
    if activity.total == 0 {
        return "<p class=\"muted\">No changes in this period.</p>".to_owned();
    }
    let table = if with_table { table(activity, filter) } else { String::new() };
    let rest = view! {
        {ends(activity, filter)}
        {legend(activity, filter)}
        <details class="activity-table">
            <summary>"As a table"</summary>
            <div
                class="activity-scroll"
                tabindex="0"
                role="region"
                aria-label="Changes by day and action"
                inner_html=table
            ></div>
        </details>
        {most(activity, filter)}
    };
    bars(activity, filter) + &rest.to_html()
}

/// Renders a bar for each day, which links to the changes of that day. It is written without views,
/// because a bar has up to ten parts.
fn bars(activity: &Activity, filter: &ChangeFilter) -> String {
    let most = activity.days.iter().map(|(_, counts)| sum(counts)).max().unwrap_or(1).max(1);
    let bar = |(day, counts): &(NaiveDate, Vec<(Action, u64)>)| {
        let words = match sum(counts) {
            1 => format!("{}: 1 change", day_in_words(*day)),
            total => format!("{}: {total} changes", day_in_words(*day)),
        };
        let mut y = TALL;
        let segment = |(action, number): &(Action, u64)| {
            let tall = (number * TALL).div_ceil(most).min(y);
            y -= tall;
            format!("<rect data-tone=\"{action}\" y=\"{y}\" height=\"{tall}\"/>")
        };
        let segments: String = counts.iter().map(segment).collect();
        let href = escape(&address(&of_day(filter, *day)));
        format!(
            "<li><a class=\"activity-day\" href=\"{href}\" title=\"{words}\" data-day=\"{day}\" data-noscroll \
             draggable=\"false\"><svg viewBox=\"0 0 10 {TALL}\" preserveAspectRatio=\"none\" \
             aria-hidden=\"true\">{segments}</svg></a></li>"
        )
    };
    // Newest first, so that a narrow screen cuts off the oldest bars.
    let bars: String = activity.days.iter().rev().map(bar).collect();
    format!(
        "<ul class=\"activity-days\" aria-label=\"Changes by day\" \
         aria-describedby=\"activity-how\">{bars}</ul>"
    )
}

fn of_day(filter: &ChangeFilter, day: NaiveDate) -> ChangeFilter {
    ChangeFilter { from: Some(day), to: Some(day), ..filter.first_page() }
}

/// Renders the first day, the last day, the total between them, and whether the filter covers more
/// days.
fn ends(activity: &Activity, filter: &ChangeFilter) -> Option<AnyView> {
    let ((first, _), (last, _)) = (activity.days.first()?, activity.days.last()?);
    let changes = match activity.total {
        1 => "1 change".to_owned(),
        total => format!("{} changes", grouped(total)),
    };
    let days = activity.days.len();
    let in_days = match days {
        1 => "in 1 day".to_owned(),
        days => format!("in {days} days"),
    };
    let cut = if filter.from.is_some_and(|from| from < *first) {
        Some(format!("Last {days} days. Earlier changes are in the feed only."))
    } else {
        filter.from.is_none().then(|| format!("Last {days} days. Use Date to change."))
    };
    let ends = view! {
        <p class="activity-ends">
            <span>{day_in_words(*first)}</span>
            <span>{format!("{changes} {in_days}")}</span>
            <span>{day_in_words(*last)}</span>
        </p>
        {cut.map(|cut| view! { <p class="activity-cut">{cut}</p> })}
    };
    Some(ends.into_any())
}

/// Renders the legend, with a link to each action alone, and the hint on how to select days.
fn legend(activity: &Activity, filter: &ChangeFilter) -> AnyView {
    let entry = |action: Action| {
        let only = ChangeFilter { actions: vec![action], ..filter.first_page() };
        let number: u64 = activity.days.iter().map(|(_, counts)| count(counts, action)).sum();
        view! {
            <li>
                <a href=address(&only) data-noscroll="">
                    <svg viewBox="0 0 8 8" aria-hidden="true">
                        <rect data-tone=action.slug() width="8" height="8" rx="2"></rect>
                    </svg>
                    {format!("{} ", action.label())}
                    <span>{grouped(number)}</span>
                </a>
            </li>
        }
    };
    let entries = shown(activity).map(entry).collect_view();
    view! {
        <ul class="activity-legend" aria-label="Changes by action">
            {entries}
        </ul>
        <p class="activity-how only-scripted" id="activity-how">
            "Click a bar to filter by day; drag, or hold Shift, to select a range. The arrow keys move from \
             day to day."
        </p>
    }
    .into_any()
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
pub(super) fn table(activity: &Activity, filter: &ChangeFilter) -> String {
    let cell = |day: NaiveDate, action: Action, number: u64| {
        if number == 0 {
            return "<td>0</td>".to_owned();
        }
        let only = ChangeFilter { actions: vec![action], ..of_day(filter, day) };
        let href = escape(&address(&only));
        format!("<td><a href=\"{href}\" data-noscroll>{number}</a></td>")
    };
    let row = |(day, counts): &(NaiveDate, Vec<(Action, u64)>)| {
        let cells = shown(activity).map(|action| cell(*day, action, count(counts, action)));
        let cells: String = cells.collect();
        format!("<tr><th scope=\"row\">{}</th>{cells}</tr>", day_in_words(*day))
    };
    let heading = |action: Action| format!("<th scope=\"col\">{}</th>", action.label());
    let headings: String = shown(activity).map(heading).collect();
    let rows = activity.days.iter().filter(|(_, counts)| !counts.is_empty()).map(row);
    let rows: String = rows.collect();
    format!(
        "<table><thead><tr><th scope=\"col\">Day</th>{headings}</tr></thead>\
         <tbody>{rows}</tbody></table>"
    )
}

fn sum(counts: &[(Action, u64)]) -> u64 {
    counts.iter().map(|(_, number)| number).sum()
}

fn count(counts: &[(Action, u64)], action: Action) -> u64 {
    counts.iter().find(|(it, _)| *it == action).map_or(0, |(_, number)| *number)
}

/// Renders the people and the inspections with the most changes.
fn most(activity: &Activity, filter: &ChangeFilter) -> AnyView {
    let people = activity.people.iter().map(|(id, name, number)| {
        let only = |id| ChangeFilter { users: vec![id], ..filter.first_page() };
        (id.map(|id| address(&only(id))), name.clone(), *number)
    });
    let inspections = activity.inspections.iter().map(|(id, reference, number)| {
        let only = ChangeFilter { inspections: vec![*id], ..filter.first_page() };
        (Some(address(&only)), reference.clone(), *number)
    });
    let is_sample = activity.sampled < activity.total;
    let sample = is_sample.then(|| {
        let (sampled, total) = (grouped(activity.sampled), grouped(activity.total));
        let note = format!("Both are counted among the newest {sampled} of {total}.");
        view! { <p class="activity-note">{note}</p> }
    });
    view! {
        <div class="activity-most">
            {list("Most changes by", people)}
            {list("Most changed", inspections)}
            {sample}
        </div>
    }
    .into_any()
}

fn list(
    title: &'static str,
    lines: impl Iterator<Item = (Option<String>, String, u64)>,
) -> AnyView {
    let line = |(href, name, number): (Option<String>, String, u64)| {
        let name = match href {
            Some(href) => view! { <a href=href>{name}</a> }.into_any(),
            None => name.into_any(),
        };
        view! { <li>{name}" "<span>{grouped(number)}</span></li> }
    };
    let lines = lines.map(line).collect_view();
    view! { <section><h2>{title}</h2><ol>{lines}</ol></section> }.into_any()
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

    /// Returns the markup without the comments that separate views.
    fn rendered(activity: &Activity, filter: &ChangeFilter) -> String {
        render(activity, filter, true).replace("<!>", "").replace("<!---->", "")
    }

    #[test]
    fn what_people_wrote_stays_text_and_all_leads_to_what_it_counts() {
        let drawn = rendered(&activity(&["2026-03-01"]), &ChangeFilter::default());
        assert!(
            drawn
                .contains("<a href=\"/changes?user=7\">&lt;b&gt;Ada &amp; Co\"</a> <span>3</span>"),
            "{drawn}"
        );
        assert!(drawn.contains("<li>Gone <span>1</span></li>"), "{drawn}");
        let day = "/changes?from=2026-03-01&amp;to=2026-03-01";
        assert!(drawn.contains(&format!("href=\"{day}\"")), "{drawn}");
        let both = "/changes?action=edit&amp;from=2026-03-01&amp;to=2026-03-01";
        assert!(drawn.contains(&format!("<td><a href=\"{both}\" data-noscroll>3</a></td>")));
        assert!(drawn.contains("1 Mar 2026: 3 changes"));
        assert!(drawn.contains("<th scope=\"col\">Edit</th>"));
        assert!(!drawn.contains("among the newest"));
        let without = render(&activity(&["2026-03-01"]), &ChangeFilter::default(), false);
        assert!(without.contains("As a table") && !without.contains("<table>"), "{without}");
    }

    #[test]
    fn what_it_leaves_out_is_said() {
        let mut activity = activity(&["2026-03-01", "2026-03-02"]);
        let since = |day: &str| ChangeFilter { from: day.parse().ok(), ..ChangeFilter::default() };
        let cut = "Last 2 days. Earlier changes are in the feed only.";
        assert!(rendered(&activity, &since("2020-01-01")).contains(cut));
        assert!(!rendered(&activity, &since("2026-03-01")).contains("Last 2 days"));
        assert!(rendered(&activity, &ChangeFilter::default()).contains("Last 2 days. Use Date"));
        (activity.sampled, activity.total) = (10_000, 1_234_567);
        let drawn = rendered(&activity, &since("2026-03-01"));
        assert!(drawn.contains("among the newest 10,000 of 1,234,567."), "{drawn}");
        assert!(drawn.contains("1,234,567 changes in 2 days"), "{drawn}");
    }
}
