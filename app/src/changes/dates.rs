//! Date part of the filter: presets, a range, and a jump to a day.

use super::{dashboard::DashboardData, form, link::address, pending_submit::close};
use crate::ui::{Button, Icon, Opened, TextField, icons};
use chrono::{Days, NaiveDate};
use domain::feed::{ChangeFilter, FilterKey};
use leptos::{ev, html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Id of the jump form.
const JUMP: &str = "changes-jump";

/// Date menu. Its range belongs to the filter's form, its jump to [`JumpForm`].
#[component]
pub(super) fn Dates(
    /// Filter in the address.
    filter: Memo<ChangeFilter>,
    /// Page that is shown.
    found: DashboardData,
) -> impl IntoView {
    let chosen = move || {
        filter
            .with(|filter| filter.from.is_some() || filter.to.is_some())
            .then(|| view! { <span class="facet-chosen">"1"</span> })
    };
    let node = NodeRef::<html::Details>::new();
    let opened = Opened::new(node);
    let content = move || match opened.is_rendered() {
        true => panel(filter, found),
        false => filter.with(held),
    };
    view! {
        <details
            class="facet"
            name="facet"
            node_ref=node
            on:toggle=move |_| opened.toggle()
        >
            <summary>"Date" {chosen} <Icon icon=icons::CHEVRON_DOWN/></summary>
            <fieldset class="facet-panel filters-days">
                <legend class="visually-hidden">"Date"</legend>
                {content}
            </fieldset>
        </details>
    }
    .into_any()
}

fn text(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// Renders hidden controls for the range of a menu that was not opened yet.
fn held(filter: &ChangeFilter) -> AnyView {
    let range = [(FilterKey::From, filter.from), (FilterKey::To, filter.to)];
    let chosen = range.into_iter().filter(|(_, day)| day.is_some());
    chosen
        .map(|(key, day)| view! { <input type="hidden" name=key.slug() value=text(day)/> })
        .collect_view()
        .into_any()
}

/// Renders the presets, the range and the jump.
fn panel(filter: Memo<ChangeFilter>, found: DashboardData) -> AnyView {
    view! {
        {move || spans(filter, found)}
        <TextField
            name=FilterKey::From.slug()
            label=FilterKey::From.title()
            kind="date"
            value=Signal::derive(move || filter.with(|filter| text(filter.from)))
        />
        <TextField
            name=FilterKey::To.slug()
            label=FilterKey::To.title()
            kind="date"
            value=Signal::derive(move || filter.with(|filter| text(filter.to)))
        />
        <div class="filters-jump">
            <label for="jump-to">"Jump to"</label>
            <input
                class="input"
                type="date"
                id="jump-to"
                name=FilterKey::To.slug()
                form=JUMP
                required=true
                min=move || filter.with(|filter| text(filter.from))
            />
            <Button submit=true attr:form=JUMP>"Jump"</Button>
        </div>
        <p class="field-hint">
            "Jump to a day and what happened before it. Days begin at midnight UTC."
        </p>
    }
    .into_any()
}

/// Form that jumps to a day: the present filter with a different last day.
#[component]
pub(super) fn JumpForm(filter: Memo<ChangeFilter>) -> impl IntoView {
    let node = NodeRef::<html::Form>::new();
    let navigate = use_navigate();
    let jump = move |event: ev::SubmitEvent| {
        let Some(form) = node.get_untracked() else { return };
        event.prevent_default();
        let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
        navigate(&address(&form::filter(&form)), options);
        if let Some(menu) = event.submitter().and_then(|it| it.closest(".facet").ok().flatten()) {
            close(&menu);
        }
    };
    let kept = move || {
        let rest = filter.with(|filter| ChangeFilter { to: None, ..filter.first_page() });
        let query = rest.to_query();
        let inputs = form_urlencoded::parse(query.as_bytes()).into_owned().map(|(name, value)| {
            view! { <input type="hidden" name=name value=value/> }
        });
        inputs.collect_view()
    };
    view! {
        <form method="get" action="/changes" id=JUMP hidden=true node_ref=node on:submit=jump>
            {kept}
        </form>
    }
    .into_any()
}

/// Renders the preset ranges.
fn spans(filter: Memo<ChangeFilter>, found: DashboardData) -> Option<AnyView> {
    let today = found.with(|found| found.as_ref().map(|found| found.today))?;
    let link = |word: &'static str, days: Option<u64>| {
        let from = days.and_then(|days| today.checked_sub_days(Days::new(days)));
        let to = days.filter(|days| *days == 0).map(|_| today);
        filter.with(|filter| {
            let current = (filter.from == from && filter.to == to).then_some("true");
            let next = ChangeFilter { from, to, ..filter.first_page() };
            view! {
                <a class="span" href=address(&next) aria-current=current data-noscroll="">{word}</a>
            }
        })
    };
    Some(
        view! {
            <div class="spans">
                {link("Today", Some(0))} {link("7 days", Some(6))} {link("30 days", Some(29))}
                {link("Any time", None)}
            </div>
        }
        .into_any(),
    )
}
