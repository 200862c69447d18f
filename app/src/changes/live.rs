//! What is new, as it happens: told by the server, brought in when the reviewer asks.

use super::{board::Board, chips::address};
use crate::{
    auth::current_user,
    ui::{Button, Icon},
};
use domain::{ChangeFilter, ChangeId};
use leptos::{ev, html, leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use send_wrapper::SendWrapper;
use std::time::Duration;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

/// So long after a stream broke for good another is tried.
const AGAIN: Duration = Duration::from_secs(3);
/// What arrives together is shown together.
const TOGETHER: Duration = Duration::from_millis(150);

/// Whether what is new is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// It is.
    Live,
    /// Not before the connection is back.
    Offline,
    /// Not before somebody signs in.
    SignedOut,
}

/// "3 new", which brings them in, and whether the connection is there. Never moves what is read.
#[component]
pub(super) fn News(board: Board) -> impl IntoView {
    let told = RwSignal::new(Vec::<(ChangeId, u32)>::new());
    listen(board, told);
    // What the page takes in by now is no longer new.
    let news = Memo::new(move |_| {
        let newest = board.newest();
        let later = |told: &Vec<(ChangeId, u32)>| {
            told.iter().filter(|(id, _)| *id > newest).map(|(_, number)| number).sum::<u32>()
        };
        told.with(later)
    });
    let words = move || match news.get() {
        1 => "1 new change".to_owned(),
        number => format!("{number} new changes"),
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
                (news.get() > 0)
                    .then(|| {
                        view! {
                            <Button icon=icondata_lu::LuArrowUp on_click=bring_in.clone()>
                                {words}
                            </Button>
                        }
                    })
            }}
            {move || match board.link.get() {
                Link::Live => None,
                Link::Offline => {
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
                Link::SignedOut => {
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

/// A stream, with what it calls.
struct Stream {
    source: EventSource,
    _calls: [Closure<dyn Fn(MessageEvent)>; 3],
    _states: [Closure<dyn Fn()>; 2],
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
        self.source.set_onerror(None);
        self.source.set_onopen(None);
    }
}

fn listen(board: Board, told: RwSignal<Vec<(ChangeId, u32)>>) {
    let link = board.link;
    let stream = StoredValue::new(None::<SendWrapper<Stream>>);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    // The last event of this page that arrived, wherever the stream has to begin again.
    let last = StoredValue::new(String::new());

    let refresh = move || {
        // However much comes, the page is asked for now and then.
        if timer.try_with_value(Option::is_none) != Some(true) {
            return;
        }
        let ask = move || {
            timer.try_set_value(None);
            board.refresh();
        };
        timer.set_value(set_timeout_with_handle(ask, TOGETHER).ok());
    };
    let connect = move || {
        let Some(query) = board.filter.try_with_untracked(ChangeFilter::to_query) else { return };
        let after = match last.get_value() {
            seen if seen.is_empty() => untrack(|| board.newest()).to_string(),
            seen => seen,
        };
        let address = format!("/changes/stream?{query}&after={after}");
        stream.set_value(open(&address, board, told, last, refresh).map(SendWrapper::new));
    };
    // Each filter's page says what is new after it.
    let shown =
        Memo::new(move |_| board.found.with(|found| found.as_ref().map(|it| it.query.clone())));
    Effect::new(move || {
        if shown.with(Option::is_none) {
            return;
        }
        told.set(Vec::new());
        last.set_value(String::new());
        connect();
    });
    Effect::new(move || {
        let gone = window_event_listener(ev::offline, move |_| link.set(Link::Offline));
        let back = window_event_listener(ev::online, move |_| {
            connect();
            refresh();
        });
        on_cleanup(move || {
            gone.remove();
            back.remove();
        });
    });
    // Where a stream broke for good, such as at a server that starts anew or that knows nobody any more.
    let again = move || async move {
        match current_user().await {
            Ok(Some(_)) => connect(),
            Ok(None) => drop(link.try_set(Link::SignedOut)),
            Err(_) => {}
        }
    };
    Effect::new(move || {
        let ticking = set_interval_with_handle(
            move || {
                let closed = stream.try_with_value(|stream| {
                    stream.as_ref().is_some_and(|it| it.source.ready_state() == EventSource::CLOSED)
                });
                if closed == Some(true) && link.get_untracked() != Link::SignedOut {
                    spawn_local(again());
                }
            },
            AGAIN,
        );
        on_cleanup(move || {
            if let Ok(ticking) = ticking {
                ticking.clear();
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
    told: RwSignal<Vec<(ChangeId, u32)>>,
    last: StoredValue<String>,
    refresh: impl Fn() + Copy + 'static,
) -> Option<Stream> {
    let source = EventSource::new(address).ok()?;
    let fresh = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let number = event.data().as_string().and_then(|number| number.parse().ok());
        if let Ok(id) = event.last_event_id().parse() {
            told.update(|told| told.push((id, number.unwrap_or(1))));
        }
        last.set_value(event.last_event_id());
        refresh();
    });
    let stale = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        last.set_value(event.last_event_id());
        refresh();
    });
    let link = board.link;
    let ended = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        // Else the browser would ask again and again.
        if let Some(source) = event.target().and_then(|it| it.dyn_into::<EventSource>().ok()) {
            source.close();
        }
        link.set(Link::SignedOut);
    });
    let opened = Closure::<dyn Fn()>::new(move || {
        if link.get_untracked() != Link::Live {
            link.set(Link::Live);
            board.refresh();
        }
    });
    let broken = Closure::<dyn Fn()>::new(move || {
        if link.get_untracked() == Link::Live {
            link.set(Link::Offline);
        }
    });
    for (name, call) in [("new", &fresh), ("stale", &stale), ("signed-out", &ended)] {
        source.add_event_listener_with_callback(name, call.as_ref().unchecked_ref()).ok()?;
    }
    source.set_onopen(Some(opened.as_ref().unchecked_ref()));
    source.set_onerror(Some(broken.as_ref().unchecked_ref()));
    Some(Stream { source, _calls: [fresh, stale, ended], _states: [opened, broken] })
}
