//! What is new, as it happens: told by the server, brought in when the reviewer asks.

use super::{board::Board, link::address};
use crate::{
    live::{ConnectionState, LIVE, LiveEvent, follow},
    ui::{Button, Icon},
};
use domain::Count;
use leptos::{html, leptos_dom::helpers::TimeoutHandle, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::time::Duration;

/// What arrives together is shown together.
const TOGETHER: Duration = Duration::from_millis(150);
/// The page is asked for again no sooner than this after the last time, because it is much to compute.
const APART: Duration = Duration::from_secs(1);

/// The events that a dashboard listens to.
const EVENTS: [&str; 3] = ["changed", "reviewed", "commented"];

/// "3 new", which brings them in, and whether the connection is there. Never moves what is read.
#[component]
pub(super) fn News(board: Board) -> impl IntoView {
    listen(board);
    let news = Memo::new(move |_| {
        let later = board.found.with(|found| found.as_ref().map(|it| it.page.later));
        later.unwrap_or(Count::of(0))
    });
    let words = move || match news.get() {
        news if news.exact() == Some(1) => "1 new change".to_owned(),
        news => format!("{news} new changes"),
    };
    let node = NodeRef::<html::Div>::new();
    let navigate = use_navigate();
    let bring_in = move |_| {
        let filter = board.filter.get_untracked();
        // What is new stands on the first page.
        if filter.before.is_some() {
            navigate(&address(&filter.first_page()), NavigateOptions::default());
        } else {
            board.bring_in();
        }
        // The button goes; the focus stays where it was.
        if let Some(node) = node.get_untracked() {
            drop(node.focus());
        }
    };
    let sign_in = move || {
        let here = board.filter.with(address);
        let next: String = form_urlencoded::byte_serialize(here.as_bytes()).collect();
        format!("/login?next={next}")
    };
    view! {
        <div class="news" aria-live="polite" tabindex="-1" node_ref=node>
            {move || {
                (!news.get().is_zero())
                    .then(|| {
                        view! {
                            <Button icon=icondata_lu::LuArrowUp on_click=bring_in.clone()>
                                {words}
                            </Button>
                        }
                    })
            }}
            {move || match board.link.get() {
                ConnectionState::Live => None,
                ConnectionState::Offline => {
                    Some(
                        view! {
                            <p class="news-offline">
                                <Icon icon=icondata_lu::LuWifiOff/>
                                "Offline: what you see may be out of date. It catches up by itself."
                            </p>
                        }
                            .into_any(),
                    )
                }
                ConnectionState::SignedOut => {
                    Some(
                        view! {
                            <p class="news-offline">
                                <Icon icon=icondata_lu::LuLogOut/>
                                "You are signed out, so nothing new is told. "
                                <a href=sign_in rel="external">"Sign in again"</a>
                            </p>
                        }
                            .into_any(),
                    )
                }
            }}
        </div>
    }
    .into_any()
}

fn listen(board: Board) {
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let last = StoredValue::new(0.0);
    let refresh = move || {
        if timer.try_with_value(Option::is_none) != Some(true) {
            return;
        }
        let ask = move || {
            timer.try_set_value(None);
            last.try_set_value(js_sys::Date::now());
            board.refresh();
        };
        // A clock that was set back does not hold it up for longer than usual.
        let since = (js_sys::Date::now() - last.get_value()).max(0.0);
        let since = Duration::from_secs_f64(since.min(1e6) / 1_000.0);
        let wait = APART.saturating_sub(since).max(TOGETHER);
        timer.set_value(set_timeout_with_handle(ask, wait).ok());
    };
    follow(LIVE, &EVENTS, board.link, move |LiveEvent { name, data }| {
        // The page was made before the stream was open.
        if name != "here" || newest(&data) > untrack(|| board.newest()).0 {
            refresh();
        }
    });
    on_cleanup(move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    });
}

/// The newest change that an event speaks of; without one it may be any.
fn newest(data: &str) -> i64 {
    let said: Option<serde_json::Value> = serde_json::from_str(data).ok();
    said.and_then(|said| said.get("last")?.as_i64()).unwrap_or(i64::MAX)
}
