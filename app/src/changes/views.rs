//! The filters that a person keeps under a name, each with how many changes match it now.

use super::board::Board;
use crate::ui::{Icon, TextField};
use domain::{ChangeFilter, SavedView};
use leptos::prelude::*;

/// The views as links, and a menu that keeps the present filter, chooses where to start, and deletes.
#[component]
pub(super) fn Views(board: Board) -> impl IntoView {
    let views = move || {
        board.found.with(|found| found.iter().flat_map(|found| found.views.clone()).collect())
    };
    let views = Memo::new(move |_| -> Vec<SavedView> { views() });
    let links = move || {
        let here = board.filter.with(|filter| filter.first_page().to_query());
        let link = |view: SavedView| {
            let current = (view.query == here).then_some("page");
            let href = href(&view);
            view! {
                <li>
                    <a class="view-link" href=href aria-current=current data-noscroll="">
                        {view.is_start.then(|| view! { <Icon icon=icondata_lu::LuHouse/> })}
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
    let kept = move || views.get().into_iter().map(edit).collect_view();
    view! {
        <div class="views">
            {links}
            <details class="facet views-menu" name="facet">
                <summary>
                    <Icon icon=icondata_lu::LuBookmark/>
                    "Views"
                    <Icon icon=icondata_lu::LuChevronDown/>
                </summary>
                <div class="facet-panel">
                    <form method="post" class="views-new">
                        <TextField name="name" id="view-name" label="Keep this filter as" required=true/>
                        <button type="submit" name="do" value="save-view" class="button button-primary">
                            "Save view"
                        </button>
                    </form>
                    <ul class="views-kept">{kept}</ul>
                </div>
            </details>
        </div>
    }
    .into_any()
}

fn href(view: &SavedView) -> String {
    super::chips::address(&ChangeFilter::from_query(&view.query).0)
}

fn edit(view: SavedView) -> AnyView {
    let SavedView { id, name, is_start, .. } = view;
    let start = match is_start {
        true => "Do not start with it",
        false => "Start with it",
    };
    let chosen = (!is_start).then(|| {
        view! { <input type="hidden" name="view" value=id.to_string()/> }
    });
    view! {
        <li>
            <span>{name.clone()}</span>
            <form method="post">
                {chosen}
                <button
                    type="submit"
                    name="do"
                    value="start-view"
                    class="button button-quiet icon-only"
                    aria-pressed=is_start.to_string()
                    title=start
                >
                    <Icon icon=icondata_lu::LuHouse/>
                    <span class="button-label">{format!("{start}: {name}")}</span>
                </button>
            </form>
            <form method="post">
                <input type="hidden" name="view" value=id.to_string()/>
                <button
                    type="submit"
                    name="do"
                    value="delete-view"
                    class="button button-quiet icon-only"
                    title="Delete"
                >
                    <Icon icon=icondata_lu::LuTrash2/>
                    <span class="button-label">{format!("Delete the view {name}")}</span>
                </button>
            </form>
        </li>
    }
    .into_any()
}
