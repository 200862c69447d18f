//! Links between the pages of a list.

use super::{LinkButton, icons};
use leptos::prelude::*;

/// Links between the pages of a keyset-paginated list. Empty when there is only one page.
#[component]
pub fn Pager(
    /// Address of the first page, unless this is the first.
    #[prop(optional_no_strip, into)]
    first: Option<String>,
    /// Address of the next page, if there is one.
    #[prop(optional_no_strip, into)]
    next: Option<String>,
    /// Label of the link to the first page.
    #[prop(default = "Newest")]
    first_label: &'static str,
    /// Label of the link to the next page.
    #[prop(default = "Older")]
    next_label: &'static str,
) -> impl IntoView {
    (first.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label="Pages">
                {first
                    .map(|href| {
                        view! {
                            <LinkButton href icon=icons::ARROW_UP_TO_LINE>
                                {first_label}
                            </LinkButton>
                        }
                    })}
                {next
                    .map(|href| {
                        view! {
                            <LinkButton href icon=icons::ARROW_DOWN>
                                {next_label}
                            </LinkButton>
                        }
                    })}
            </nav>
        }
    })
}
