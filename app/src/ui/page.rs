//! Layout of one page.

use super::{Icon, escape, icons};
use crate::hydration::DeferredHydration;
use leptos::{children::ViewFnOnce, prelude::*, text_prop::TextProp};
use leptos_meta::Title;

/// Id of a page's heading, which can be focused.
pub const PAGE_TITLE: &str = "page-title";

/// Page: its title as heading and in the browser tab, the actions on the whole page, and the
/// content.
#[component]
pub fn Page(
    /// Heading.
    #[prop(into)]
    title: TextProp,
    /// Address and name of the parent page.
    #[prop(optional, into)]
    above: Option<(String, String)>,
    /// Content beside the heading, such as badges.
    #[prop(optional, into)]
    beside: Option<ViewFnOnce>,
    /// Actions on the whole page.
    #[prop(optional, into)]
    actions: Option<ViewFnOnce>,
    /// Narrow column for forms, which keeps lines short.
    #[prop(optional)]
    narrow: bool,
    /// Content.
    children: Children,
) -> impl IntoView {
    let heading = title.clone();
    // The server reads the tab's title last, when the signals it derives from may be disposed.
    let tab = if cfg!(feature = "ssr") { untrack(|| title.get()).into() } else { title };
    view! {
        <Title text=tab/>
        <DeferredHydration>
            <div class="page" class:page-narrow=narrow>
                {above
                    .map(|(href, name)| {
                        view! {
                            <a class="page-above" href=href>
                                <Icon icon=icons::CHEVRON_LEFT/>
                                <bdi>{name}</bdi>
                            </a>
                        }
                    })}
                <header class="page-head">
                    <div class="page-title">
                        <h1 id=PAGE_TITLE tabindex="-1"><bdi>{move || heading.get()}</bdi></h1>
                        {beside.map(|beside| beside.run())}
                    </div>
                    {actions.map(|actions| view! { <div class="page-actions">{actions.run()}</div> })}
                </header>
                {children()}
            </div>
        </DeferredHydration>
    }
}

/// Returns the browser tab's text for a page title. It is escaped on the server, because
/// `leptos_meta` writes it into the document unchanged; in the browser it is set as text.
pub fn tab_title(title: &str) -> String {
    let title = format!("{} · Plumbline", domain::text::isolate(title));
    if cfg!(feature = "ssr") { escape(&title) } else { title }
}
