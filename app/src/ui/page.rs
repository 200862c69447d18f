//! The frame of one page.

use super::{Icon, Piece, escape};
use leptos::{children::ViewFnOnce, prelude::*, text_prop::TextProp};
use leptos_meta::Title;

/// The id of a page's heading, which can be given the focus.
pub const PAGE_TITLE: &str = "page-title";

/// A page: its title as heading and in the browser's tab, what can be done with the whole of it,
/// and its content.
#[component]
pub fn Page(
    /// The heading.
    #[prop(into)]
    title: TextProp,
    /// Where this page hangs: the address and the name of the page above it.
    #[prop(optional, into)]
    above: Option<(String, String)>,
    /// Beside the heading: badges and the like.
    #[prop(optional, into)]
    beside: Option<ViewFnOnce>,
    /// What can be done with the whole page.
    #[prop(optional, into)]
    actions: Option<ViewFnOnce>,
    /// For pages to write in: keeps lines short.
    #[prop(optional)]
    narrow: bool,
    /// The content.
    children: Children,
) -> impl IntoView {
    let heading = title.clone();
    // The server reads the tab's title last of all, when the signals it was made from may be gone.
    let tab = if cfg!(feature = "ssr") { untrack(|| title.get()).into() } else { title };
    view! {
        <Title text=tab/>
        <Piece>
            <div class="page" class:page-narrow=narrow>
                {above
                    .map(|(href, name)| {
                        view! {
                            <a class="page-above" href=href>
                                <Icon icon=icondata_lu::LuChevronLeft/>
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
        </Piece>
    }
}

/// The text of the browser's tab for a page of this title. On the server it is escaped, because
/// `leptos_meta` writes it into the document as it is; in the browser it is set as text.
pub fn tab_title(title: &str) -> String {
    let title = format!("{} · Plumbline", domain::isolate(title));
    if cfg!(feature = "ssr") { escape(&title) } else { title }
}
