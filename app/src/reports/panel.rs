//! Panel with an inspection's reports and the button that creates one.

use super::{
    api::{CreateReport, create_report},
    in_progress::InProgress,
};
use crate::effects::effect;
use crate::{
    auth::{PagePerson, with_page_person},
    change_view::size,
    request_id,
    ui::{Button, EmptyState, ErrorNote, Icon, List, Time, action_icon, icons},
};
use domain::{
    change::Change,
    id::{InspectionId, ReportId},
    inspection::{Inspection, Report},
    view::ReportInProgress,
};
use leptos::{ev, prelude::*, server_fn::ServerFn};
use uuid::Uuid;

/// Reports, newest first.
#[component]
pub fn Reports(
    /// Current inspection.
    #[prop(into)]
    inspection: Signal<Inspection>,
    /// Latest changes, which include the creation of recent reports.
    #[prop(into)]
    changes: Signal<Vec<Change>>,
    /// Earlier changes that created reports.
    earlier: Vec<Change>,
    /// Whether the viewer may create and read reports.
    #[prop(into)]
    allowed: Signal<bool>,
    /// Reports in progress.
    making: Vec<ReportInProgress>,
    /// Request id of the plain form.
    request: Uuid,
    /// Called when something was recorded that the page does not show yet.
    #[prop(into)]
    on_news: Callback<()>,
) -> impl IntoView {
    let earlier = StoredValue::new(earlier);
    let made = move |id: ReportId| {
        let is_it = |change: &&Change| change.id.0 == id.0;
        changes
            .with(|changes| changes.iter().find(is_it).cloned())
            .or_else(|| earlier.with_value(|changes| changes.iter().find(is_it).cloned()))
    };
    let reports = Memo::new(move |_| {
        inspection.with(|it| {
            let is_current = it.currency();
            let newest_first = it.reports.iter().rev();
            newest_first.map(|report| (report.clone(), is_current(report))).collect::<Vec<_>>()
        })
    });
    let of = inspection.with_untracked(|it| it.id);
    let count = move || reports.with(Vec::len);
    let none = move || {
        (count() == 0).then(|| {
            view! {
                <EmptyState
                    icon=icons::FILE_TEXT
                    title="No reports yet"
                    sentence="A report shows the inspection as it stands, ready to hand over."
                />
            }
        })
    };
    // A report opens in another tab; when this page regains the focus, it loads the record of the reading.
    let opened = StoredValue::new(false);
    effect(move || {
        let focused = window_event_listener(ev::focus, move |_| {
            if opened.get_value() {
                opened.set_value(false);
                on_news.run(());
            }
        });
        on_cleanup(move || focused.remove());
    });
    view! {
        <section class="card" id="reports" aria-labelledby="reports-title">
            <div class="card-head">
                <h2 id="reports-title">"Reports " <span class="count muted">{count}</span></h2>
            </div>
            {move || {
                allowed.get().then(|| {
                    let making = making.clone();
                    view! { <Maker inspection making request on_news/> }
                })
            }}
            {none}
            <ul class="rows reports" aria-label="Reports">
                <List each=move || reports.get() key=|(report, current)| (report.id, *current) let:kept>
                    <ReportItem inspection=of made=made(kept.0.id) report=kept.0 current=kept.1 allowed on:click=move |_| opened.set_value(true)/>
                </List>
            </ul>
        </section>
    }
    .into_any()
}

/// Form that creates a report. It also works without JavaScript.
#[component]
fn Maker(
    inspection: Signal<Inspection>,
    making: Vec<ReportInProgress>,
    request: Uuid,
    on_news: Callback<()>,
) -> impl IntoView {
    let id = inspection.with_untracked(|it| it.id);
    // A report whose response was lost is requested again under the same id, so that it is created once.
    let current = StoredValue::new(request);
    let make = Action::new_local(move |()| create_report(id, current.get_value(), None));
    let cancelled = RwSignal::new(false);
    let error = move || make.value().get().and_then(Result::err).filter(|_| !cancelled.get());
    let has_failed = Memo::new(move |_| make.value().with(|made| matches!(made, Some(Err(_)))));
    // The failure of a report requested here is shown only once.
    let asked = Signal::derive(move || make.pending().get() || has_failed.get());
    let pending = Signal::derive(move || make.pending().get());
    let on_cancel = Callback::new(move |()| {
        cancelled.set(true);
        current.set_value(request_id::new());
    });
    effect(move || {
        if make.value().with(|made| matches!(made, Some(Ok(_)))) {
            current.set_value(request_id::new());
            on_news.run(());
        }
    });
    view! {
        <div class="card-body stack report-maker">
            <form
                method="post"
                action=CreateReport::url()
                on:submit=move |event| {
                    event.prevent_default();
                    cancelled.set(false);
                    make.dispatch_local(());
                }
            >
                <PagePerson/>
                <input type="hidden" name="inspection" value=id.to_string()/>
                <input type="hidden" name="request" value=request.to_string()/>
                <Button submit=true icon=action_icon(domain::change::Action::CreatePdf) busy=make.pending()>
                    {domain::change::Action::CreatePdf.command()}
                </Button>
            </form>
            <InProgress inspection initial=making asked=pending is_told_here=asked on_cancel on_news/>
            {move || error().map(|error| view! { <ErrorNote error/> })}
        </div>
    }
    .into_any()
}

/// List item of one report.
#[component]
fn ReportItem(
    inspection: InspectionId,
    report: Report,
    current: bool,
    made: Option<Change>,
    allowed: Signal<bool>,
) -> impl IntoView {
    let Report { id, name, shows, bytes, pages, content, is_final, .. } = report;
    // Reports from before their contents were recorded have no known state.
    let state = (!content.is_empty()).then(|| {
        let (tone, icon, words) = match is_final {
            true => ("complete", icons::BADGE_CHECK, "Final report"),
            false => ("draft", icons::PENCIL_LINE, "Draft"),
        };
        view! { <span class="badge" data-tone=tone><Icon icon/>{words}</span> }
    });
    let described = format!("report-{id}");
    let pages = if pages == 1 { "1 page".to_owned() } else { format!("{pages} pages") };
    let link = {
        let (described, address) = (described.clone(), with_page_person(&format!("/reports/{id}")));
        move || {
            let (described, address) = (described.clone(), address.clone());
            allowed.get().then(|| {
                view! {
                    <a
                        class="button button-secondary"
                        href=address
                        rel="external noopener"
                        target="_blank"
                        aria-describedby=described
                    >
                        <Icon icon=action_icon(domain::change::Action::DownloadPdf)/>
                        <span class="button-label">{domain::change::Action::DownloadPdf.command()}</span>
                    </a>
                }
            })
        }
    };
    let since = (!current).then(|| {
        let href = format!("/inspections/{inspection}/compare?from={shows}");
        view! { " · " <a href=href>"What changed since"</a> }
    });
    view! {
        <li class="row">
            <div class="row-main report-about">
                <bdi class="report-name" id=described>{name}</bdi>
                {state}
                {(!current)
                    .then(|| {
                        view! {
                            <span class="badge" data-tone="review">
                                <Icon icon=icons::HISTORY/>
                                "Out of date"
                            </span>
                        }
                    })}
                <span class="muted report-facts">
                    {made.map(|change| view! { <Time at=change.created_at/> " · " })}
                    {pages} " · " {size(bytes)} {since}
                </span>
            </div>
            {link}
        </li>
    }
    .into_any()
}
