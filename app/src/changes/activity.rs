//! What the filter matches by day. The bars are drawn by the server; here they are chosen from: one by a
//! click, one action of a day by a click on its colour, several days by dragging over them, or all from one
//! on by Shift and a click (or Enter). They are one stop of the Tab key; the arrow keys lead through them.

use super::{api::activity, board::Board, link::address};
use crate::{ui::Icon, wire::fetched};
use chrono::NaiveDate;
use domain::Action;
use leptos::{ev, html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Marks the days that are being dragged over.
const BRUSHED: &str = "data-brushed";

/// The card with the bars.
#[component]
pub(super) fn ActivityCard(board: Board) -> impl IntoView {
    let filter = board.filter;
    let query = move || filter.with(|filter| filter.first_page().to_query());
    let drawn = fetched(move || (query(), board.done.get()), |(query, _)| activity(query));
    let node = NodeRef::<html::Div>::new();
    let brush = RwSignal::new(None::<Brush>);
    let navigate = use_navigate();
    let choose = move |from: NaiveDate, to: Option<NaiveDate>, action: Option<Action>| {
        let mut only = filter.get_untracked().first_page();
        (only.from, only.to) = (Some(from), to);
        only.actions = action.map_or(only.actions, |action| vec![action]);
        navigate(&address(&only), NavigateOptions { scroll: false, ..Default::default() });
    };
    let begin = move |event: ev::PointerEvent| {
        // A finger scrolls.
        let drags = event.button() == 0 && event.pointer_type() != "touch" && !event.shift_key();
        brush.set(
            day_at(event.target()).filter(|_| drags).map(|day| Brush { start: day, end: day }),
        );
    };
    let drag = move |event: ev::PointerEvent| {
        if let Some(day) = day_at(event.target()) {
            brush.update(|brush| {
                if let Some(brush) = brush {
                    brush.end = day;
                }
            });
        }
    };
    let click = {
        let choose = choose.clone();
        move |event: ev::MouseEvent| {
            let Some(day) = day_at(event.target()) else { return };
            let (from_on, action) = (event.shift_key(), action_at(event.target()));
            if event.ctrl_key() || event.meta_key() || !from_on && action.is_none() {
                // Its link answers.
                return;
            }
            event.prevent_default();
            match from_on {
                true => choose(day, filter.with_untracked(|filter| filter.to), None),
                false => choose(day, Some(day), action),
            }
        }
    };
    Effect::new(move || {
        let choose = choose.clone();
        let done = window_event_listener(ev::pointerup, move |_| {
            // One day alone is a click, which its link answers.
            let days = brush.try_update(Option::take).flatten().map(Brush::days);
            if let Some((from, to)) = days.filter(|(from, to)| from != to) {
                choose(from, Some(to), None);
            }
        });
        let given_up = window_event_listener(ev::keydown, move |event| {
            if event.key() == "Escape" {
                brush.set(None);
            }
        });
        let cancelled = window_event_listener(ev::pointercancel, move |_| brush.set(None));
        on_cleanup(move || {
            done.remove();
            given_up.remove();
            cancelled.remove();
        });
    });
    Effect::new(move || {
        if let Some(drawn) = node.get() {
            mark(&drawn, brush.get());
        }
    });
    // Without a script each bar is a stop.
    Effect::new(move || {
        drawn.track();
        request_animation_frame(move || {
            if let Some(drawn) = node.try_get_untracked().flatten() {
                let bars = bars(&drawn);
                stop_at(&bars, bars.first());
            }
        });
    });
    let markup = move || {
        let markup = drawn.get().and_then(Result::ok).unwrap_or_default();
        view! {
            <div
                class="activity-drawn"
                node_ref=node
                inner_html=markup
                on:pointerdown=begin
                on:pointermove=drag
                on:click=click.clone()
                on:keydown=move_by_arrow
            ></div>
        }
    };
    view! {
        <details class="activity" open=true>
            <summary>
                <Icon icon=icondata_lu::LuChartColumn/>
                "Activity"
                <Icon icon=icondata_lu::LuChevronDown/>
            </summary>
            <Transition fallback=|| view! { <div class="activity-drawn"></div> }>{markup}</Transition>
        </details>
    }
    .into_any()
}

/// The day where dragging began, and the one where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Brush {
    start: NaiveDate,
    end: NaiveDate,
}

impl Brush {
    fn days(self) -> (NaiveDate, NaiveDate) {
        (self.start.min(self.end), self.start.max(self.end))
    }
}

/// The day whose bar is there.
fn day_at(target: Option<web_sys::EventTarget>) -> Option<NaiveDate> {
    let element: Element = target?.dyn_into().ok()?;
    day_of(&element.closest(".activity-day").ok()??)
}

fn day_of(bar: &Element) -> Option<NaiveDate> {
    bar.get_attribute("data-day")?.parse().ok()
}

/// The action whose colour is there.
fn action_at(target: Option<web_sys::EventTarget>) -> Option<Action> {
    let element: Element = target?.dyn_into().ok()?;
    element.closest(".activity-day [data-tone]").ok()??.get_attribute("data-tone")?.parse().ok()
}

/// The bars, the newest first.
fn bars(drawn: &Element) -> Vec<HtmlElement> {
    let Ok(bars) = drawn.query_selector_all(".activity-day") else { return Vec::new() };
    (0..bars.length()).filter_map(|at| bars.item(at)?.dyn_into().ok()).collect()
}

/// Only this one is a stop of the Tab key.
fn stop_at(bars: &[HtmlElement], stop: Option<&HtmlElement>) {
    for bar in bars {
        bar.set_tab_index(if Some(bar) == stop { 0 } else { -1 });
    }
}

/// The newest stands on the right.
fn move_by_arrow(event: ev::KeyboardEvent) {
    let Some(bar) = event.target().and_then(|it| it.dyn_into::<HtmlElement>().ok()) else { return };
    let Ok(Some(drawn)) = bar.closest(".activity-drawn") else { return };
    let bars = bars(&drawn);
    let Some(at) = bars.iter().position(|it| *it == bar) else { return };
    let next = match event.key().as_str() {
        "ArrowLeft" => bars.get(at + 1),
        "ArrowRight" => at.checked_sub(1).and_then(|at| bars.get(at)),
        "Home" => bars.last(),
        "End" => bars.first(),
        _ => return,
    };
    event.prevent_default();
    if let Some(next) = next {
        stop_at(&bars, Some(next));
        drop(next.focus());
    }
}

fn mark(drawn: &Element, brush: Option<Brush>) {
    for bar in bars(drawn) {
        let brushed = brush.map(Brush::days).zip(day_of(&bar));
        let brushed = brushed.is_some_and(|((from, to), day)| from <= day && day <= to);
        // It only fails on a name that no attribute can have.
        drop(bar.toggle_attribute_with_force(BRUSHED, brushed));
    }
}
