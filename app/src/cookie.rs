//! Cookies: as a request brings them, and as the page itself writes them.

#[cfg(feature = "ssr")]
use http::{HeaderMap, header, request::Parts};
use leptos::prelude::*;

/// What stands in the cookie of that name.
#[cfg(feature = "ssr")]
pub(crate) fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then(|| value.to_owned()))
}

/// The same, of the request that is being answered.
#[cfg(feature = "ssr")]
pub(crate) fn current(name: &str) -> Option<String> {
    use_context::<Parts>().and_then(|request| read(&request.headers, name))
}

/// Writes one in the browser. A browser that keeps no cookies forgets it.
pub(crate) fn write(cookie: &str) {
    drop(js_sys::Reflect::set(&document(), &"cookie".into(), &cookie.into()));
}
