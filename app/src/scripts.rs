//! Detection of browsers that run scripts. A page for such a browser leaves out what its scripts load
//! later, and the fallbacks for browsers without scripts.

use crate::cookie;
use leptos::prelude::*;

/// Attribute of the document element of a page made for a browser known to run scripts.
pub(crate) const ATTRIBUTE: &str = "data-scripts";

/// Value of `Set-Cookie` that deletes the cookie.
#[cfg(feature = "ssr")]
pub(crate) const FORGET: &str = "scripts=; Path=/; Max-Age=0; SameSite=Lax";

/// Sets a session cookie that says the browser runs scripts. The page calls it after hydration.
pub fn remember() {
    cookie::write("scripts=on; Path=/; SameSite=Lax");
    if let Some(root) = document().document_element() {
        // Only an invalid name is refused.
        drop(root.set_attribute(ATTRIBUTE, ""));
    }
}

/// Returns whether the browser was known to run scripts when the page was made: from the request's
/// cookie on the server; in the browser from the server's markup, so that both agree.
pub(crate) fn are_known() -> bool {
    #[cfg(feature = "ssr")]
    return cookie::current("scripts").is_some();
    #[cfg(not(feature = "ssr"))]
    return document().document_element().is_some_and(|root| root.has_attribute(ATTRIBUTE));
}
