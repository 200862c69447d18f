//! Times and days in words.
//!
//! The server's time is serialised in the page, so that hydration produces the same words. The
//! browser keeps the offset of its own clock, because a device's clock can be wrong by hours.

use crate::effects::effect;
use crate::{
    hydration::{take_over_all, when_all_stands},
    wire::Wire,
};
use chrono::{DateTime, NaiveDate, Timelike, Utc};
use domain::day::day_in_words;
use leptos::{ev, prelude::*};
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Server time for everything on the page, in milliseconds since 1970. It starts as the time the
/// server rendered the page. The browser updates it every 30 seconds, and at once when the page is
/// older than that.
#[derive(Clone, Copy, Debug)]
pub struct ServerTime(RwSignal<i64>);

/// Interval between updates.
const TICK: Duration = Duration::from_secs(30);

impl ServerTime {
    /// Returns the time in milliseconds since 1970.
    pub(crate) fn now(self) -> i64 {
        self.0.get()
    }

    /// Starts the page's clock and provides it as context.
    pub fn provide() {
        let made = SharedValue::<_, Wire>::new_with_encoding(server_now).into_inner();
        let made = made.unwrap_or_default();
        let now = RwSignal::new(made);
        provide_context(Self(now));
        effect(move || {
            let ahead = when_ready().saturating_sub(made);
            let server_time = move || js_now().saturating_sub(ahead);
            let tick = move || {
                take_over_all();
                now.try_set(server_time());
            };
            // Updating renders all times again, which is not worth it for a page fresh from the
            // server.
            when_all_stands(move || {
                if u128::from(server_time().abs_diff(made)) >= TICK.as_millis() {
                    tick();
                }
            });
            if let Ok(interval) = set_interval_with_handle(tick, TICK) {
                on_cleanup(move || interval.clear());
            }
        });
    }
}

#[cfg(feature = "ssr")]
fn server_now() -> Option<i64> {
    use_context::<store::Clock>().map(|clock| clock.now().timestamp_millis())
}

#[cfg(not(feature = "ssr"))]
fn server_now() -> Option<i64> {
    None
}

/// Past time relative to now, as in "5 min ago", with the exact time in its title and in
/// `<time datetime>`. The title switches to local time when the pointer enters.
#[component]
pub fn Time(
    /// Time to show.
    at: DateTime<Utc>,
) -> impl IntoView {
    let ServerTime(now) = expect_context();
    view! {
        <time
            class="time"
            datetime=machine(at)
            title=absolute(at)
            on:pointerenter=|event| show_local_time(&event)
        >
            {move || relative(at, now.get())}
        </time>
    }
}

/// Puts the exact local time into the title of the `<time>` under the pointer.
pub fn show_local_time(event: &ev::PointerEvent) {
    let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    let time = target.and_then(|it| it.closest("time.time").ok().flatten());
    let Some(time) = time.and_then(|it| it.dyn_into::<HtmlElement>().ok()) else { return };
    if let Some(at) = time.get_attribute("datetime") {
        time.set_title(&local(&at));
    }
}

/// Calendar day.
#[component]
pub fn Day(
    /// Day to show.
    on: NaiveDate,
) -> impl IntoView {
    view! { <time class="time" datetime=on.to_string()>{day_in_words(on)}</time> }
}

/// Formats a time as in "3 Nov 2025, 14:05 UTC".
pub(super) fn absolute(at: DateTime<Utc>) -> String {
    format!("{}, {:02}:{:02} UTC", day_in_words(at.date_naive()), at.hour(), at.minute())
}

/// Formats a time as in "2025-11-03T14:05:09Z".
pub(super) fn machine(at: DateTime<Utc>) -> String {
    format!("{}T{:02}:{:02}:{:02}Z", at.date_naive(), at.hour(), at.minute(), at.second())
}

/// Formats a time relative to now, as in "5 min ago"; as a date after 30 days and for the future.
/// Days are calendar days in UTC, so that "yesterday" matches the day's heading.
pub(super) fn relative(at: DateTime<Utc>, now: i64) -> String {
    let seconds = now / 1000 - at.timestamp();
    let days = now / 86_400_000 - at.timestamp() / 86_400;
    match seconds {
        ..-60 => absolute(at),
        -60..60 => "just now".to_owned(),
        60..3600 => format!("{} min ago", seconds / 60),
        3600..86_400 => format!("{} h ago", seconds / 3600),
        86_400..2_592_000 if days == 1 => "yesterday".to_owned(),
        86_400..2_592_000 => format!("{days} days ago"),
        _ => day_in_words(at.date_naive()),
    }
}

/// Formats the exact local time of the browser, as in "Monday 3 November 2025 at 15:05:09 CET".
fn local(at: &str) -> String {
    let date = js_sys::Date::new(&at.into());
    let style = js_sys::Object::new();
    for (part, how) in [("dateStyle", "full"), ("timeStyle", "long")] {
        drop(js_sys::Reflect::set(&style, &part.into(), &how.into()));
    }
    date.to_locale_string("en-GB", &style).into()
}

/// Returns the time the response began to arrive, in milliseconds since 1970 by the browser's
/// clock. The page's code may run seconds later on a slow connection.
fn when_ready() -> i64 {
    let since = window().performance().and_then(|performance| {
        let navigation = performance.get_entries_by_type("navigation").get(0);
        let response = js_sys::Reflect::get(&navigation, &"responseStart".into()).ok()?.as_f64()?;
        Some(performance.now() - response)
    });
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds")]
    let since = since.unwrap_or_default().max(0.0) as i64;
    js_now().saturating_sub(since)
}

/// Returns the time of the browser in milliseconds since 1970.
pub(crate) fn js_now() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds")]
    let now = js_sys::Date::now() as i64;
    now
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn both_sides_write_the_same() {
        assert_eq!(absolute(at("2025-11-03T04:05:09Z")), "3 Nov 2025, 04:05 UTC");
        assert_eq!(machine(at("2025-11-03T04:05:09Z")), "2025-11-03T04:05:09Z");
    }

    #[test]
    fn words_grow_with_the_distance() {
        let then = at("2025-11-03T12:00:00Z");
        let after = |seconds: i64| relative(then, (then.timestamp() + seconds) * 1000);
        assert_eq!(after(-5), "just now");
        assert_eq!(after(59), "just now");
        assert_eq!(after(60), "1 min ago");
        assert_eq!(after(3599), "59 min ago");
        assert_eq!(after(3600), "1 h ago");
        assert_eq!(after(86_400), "yesterday");
        assert_eq!(after(86_400 + 43_200), "2 days ago");
        assert_eq!(after(172_800), "2 days ago");
        assert_eq!(after(2_592_000), "3 Nov 2025");
        assert_eq!(after(-3600), "3 Nov 2025, 12:00 UTC");
    }
}
