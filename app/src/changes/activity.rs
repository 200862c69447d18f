//! Chart of the matching changes by day. The server renders the bars; this module handles
//! selection: a click selects a day, a click on a colour one action of that day, dragging a range
//! of days, and Shift+click or Shift+Enter all days from one on. The chart is one tab stop; the
//! arrow keys move between the bars.

use super::{
    api::{activity, activity_table},
    dashboard::DashboardState,
    link::address,
};
use crate::{
    ui::{Icon, find, icons},
    wire::server_resource,
};
use chrono::NaiveDate;
use domain::change::Action;
use leptos::{ev, html, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Attribute of the days in the dragged range.
const BRUSHED: &str = "data-brushed";

/// Card with the chart.
#[component]
pub(super) fn ActivityCard(dashboard: DashboardState) -> impl IntoView {
    let filter = dashboard.filter;
    let query = move || filter.with(|filter| filter.first_page().to_query());
    let drawn = server_resource(
        move || (query(), dashboard.done.get()),
        |(query, _)| async move { activity(query).await.map(|markup| Drawn { markup }) },
    );
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
        // On a touch screen, dragging scrolls instead.
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
                // The browser follows the bar's link.
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
            // A range of a single day is a click, which follows the bar's link.
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
    // Without scripts each bar is a tab stop.
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
        let Drawn { markup } = drawn.get().and_then(Result::ok).unwrap_or_default();
        view! {
            <div
                class="activity-drawn"
                node_ref=node
                inner_html=markup
                on:pointerdown=begin
                on:pointermove=drag
                on:click=click.clone()
                on:keydown=move_by_arrow
                on:toggle:capture=move |event| load_table(&event, query())
            ></div>
        }
    };
    view! {
        <details class="activity" open=true>
            <summary>
                <Icon icon=icons::CHART_COLUMN/>
                "Activity"
                <Icon icon=icons::CHEVRON_DOWN/>
            </summary>
            <Transition fallback=|| view! { <div class="activity-drawn"></div> }>{markup}</Transition>
        </details>
    }
    .into_any()
}

/// Markup of the chart. A page has it once: it is not serialised beside the page's markup, which the
/// browser takes over as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Drawn {
    #[serde(skip)]
    markup: String,
}

/// Loads the table of the chart into its empty region when it is opened.
fn load_table(event: &ev::Event, query: String) {
    let opened = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    let opened = opened.filter(|it| it.matches(".activity-table[open]").unwrap_or_default());
    let region = opened.and_then(|it| find(&it, ".activity-scroll"));
    let Some(region) = region.filter(|it| it.child_element_count() == 0) else { return };
    region.set_text_content(Some("Loading…"));
    spawn_local(async move {
        match activity_table(query).await {
            Ok(table) => region.set_inner_html(&table),
            Err(error) => region.set_text_content(Some(&error.to_string())),
        }
    });
}

/// Dragged range: the day where dragging began and the day under the pointer.
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

/// Returns the day of the bar that contains the target.
fn day_at(target: Option<web_sys::EventTarget>) -> Option<NaiveDate> {
    let element: Element = target?.dyn_into().ok()?;
    day_of(&element.closest(".activity-day").ok()??)
}

fn day_of(bar: &Element) -> Option<NaiveDate> {
    bar.get_attribute("data-day")?.parse().ok()
}

/// Returns the action of the coloured segment that contains the target.
fn action_at(target: Option<web_sys::EventTarget>) -> Option<Action> {
    let element: Element = target?.dyn_into().ok()?;
    element.closest(".activity-day [data-tone]").ok()??.get_attribute("data-tone")?.parse().ok()
}

/// Returns the bars, newest first.
fn bars(drawn: &Element) -> Vec<HtmlElement> {
    let Ok(bars) = drawn.query_selector_all(".activity-day") else { return Vec::new() };
    (0..bars.length()).filter_map(|at| bars.item(at)?.dyn_into().ok()).collect()
}

/// Makes one bar the only tab stop.
fn stop_at(bars: &[HtmlElement], stop: Option<&HtmlElement>) {
    for bar in bars {
        bar.set_tab_index(if Some(bar) == stop { 0 } else { -1 });
    }
}

/// Moves the focus by the arrow keys. The newest bar is on the right.
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
        // The call fails only for an invalid attribute name.
        drop(bar.toggle_attribute_with_force(BRUSHED, brushed));
    }
}
