//! What is new, as it happens: told by the server, brought in when the reviewer asks.

use super::board::Board;
use crate::ui::{Button, Icon};
use domain::ChangeFilter;
use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*};
use send_wrapper::SendWrapper;
use std::time::Duration;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

/// So long after a stream broke for good another is tried.
const AGAIN: Duration = Duration::from_secs(3);
/// What arrives together is shown together.
const TOGETHER: Duration = Duration::from_millis(150);

/// "3 new", which brings them in, and whether the connection is there. Never moves what is read.
#[component]
pub(super) fn News(board: Board) -> impl IntoView {
    let news = RwSignal::new(0_u32);
    let offline = board.offline;
    listen(board, news);
    let words = move || match news.get() {
        1 => "1 new change".to_owned(),
        number => format!("{number} new changes"),
    };
    view! {
        <div class="news" aria-live="polite">
            {move || {
                (news.get() > 0)
                    .then(|| {
                        view! {
                            <Button
                                icon=icondata_lu::LuArrowUp
                                on_click=move |_| {
                                    news.set(0);
                                    board.bring_in();
                                }
                            >
                                {words}
                            </Button>
                        }
                    })
            }}
            {move || {
                offline
                    .get()
                    .then(|| {
                        view! {
                            <p class="news-offline">
                                <Icon icon=icondata_lu::LuWifiOff/>
                                "Offline: what you see may be out of date. It catches up by itself."
                            </p>
                        }
                    })
            }}
        </div>
    }
    .into_any()
}

/// A stream, with what it calls.
struct Stream {
    source: EventSource,
    _calls: [Closure<dyn Fn(MessageEvent)>; 2],
    _states: [Closure<dyn Fn()>; 2],
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
        self.source.set_onerror(None);
        self.source.set_onopen(None);
    }
}

fn listen(board: Board, news: RwSignal<u32>) {
    let offline = board.offline;
    let stream = StoredValue::new(None::<SendWrapper<Stream>>);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    // The last event of this page that arrived, wherever the stream has to begin again.
    let last = StoredValue::new(String::new());

    let refresh = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        timer.set_value(set_timeout_with_handle(move || board.refresh(), TOGETHER).ok());
    };
    let connect = move || {
        let Some(query) = board.filter.try_with_untracked(ChangeFilter::to_query) else { return };
        let after = match last.get_value() {
            seen if seen.is_empty() => untrack(|| board.newest()).to_string(),
            seen => seen,
        };
        let address = format!("/changes/stream?{query}&after={after}");
        stream.set_value(open(&address, board, news, last, refresh).map(SendWrapper::new));
    };
    // Each filter's page says what is new after it.
    let shown =
        Memo::new(move |_| board.found.with(|found| found.as_ref().map(|it| it.query.clone())));
    Effect::new(move || {
        if shown.with(Option::is_none) {
            return;
        }
        news.set(0);
        last.set_value(String::new());
        connect();
    });
    Effect::new(move || {
        let gone = window_event_listener(ev::offline, move |_| offline.set(true));
        let back = window_event_listener(ev::online, move |_| {
            connect();
            refresh();
        });
        on_cleanup(move || {
            gone.remove();
            back.remove();
        });
    });
    // Where a stream broke for good, such as at a server that starts anew.
    Effect::new(move || {
        let again = set_interval_with_handle(
            move || {
                let closed = stream.try_with_value(|stream| {
                    stream.as_ref().is_some_and(|it| it.source.ready_state() == EventSource::CLOSED)
                });
                if closed == Some(true) {
                    connect();
                }
            },
            AGAIN,
        );
        on_cleanup(move || {
            if let Ok(again) = again {
                again.clear();
            }
        });
    });
    on_cleanup(move || {
        stream.try_set_value(None);
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    });
}

fn open(
    address: &str,
    board: Board,
    news: RwSignal<u32>,
    last: StoredValue<String>,
    refresh: impl Fn() + Copy + 'static,
) -> Option<Stream> {
    let source = EventSource::new(address).ok()?;
    let fresh = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let number = event.data().as_string().and_then(|number| number.parse::<u32>().ok());
        news.update(|news| *news += number.unwrap_or(1));
        last.set_value(event.last_event_id());
        refresh();
    });
    let stale = Closure::<dyn Fn(MessageEvent)>::new(move |_| refresh());
    let offline = board.offline;
    let opened = Closure::<dyn Fn()>::new(move || {
        if offline.get_untracked() {
            offline.set(false);
            board.refresh();
        }
    });
    let broken = Closure::<dyn Fn()>::new(move || offline.set(true));
    for (name, call) in [("new", &fresh), ("stale", &stale)] {
        source.add_event_listener_with_callback(name, call.as_ref().unchecked_ref()).ok()?;
    }
    source.set_onopen(Some(opened.as_ref().unchecked_ref()));
    source.set_onerror(Some(broken.as_ref().unchecked_ref()));
    Some(Stream { source, _calls: [fresh, stale], _states: [opened, broken] })
}
