//! The way from one page of a list to the next.

use super::LinkButton;
use leptos::prelude::*;

/// Links to the pages of a keyset list. Shows nothing where there is but one page.
#[component]
pub fn Pager(
    /// The first page, where this is not it.
    #[prop(optional_no_strip, into)]
    first: Option<String>,
    /// The page after this one, if there is one.
    #[prop(optional_no_strip, into)]
    next: Option<String>,
    /// What the first page is called.
    #[prop(default = "Newest")]
    first_label: &'static str,
    /// What the next page is called.
    #[prop(default = "Older")]
    next_label: &'static str,
) -> impl IntoView {
    (first.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label="Pages">
                {first
                    .map(|href| {
                        view! {
                            <LinkButton href icon=icondata_lu::LuArrowUpToLine>
                                {first_label}
                            </LinkButton>
                        }
                    })}
                {next
                    .map(|href| {
                        view! {
                            <LinkButton href icon=icondata_lu::LuArrowDown>
                                {next_label}
                            </LinkButton>
                        }
                    })}
            </nav>
        }
    })
}
