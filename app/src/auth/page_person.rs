//! Person a page was rendered for, named in every request of the page. The session alone is not
//! enough, because another tab of the same browser may have signed in somebody else meanwhile.

use domain::id::UserId;
use leptos::prelude::*;

/// Name of the form control or query parameter with the page's person. Forms that carry files use
/// the query.
pub const PAGE_PERSON: &str = "page-person";

/// Header that names the page's person in requests from scripts. `code.js` sets it.
pub const PAGE_PERSON_HEADER: &str = "x-page-person";

/// Document attribute that holds the page's person, without its `data-` prefix.
#[cfg(not(feature = "ssr"))]
const ATTRIBUTE: &str = "pagePerson";

/// Returns the person this page was rendered for; `None` when nobody was signed in.
pub fn page_person() -> Option<UserId> {
    #[cfg(feature = "ssr")]
    return super::session().user.map(|user| user.id);
    #[cfg(not(feature = "ssr"))]
    return document()
        .document_element()
        .and_then(|root| js_sys::Reflect::get(&root, &"dataset".into()).ok())
        .and_then(|data| js_sys::Reflect::get(&data, &ATTRIBUTE.into()).ok())
        .and_then(|person| person.as_string()?.parse().ok())
        .map(UserId);
}

/// Hidden form control that names the page's person.
#[component]
pub fn PagePerson() -> impl IntoView {
    let person = page_person().map(|person| person.to_string());
    view! { <input type="hidden" name=PAGE_PERSON value=person/> }
}

/// Returns an address whose request is recorded without a form or a script that could name the page's person:
/// of a form that carries files, which the server does not read before it knows whose they are, and of
/// a report. It names the person in its query.
pub fn with_page_person(address: &str) -> String {
    match page_person() {
        Some(person) => format!("{address}?{PAGE_PERSON}={person}"),
        None => address.to_owned(),
    }
}
