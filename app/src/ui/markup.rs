//! Small components as markup. Lists of many lines are written as text and inserted as they are,
//! because that takes a fraction of the time of views, on the server and during hydration, and needs
//! no markers between their parts. The markup is that of the components.

use super::{IconName, action_icon, avatar::hue, escape, status_icon, time};
use chrono::{DateTime, Utc};
use domain::{change::Action, inspection::Status, people::initials};

/// Writes an [`Icon`](super::Icon).
pub fn icon_markup(icon: IconName) -> String {
    format!("<span class=\"{}\"></span>", icon.class)
}

/// Writes an [`Avatar`](super::Avatar).
pub fn avatar_markup(name: &str) -> String {
    let (hue, initials) = (hue(name), escape(&initials(name)));
    format!("<span data-hue=\"{hue}\" aria-hidden=\"true\" class=\"avatar\">{initials}</span>")
}

/// Writes a [`StatusBadge`](super::StatusBadge).
pub fn status_markup(status: Status) -> String {
    badge_markup(status.slug(), Some(status_icon(status)), status.label(), None)
}

/// Writes an [`ActionBadge`](super::ActionBadge).
pub fn action_markup(action: Action) -> String {
    badge_markup(action.slug(), Some(action_icon(action)), action.label(), None)
}

/// Writes a badge. `tone` names the colours in `style/badge.css`.
pub fn badge_markup(tone: &str, icon: Option<IconName>, word: &str, title: Option<&str>) -> String {
    let icon = icon.map(icon_markup).unwrap_or_default();
    let title = title.map(|title| format!(" title=\"{}\"", escape(title))).unwrap_or_default();
    format!("<span data-tone=\"{tone}\"{title} class=\"badge\">{icon}{word}</span>")
}

/// Writes a [`Time`](super::Time), relative to `now` in milliseconds since 1970. A list whose script
/// calls [`show_local_time`](super::show_local_time) can leave out the title.
pub fn time_markup(at: DateTime<Utc>, now: i64, with_title: bool) -> String {
    let (machine, words) = (time::machine(at), time::relative(at, now));
    let title = with_title.then(|| format!(" title=\"{}\"", time::absolute(at)));
    let title = title.unwrap_or_default();
    format!("<time datetime=\"{machine}\"{title} class=\"time\">{words}</time>")
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::ui::{ActionBadge, Avatar, Icon, ServerTime, StatusBadge, Time, icons};
    use leptos::prelude::{AnyView, IntoAny, Owner, RenderHtml, view};

    /// Renders a component, without the comments that separate views.
    fn rendered(view: AnyView) -> String {
        view.to_html().replace("<!>", "")
    }

    #[test]
    fn the_markup_is_that_of_the_components() {
        Owner::new().with(|| {
            let icon = icons::FLAG;
            assert_eq!(icon_markup(icon), rendered(view! { <Icon icon/> }.into_any()));
            let name = "Ada <Plumb> & Co";
            assert_eq!(avatar_markup(name), rendered(view! { <Avatar name/> }.into_any()));
            for status in [Status::Draft, Status::Review, Status::Complete] {
                let badge = rendered(view! { <StatusBadge status/> }.into_any());
                assert_eq!(status_markup(status), badge);
            }
            for action in Action::ALL {
                let badge = rendered(view! { <ActionBadge action/> }.into_any());
                assert_eq!(action_markup(action), badge);
            }
            ServerTime::provide();
            let at = "2025-11-03T04:05:09Z".parse().unwrap();
            assert_eq!(time_markup(at, 0, true), rendered(view! { <Time at/> }.into_any()));
        });
    }
}
