//! List of reports in progress, updated while the page is open.

use super::api::{cancel_report, reports_in_progress};
use crate::effects::effect;
use crate::{
    error::AppError,
    ui::{Button, ButtonKind, ErrorNote, List, ProgressBar, Time},
};
use domain::{
    inspection::Inspection,
    view::{ReportInProgress, ReportStage},
};
use leptos::{either::EitherOf3, prelude::*};
use std::time::Duration;
use uuid::Uuid;

/// Polling interval.
const TICK: Duration = Duration::from_secs(1);

/// Number of polls after a step that may have started a report.
const LOOKS: u8 = 5;

/// Key of a report in the list: the request, and whether the report is automatic.
type Key = (Option<Uuid>, bool);

fn key(report: &ReportInProgress) -> Key {
    (report.request.filter(|_| !report.is_automatic), report.is_automatic)
}

/// Reports of an inspection in progress.
#[component]
pub(super) fn InProgress(
    /// Current inspection.
    inspection: Signal<Inspection>,
    /// Reports in progress when the page was loaded.
    initial: Vec<ReportInProgress>,
    /// Whether a report was requested on this page and is not finished.
    asked: Signal<bool>,
    /// Whether the page already shows the failure of the requested report.
    is_told_here: Signal<bool>,
    /// Called when a report was cancelled on this page.
    on_cancel: Callback<()>,
    /// Called when a report is finished.
    on_news: Callback<()>,
) -> impl IntoView {
    let id = inspection.with_untracked(|it| it.id);
    let all = RwSignal::new(initial);
    let looks = RwSignal::new(0_u8);
    let look = Action::new_local(move |()| reports_in_progress(id));
    let ask = move || {
        if !look.pending().get_untracked() {
            look.dispatch_local(());
        }
    };
    effect(move || {
        let Some(answer) = look.value().get() else { return };
        looks.update(|left| *left = left.saturating_sub(1));
        let Ok(found) = answer else { return };
        let (now, before) = (found.clone(), all.get_untracked());
        let has_ended = |it: &ReportInProgress| !now.iter().any(|now| key(now) == key(it));
        let ended = before.iter().any(|it| it.stage.is_under_way() && has_ended(it));
        if found != before {
            all.set(found);
        }
        if ended {
            on_news.run(());
        }
    });
    let wants_final = Memo::new(move |_| inspection.with(Inspection::lacks_final_report));
    // Completing the inspection queues its final report. The step may still be pending.
    Effect::new(move |before: Option<bool>| {
        let wants = wants_final.get();
        if wants && before == Some(false) {
            looks.set(LOOKS);
        }
        wants
    });
    let follows = Memo::new(move |_| {
        asked.get()
            || looks.get() > 0
            || all.with(|all| all.iter().any(|it| it.stage.is_under_way()))
    });
    effect(move || {
        if !follows.get() {
            return;
        }
        ask();
        if let Ok(ticking) = set_interval_with_handle(ask, TICK) {
            on_cleanup(move || ticking.clear());
        }
    });
    let keys = move || all.with(|all| all.iter().map(key).collect::<Vec<_>>());
    let is_bare = move || asked.get() && !all.with(|all| all.iter().any(|it| !it.is_automatic));
    // True for inspections that were completed before final reports were automatic.
    let lacks_final = move || {
        wants_final.get()
            && looks.get() == 0
            && !all.with(|all| all.iter().any(|it| it.is_automatic))
    };
    let hint = move || {
        lacks_final().then(|| {
            view! {
                <p class="muted">
                    "The inspection is complete and has no final report yet. “Create PDF” makes it."
                </p>
            }
        })
    };
    view! {
        <div class="report-progress">
            {hint}
            {move || is_bare().then(|| view! { <ProgressBar label="Making the report"/> })}
            <List each=keys key=|key| *key let:this>
                {
                    let report = Memo::new(move |_| {
                        all.with(|all| all.iter().find(|it| key(it) == this).cloned())
                    });
                    let cancel = Callback::new(move |request: Uuid| {
                        on_cancel.run(());
                        let cancelled = Action::new_local(move |()| cancel_report(id, request));
                        cancelled.dispatch_local(());
                        looks.set(LOOKS);
                    });
                    view! { <Made report is_told_here cancel/> }
                }
            </List>
        </div>
    }
    .into_any()
}

/// Row of one report.
#[component]
fn Made(
    report: Memo<Option<ReportInProgress>>,
    is_told_here: Signal<bool>,
    cancel: Callback<Uuid>,
) -> impl IntoView {
    let is_automatic = report.with_untracked(|it| it.as_ref().is_some_and(|it| it.is_automatic));
    let stage = Memo::new(move |_| report.with(|it| it.as_ref().map(|it| it.stage.clone())));
    // Kind of the view, so that the view is not rebuilt when only its text changes.
    let kind = Memo::new(move |_| {
        stage.with(|stage| match stage {
            None => 0,
            Some(ReportStage::Failed(_)) => 1,
            Some(ReportStage::Retrying(_)) => 2,
            Some(_) => 3,
        })
    });
    let message = move || match (kind.get(), stage.get_untracked()) {
        (1, Some(ReportStage::Failed(why))) => {
            // The button already shows the failure of its own report.
            let shown = move || is_automatic || !is_told_here.get();
            let message = match is_automatic {
                true => format!(
                    "The final report could not be made. {why} Press “Create PDF” to try again."
                ),
                false => why,
            };
            let note = move || {
                shown().then(|| view! { <ErrorNote error=AppError::invalid("", message.clone())/> })
            };
            Some(EitherOf3::A(note))
        }
        (2, Some(ReportStage::Retrying(at))) => Some(EitherOf3::B(view! {
            <p class="muted">
                "The final report could not be made yet. The server tries again: " <Time at/>
                ". “Create PDF” makes it now."
            </p>
        })),
        (3, Some(_)) => Some(EitherOf3::C(view! { <UnderWay report is_automatic cancel/> })),
        _ => None,
    };
    view! { <div>{message}</div> }.into_any()
}

/// Row of a report in progress.
#[component]
fn UnderWay(
    report: Memo<Option<ReportInProgress>>,
    is_automatic: bool,
    cancel: Callback<Uuid>,
) -> impl IntoView {
    let phrase = Memo::new(move |_| {
        let phrase = report.with(|it| it.as_ref().map(|it| it.stage.phrase()).unwrap_or_default());
        if is_automatic { format!("Final report. {phrase}") } else { phrase }
    });
    let share = Signal::derive(move || report.with(|it| it.as_ref()?.stage.share()));
    let seconds = move || {
        let seconds = report.with(|it| it.as_ref().map_or(0, |it| it.seconds));
        (seconds > 0).then(|| format!("{seconds} s"))
    };
    let request = report.with_untracked(|it| it.as_ref().and_then(|it| it.request));
    let cancelling = request.filter(|_| !is_automatic).map(|request| {
        view! {
            <span class="needs-script">
                <Button kind=ButtonKind::Quiet on_click=move |_| cancel.run(request)>"Cancel"</Button>
            </span>
        }
    });
    view! {
        <div class="report-under-way">
            <ProgressBar label=move || phrase.get() value=share/>
            // A screen reader would announce it every second.
            <span class="muted" aria-hidden="true">{seconds}</span>
            {cancelling}
        </div>
        <p class="visually-hidden" role="status">
            {if is_automatic { "The final report is being made." } else { "The report is being made." }}
        </p>
    }
    .into_any()
}
