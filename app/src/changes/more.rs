//! Loading of the remaining changes of an opened entry.

use super::{api::entry, dashboard::DashboardState, link::address};
use crate::effects::effect_with;
use crate::{change_view::Titles, error::AppError, ui::ErrorNote};
use domain::{
    feed::{ChangeFilter, ChangeRow, Comment, Entry, EntryKey, Group},
    id::ChangeId,
    view::{ChangeContext, EntryView},
};
use leptos::{
    ev::MouseEvent,
    prelude::*,
    task::{spawn_local, tick},
};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Number of ticks after which loaded changes are expected to be rendered.
const TICKS: usize = 50;

/// Changes of an opened entry that are shown.
#[derive(Clone, Copy)]
pub(super) struct More {
    dashboard: DashboardState,
    now: Memo<Entry>,
    /// Additionally loaded pages.
    views: RwSignal<Vec<EntryView>>,
    busy: RwSignal<bool>,
    trouble: RwSignal<Option<AppError>>,
}

impl More {
    pub(super) fn new(dashboard: DashboardState, now: Memo<Entry>) -> Self {
        let more = Self {
            dashboard,
            now,
            views: RwSignal::default(),
            busy: RwSignal::new(false),
            trouble: RwSignal::new(None),
        };
        // A reload of the page also reloads the additional changes.
        effect_with(move |ran: Option<()>| {
            dashboard.found.track();
            let shown = untrack(|| more.shown());
            if ran.is_some() && shown > 0 {
                spawn_local(more.fetch(Vec::new(), shown));
            }
        });
        more
    }

    /// Returns all changes shown, newest first.
    pub(super) fn rows(self) -> Vec<ChangeRow> {
        let mut all = self.now.with(|entry| entry.rows.clone());
        let last = all.last().map(|row| row.change.id);
        let is_older = |row: &&ChangeRow| last.is_none_or(|last| row.change.id < last);
        self.views.with(|views| all.extend(rows(views).filter(is_older).cloned()));
        all
    }

    /// Returns the current version of an additionally loaded change.
    pub(super) fn row(self, id: ChangeId) -> Option<ChangeRow> {
        self.views.with(|views| rows(views).find(|row| row.change.id == id).cloned())
    }

    /// Returns the comments on a change.
    pub(super) fn comments(self, id: ChangeId) -> Vec<Comment> {
        let about = |comment: &&Comment| comment.change == id;
        let of = |it: &ChangeContext| it.comments.iter().filter(about).cloned().collect::<Vec<_>>();
        self.beside(|all| all.map(of).find(|found| !found.is_empty())).unwrap_or_default()
    }

    /// Returns the change that undid it, if any.
    pub(super) fn undone_by(self, id: ChangeId) -> Option<ChangeId> {
        self.beside(|all| {
            let mut undone = all.flat_map(|beside| &beside.undone);
            undone.find(|(undone, _)| *undone == id).map(|(_, by)| *by)
        })
    }

    /// Returns the titles of the sections named. It is not reactive, because a change arrives with
    /// its titles.
    pub(super) fn titles(self) -> Titles {
        untrack(|| self.beside(|all| all.flat_map(|it| it.titles.iter().cloned()).collect()))
    }

    /// Reads the context of the page's changes, then of those additionally loaded.
    fn beside<T>(self, read: impl FnOnce(&mut dyn Iterator<Item = &ChangeContext>) -> T) -> T {
        self.dashboard.found.with(|found| {
            self.views.with(|views| {
                let asked_for = views.iter().map(|view| &view.beside);
                read(&mut found.iter().map(|found| &found.beside).chain(asked_for))
            })
        })
    }

    /// Returns the cursor of the next page: its changes are older than this one.
    fn next(self) -> Option<ChangeId> {
        let after = self.views.with(|views| views.last().map(|view| view.page.next));
        after.unwrap_or_else(|| {
            self.now.with(|entry| {
                let shown = entry.rows.len();
                let more = entry.count.exact().is_none_or(|count| count as usize > shown);
                entry.rows.last().map(|row| row.change.id).filter(|_| more)
            })
        })
    }

    /// Loads and shows more changes; the focus moves to the first new one.
    fn show(self) {
        if self.busy.get_untracked() {
            return;
        }
        let (shown, all) = untrack(|| (self.shown(), self.rows().len()));
        let views = self.views.get_untracked();
        spawn_local(async move {
            self.fetch(views, shown + 1).await;
            let first =
                untrack(|| self.rows().get(all).map(|row| format!("change-{}", row.change.id)));
            let Some(first) = first else { return };
            for _ in 0..TICKS {
                tick().await;
                let row = document().get_element_by_id(&first);
                if let Some(row) = row.and_then(|row| row.dyn_into::<HtmlElement>().ok()) {
                    drop(row.focus());
                    return;
                }
            }
        });
    }

    /// Returns the number of additionally loaded changes.
    fn shown(self) -> usize {
        self.views.with(|views| rows(views).count())
    }

    /// Continues loading after `views`, until `wanted` additional changes or all of them are
    /// loaded.
    async fn fetch(self, mut views: Vec<EntryView>, wanted: usize) {
        let query = self.dashboard.filter.with_untracked(ChangeFilter::to_query);
        let (key, last) = self
            .now
            .with_untracked(|entry| (entry.key, entry.rows.last().map(|row| row.change.id)));
        let mut next = views.last().map_or(last, |view| view.page.next);
        self.busy.set(true);
        let mut trouble = None;
        while let Some(before) = next.filter(|_| rows(&views).count() < wanted) {
            match entry(query.clone(), key, before).await {
                Ok(view) => {
                    next = view.page.next;
                    views.push(view);
                }
                Err(error) => {
                    trouble = Some(error);
                    break;
                }
            }
        }
        // The entry may have been removed meanwhile.
        self.busy.try_set(false);
        if trouble.is_none() {
            self.views.try_set(views);
        }
        self.trouble.try_set(trouble);
    }
}

fn rows(views: &[EntryView]) -> impl Iterator<Item = &ChangeRow> {
    views.iter().flat_map(|view| &view.page.rows)
}

/// Renders the button that shows more; without scripts, a link to the page of the entry's changes.
pub(super) fn more_link(more: More) -> AnyView {
    let link = move |_| {
        let href =
            more.now.with(|entry| more.dashboard.filter.with(|it| one_by_one(it, entry.key)))?;
        let words = more.now.with(|entry| format!("Show more of {} changes", entry.count));
        let click = move |event: MouseEvent| {
            event.prevent_default();
            more.show();
        };
        Some(view! {
            <a
                class="button button-secondary"
                href=href
                aria-busy=move || more.busy.get().then_some("true")
                on:click=click
            >
                {words}
            </a>
        })
    };
    view! {
        {move || more.trouble.get().map(|error| view! { <ErrorNote error/> })}
        {move || more.next().and_then(link)}
    }
    .into_any()
}

/// Returns the address of an entry's changes as separate entries, grouped by request; when the
/// filter already selects a single request, grouped by inspection.
fn one_by_one(filter: &ChangeFilter, key: EntryKey) -> Option<String> {
    let group = match key {
        EntryKey::Request(_) if filter.request.is_some() => Group::Inspection,
        _ => Group::Request,
    };
    Some(address(&ChangeFilter { group, ..key.within(filter)? }))
}
