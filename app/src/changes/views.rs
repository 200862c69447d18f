//! Saved filters of a person, each with its present number of matches.

use super::dashboard::DashboardState;
use crate::{
    auth::PagePerson,
    ui::{Icon, List, Opened, TextField, find, icons},
};
use domain::feed::{ChangeFilter, SavedView};
use leptos::{html, prelude::*};

/// Id of the field for a new view's name.
const NAME: &str = "view-name";

/// Links to the saved views, and a menu that saves the present filter, chooses the start view, and
/// deletes views.
#[component]
pub(super) fn Views(dashboard: DashboardState) -> impl IntoView {
    let views = move || {
        dashboard.found.with(|found| found.iter().flat_map(|found| found.views.clone()).collect())
    };
    let views = Memo::new(move |_| -> Vec<SavedView> { views() });
    let links = move || {
        let query = dashboard.filter.with(|filter| filter.first_page().to_query());
        let link = |view: SavedView| {
            let current = (view.query == query).then_some("page");
            let href = href(&view);
            view! {
                <li>
                    <a class="view-link" href=href aria-current=current data-noscroll="">
                        {view.is_start.then(|| view! { <Icon icon=icons::HOUSE/> })}
                        {view.name}
                        <span class="tab-count">{view.count.to_string()}</span>
                    </a>
                </li>
            }
        };
        views.with(|views| {
            (!views.is_empty()).then(|| {
                let links = views.iter().cloned().map(link).collect_view();
                view! { <ul class="views-list" aria-label="Saved views">{links}</ul> }
            })
        })
    };
    let menu = NodeRef::<html::Details>::new();
    // The delete button disappears with its view.
    let leave = move || {
        if let Some(summary) = menu.get_untracked().and_then(|menu| find(&menu, "summary")) {
            drop(summary.focus());
        }
    };
    let opened = Opened::new(menu);
    let content = move || {
        opened.is_rendered().then(|| {
            view! {
                <form method="post" class="views-new">
                    <PagePerson/>
                    <TextField
                        name="name"
                        id=NAME
                        label="Name this view"
                        required=true
                        error=dashboard.wrong_with(NAME.into())
                    />
                    <button type="submit" name="do" value="save-view" class="button button-primary">
                        "Save view"
                    </button>
                </form>
                <ul class="views-kept">
                    <List each=move || views.get() key=|view| view.id let:view>
                        {edit(views, view, leave)}
                    </List>
                </ul>
            }
        })
    };
    view! {
        <div class="views">
            {links}
            <details
                class="facet views-menu"
                name="facet"
                node_ref=menu
                on:toggle=move |_| opened.toggle()
            >
                <summary>
                    <Icon icon=icons::BOOKMARK/>
                    "Views"
                    <Icon icon=icons::CHEVRON_DOWN/>
                </summary>
                <div class="facet-panel">{content}</div>
            </details>
        </div>
    }
    .into_any()
}

fn href(view: &SavedView) -> String {
    super::link::address(&ChangeFilter::from_query(&view.query).0)
}

/// Renders the controls of one saved view: to make it the start view or not, and to delete it.
fn edit(
    views: Memo<Vec<SavedView>>,
    SavedView { id, name, .. }: SavedView,
    leave: impl Fn() + Copy + 'static,
) -> AnyView {
    let is_start =
        Memo::new(move |_| views.with(|all| all.iter().any(|it| it.id == id && it.is_start)));
    let start =
        move || if is_start.get() { "Don't use as start page" } else { "Use as start page" };
    let chosen = move || {
        (!is_start.get()).then(|| view! { <input type="hidden" name="view" value=id.to_string()/> })
    };
    let delete = format!("Delete the view {name}");
    let label = {
        let name = name.clone();
        move || format!("{}: {name}", start())
    };
    view! {
        <li>
            <bdi>{name}</bdi>
            <form method="post">
                <PagePerson/>
                {chosen}
                <button
                    type="submit"
                    name="do"
                    value="start-view"
                    class="button button-quiet icon-only"
                    aria-pressed=move || is_start.get().to_string()
                    title=start
                >
                    <Icon icon=icons::HOUSE/>
                    <span class="button-label">{label}</span>
                </button>
            </form>
            <form method="post">
                <PagePerson/>
                <input type="hidden" name="view" value=id.to_string()/>
                <button
                    type="submit"
                    name="do"
                    value="delete-view"
                    class="button button-quiet icon-only"
                    title="Delete"
                    on:click=move |_| leave()
                >
                    <Icon icon=icons::TRASH_2/>
                    <span class="button-label">{delete}</span>
                </button>
            </form>
        </li>
    }
    .into_any()
}
