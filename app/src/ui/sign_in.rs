//! Redirects to the sign-in page for visitors who are not signed in, and back afterwards.

#[cfg(not(feature = "ssr"))]
use crate::effects::effect;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Redirects to the sign-in page, which returns to this page afterwards: by an HTTP redirect on the
/// server, by a page load in the browser.
pub fn ask_to_sign_in() {
    let target = sign_in_link();
    #[cfg(feature = "ssr")]
    leptos_axum::redirect(&target);
    #[cfg(not(feature = "ssr"))]
    effect(move || drop(window().location().assign(&target)));
}

/// Link that opens the sign-in page in a new tab, so that nothing typed on this page is lost.
#[component]
pub fn SignInLink() -> impl IntoView {
    view! {
        <a class="button button-secondary" href=sign_in_link() target="_blank" rel="noopener">
            "Sign in"
        </a>
    }
}

/// Returns the address of the sign-in page that returns to this page afterwards.
fn sign_in_link() -> String {
    let location = use_location();
    sign_in_address(&location.pathname.get_untracked(), &location.search.get_untracked())
}

fn sign_in_address(path: &str, search: &str) -> String {
    let address = match search {
        "" => path.to_owned(),
        search => format!("{path}?{}", search.trim_start_matches('?')),
    };
    let next: String = form_urlencoded::byte_serialize(address.as_bytes()).collect();
    if address == "/" { "/login".to_owned() } else { format!("/login?next={next}") }
}

#[cfg(test)]
mod tests {
    use super::sign_in_address;

    #[test]
    fn leads_back_to_the_page_with_its_filters() {
        assert_eq!(
            sign_in_address("/changes", "action=edit&q=roof"),
            "/login?next=%2Fchanges%3Faction%3Dedit%26q%3Droof"
        );
        assert_eq!(sign_in_address("/", ""), "/login");
    }
}
