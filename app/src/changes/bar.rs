//! Bar of actions on the selected entries or on all matching changes.

use super::{
    ask::TextForm,
    dashboard::DashboardState,
    form::{FormHead, act_button},
    note::NoteForm,
    selection,
};
use crate::{
    scripts,
    ui::{Button, ButtonKind, icons},
};
use domain::feed::Count;
use leptos::prelude::*;

/// Checkbox that selects all matching changes, whatever else is selected. It is above the feed,
/// because it needs no selected entry.
#[component]
pub(super) fn Everything(dashboard: DashboardState) -> impl IntoView {
    let total = move || dashboard.found.with(|found| found.as_ref().map(|it| it.page.total));
    let words = move || total().map(|total| format!("Select all {total}"));
    let none = move || total().is_none_or(Count::is_zero);
    view! {
        <label class="choice everything" hidden=none>
            <input
                type="checkbox"
                name="all"
                value="1"
                form=selection::ID
                prop:checked=move || dashboard.all.get()
                on:change=move |event| dashboard.all.set(event_target_checked(&event))
                on:keydown=selection::hold_back
            />
            <span>{words}</span>
        </label>
    }
    .into_any()
}

/// Action bar at the bottom of the page, shown once entries are selected; always shown without
/// scripts.
#[component]
pub(super) fn Bar(dashboard: DashboardState) -> impl IntoView {
    let says = move || match (dashboard.all.get(), dashboard.selected.get()) {
        (true, _) => "All that match".to_owned(),
        (false, number) => format!("{number} selected"),
    };
    let stepless =
        move || !dashboard.all.get() && dashboard.filter.with(|filter| !filter.group.takes_steps());
    let clear = move |_| {
        dashboard.all.set(false);
        selection::clear();
        selection::count(dashboard.selected);
    };
    // Browsers known to run scripts show the bar only with a selection.
    let is_rendered = Memo::new(move |before: Option<&bool>| {
        before == Some(&true) || !scripts::are_known() || dashboard.any_selected()
    });
    let content = move || {
        is_rendered.get().then(|| {
            view! {
                <FormHead dashboard/>
                <p class="bulk-says only-scripted" role="status">{says}</p>
                <div class="bulk-actions">
                    {act_button("reviewed", "Reviewed", icons::CHECK)}
                    {act_button("flagged", "Flag", icons::FLAG)}
                    <NoteForm dashboard/>
                    <TextForm
                        dashboard
                        act="comment"
                        word="Comment"
                        label="Comment"
                        hint="The inspectors read it on their inspections."
                        icon=icons::MESSAGE_SQUARE_PLUS
                    />
                    <span class="bulk-steps" hidden=stepless>
                        {act_button("complete", domain::change::Action::StatusComplete.command(), icons::BADGE_CHECK)}
                        <TextForm
                            dashboard
                            act="draft"
                            word=domain::change::Action::StatusDraft.command()
                            label="Reason"
                            hint="The inspectors read it, and it stays in the history."
                            icon=icons::UNDO_2
                        />
                    </span>
                    <span class="only-scripted">
                        <Button kind=ButtonKind::Quiet on_click=clear>
                            "Clear"
                        </Button>
                    </span>
                </div>
            }
        })
    };
    view! {
        <form
            class="bulk"
            class:bulk-any=move || dashboard.any_selected()
            method="post"
            id=selection::ID
            aria-label="With the selection"
        >
            {content}
        </form>
    }
    .into_any()
}
