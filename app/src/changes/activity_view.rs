//! Activity as the server draws it: bars by day and action, a table of the same for those who listen,
//! and who and which inspections changed most.

use super::chips::address;
use domain::{Action, Activity, ChangeFilter, day_in_words};
use std::fmt::Write;

/// How tall the tallest bar is, in units of the drawing.
const TALL: u64 = 64;

/// The markup. All that people wrote is escaped.
pub(super) fn drawn(activity: &Activity, filter: &ChangeFilter) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = draw(&mut out, activity, filter);
    out
}

fn draw(out: &mut String, activity: &Activity, filter: &ChangeFilter) -> std::fmt::Result {
    if activity.total == 0 {
        return out.write_str("<p class=\"muted\">Nothing matches on these days.</p>");
    }
    let sum = |counts: &[(Action, u64)]| counts.iter().map(|(_, number)| number).sum::<u64>();
    let most = activity.days.iter().map(|(_, counts)| sum(counts)).max().unwrap_or(1).max(1);

    out.write_str("<ul class=\"activity-days\" aria-label=\"Changes by day\">")?;
    // The newest first, so that where there is no room for all, it is the oldest that are out of sight.
    for (day, counts) in activity.days.iter().rev() {
        let total = sum(counts);
        let only = ChangeFilter { from: Some(*day), to: Some(*day), ..filter.first_page() };
        let words = match total {
            1 => format!("{}: 1 change", day_in_words(*day)),
            total => format!("{}: {total} changes", day_in_words(*day)),
        };
        write!(
            out,
            "<li><a class=\"activity-day\" href=\"{}\" title=\"{words}\" data-day=\"{day}\" \
             data-noscroll=\"\" draggable=\"false\">\
             <span class=\"visually-hidden\">{words}</span>\
             <svg viewBox=\"0 0 10 {TALL}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
            escaped(&address(&only)),
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
    if let (Some((first, _)), Some((last, _))) = (activity.days.first(), activity.days.last()) {
        write!(
            out,
            "<p class=\"activity-ends\"><span>{}</span><span>{} changes</span><span>{}</span></p>",
            day_in_words(*first),
            activity.total,
            day_in_words(*last)
        )?;
    }
    table(out, activity)?;
    out.write_str("<div class=\"activity-most\">")?;
    let people: Vec<_> = activity.people.iter().map(|(name, n)| (None, name, *n)).collect();
    list(out, "Most changes by", &people)?;
    let of: Vec<_> = activity
        .inspections
        .iter()
        .map(|(id, reference, number)| {
            let only = ChangeFilter { inspections: vec![*id], ..filter.first_page() };
            (Some(address(&only)), reference, *number)
        })
        .collect();
    list(out, "Most changes of", &of)?;
    out.write_str("</div>")
}

/// The same as a table: which actions, how often on which day. Days without any are left out.
fn table(out: &mut String, activity: &Activity) -> std::fmt::Result {
    let shown: Vec<_> = Action::ALL
        .into_iter()
        .filter(|action| activity.days.iter().any(|(_, counts)| count(counts, *action) > 0))
        .collect();
    out.write_str(
        "<details class=\"activity-table\"><summary>As a table</summary>\
         <div class=\"activity-scroll\" tabindex=\"0\" role=\"region\" \
         aria-label=\"Changes by day and action\"><table><thead><tr><th scope=\"col\">Day</th>",
    )?;
    for action in &shown {
        write!(out, "<th scope=\"col\">{}</th>", action.label())?;
    }
    out.write_str("</tr></thead><tbody>")?;
    for (day, counts) in activity.days.iter().filter(|(_, counts)| !counts.is_empty()) {
        write!(out, "<tr><th scope=\"row\">{}</th>", day_in_words(*day))?;
        for action in &shown {
            write!(out, "<td>{}</td>", count(counts, *action))?;
        }
        out.write_str("</tr>")?;
    }
    out.write_str("</tbody></table></div></details>")
}

fn count(counts: &[(Action, u64)], action: Action) -> u64 {
    counts.iter().find(|(it, _)| *it == action).map_or(0, |(_, number)| *number)
}

fn list(
    out: &mut String,
    title: &str,
    lines: &[(Option<String>, &String, u64)],
) -> std::fmt::Result {
    write!(out, "<section><h2>{title}</h2><ol>")?;
    for (href, name, number) in lines {
        let name = escaped(name);
        match href {
            Some(href) => {
                let href = escaped(href);
                write!(out, "<li><a href=\"{href}\">{name}</a> <span>{number}</span></li>")?;
            }
            None => write!(out, "<li>{name} <span>{number}</span></li>")?,
        }
    }
    out.write_str("</ol></section>")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::InspectionId;

    #[test]
    fn what_people_wrote_stays_text() {
        let activity = Activity {
            days: vec![("2026-03-01".parse().unwrap(), vec![(Action::Edit, 3)])],
            people: vec![("<b>Ada & Co\"".into(), 3)],
            inspections: vec![(InspectionId(4), "BI-4".into(), 3)],
            told_of: 3,
            total: 3,
        };
        let drawn = drawn(&activity, &ChangeFilter::default());
        assert!(drawn.contains("&lt;b&gt;Ada &amp; Co&quot; <span>3</span>"), "{drawn}");
        assert!(drawn.contains("href=\"/changes?from=2026-03-01&amp;to=2026-03-01\""), "{drawn}");
        assert!(drawn.contains("1 Mar 2026: 3 changes"));
        assert!(drawn.contains("<th scope=\"col\">Edit</th>") && drawn.contains("<td>3</td>"));
    }
}
