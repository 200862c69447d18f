//! Live updates of the dashboard: announced by the server, loaded on the reviewer's request.

use super::{dashboard::DashboardState, link::address};
use crate::{
    live::{ConnectionState, LIVE, follow},
    ui::{Button, Icon, icons},
};
use domain::feed::Count;
use leptos::{html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Events that a dashboard listens to.
const EVENTS: [&str; 3] = ["changed", "reviewed", "commented"];

/// Button with the number of new changes, and the connection state. Never moves the entries being
/// read.
#[component]
pub(super) fn News(dashboard: DashboardState) -> impl IntoView {
    listen(dashboard);
    let news = Memo::new(move |_| {
        let later = dashboard.found.with(|found| found.as_ref().map(|it| it.page.later));
        later.unwrap_or(Count::of(0))
    });
    let words = move || match news.get() {
        news if news.exact() == Some(1) => "1 new change".to_owned(),
        news => format!("{news} new changes"),
    };
    let node = NodeRef::<html::Div>::new();
    let navigate = use_navigate();
    let bring_in = move |_| {
        let filter = dashboard.filter.get_untracked();
        // New changes appear on the first page.
        if filter.before.is_some() {
            navigate(&address(&filter.first_page()), NavigateOptions::default());
        } else {
            dashboard.bring_in();
        }
        // The button disappears, so the focus moves to its container.
        if let Some(node) = node.get_untracked() {
            drop(node.focus());
        }
    };
    let sign_in = move || {
        let address = dashboard.filter.with(address);
        let next: String = form_urlencoded::byte_serialize(address.as_bytes()).collect();
        format!("/login?next={next}")
    };
    view! {
        <div class="news" aria-live="polite" tabindex="-1" node_ref=node>
            {move || {
                (!news.get().is_zero())
                    .then(|| {
                        view! {
                            <Button icon=icons::ARROW_UP on_click=bring_in.clone()>
                                {words}
                            </Button>
                        }
                    })
            }}
            {move || match dashboard.link.get() {
                ConnectionState::Live => None,
                ConnectionState::Offline => {
                    Some(
                        view! {
                            <p class="news-offline">
                                <Icon icon=icons::WIFI_OFF/>
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
                                <Icon icon=icons::LOG_OUT/>
                                "You are signed out, so nothing new is told. "
                                <a href=sign_in rel="external">"Sign in again"</a>
                            </p>
                        }
                            .into_any(),
                    )
                }
                ConnectionState::Displaced => {
                    Some(
                        view! {
                            <p class="news-offline">
                                <Icon icon=icons::WIFI_OFF/>
                                "Nothing new is told here, because you have Plumbline open in too many \
                                 browsers. Leave this page and come back, and it is told again."
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

fn listen(dashboard: DashboardState) {
    follow(LIVE, &EVENTS, dashboard.link, move |event| {
        // The page may be older than the stream.
        let newest = if event.name == "here" { event.announcement() } else { None };
        dashboard.announced(newest.map(|it| it.last));
    });
}
