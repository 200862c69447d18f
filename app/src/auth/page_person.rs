//! The person a page was made for, which every request of the page names. Another tab of the same
//! browser may have signed in somebody else meanwhile, and the session alone would not tell.

use domain::UserId;
use leptos::prelude::*;

/// The name of the page's person in a form, and in the query of a form that carries files.
pub const PAGE_PERSON: &str = "page-person";

/// The name of the header in which a script's request names the page's person. `code.js` sets it.
pub const PAGE_PERSON_HEADER: &str = "x-page-person";

/// The attribute of the document that holds the page's person, without its `data-`.
#[cfg(not(feature = "ssr"))]
const ATTRIBUTE: &str = "pagePerson";

/// The person this page was made for; `None` where nobody was signed in.
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

/// The hidden control of a form that names the page's person.
#[component]
pub fn PagePerson() -> impl IntoView {
    let person = page_person().map(|person| person.to_string());
    view! { <input type="hidden" name=PAGE_PERSON value=person/> }
}

/// The address of a form that carries files, which names the page's person in its query because the
/// server does not read the files before it knows whose they are.
pub fn with_page_person(address: &str) -> String {
    match page_person() {
        Some(person) => format!("{address}?{PAGE_PERSON}={person}"),
        None => address.to_owned(),
    }
}
