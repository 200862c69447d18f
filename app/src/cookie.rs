//! Reading of request cookies, and writing of cookies in the browser.

#[cfg(feature = "ssr")]
use ::cookie::Cookie;
#[cfg(feature = "ssr")]
use http::{HeaderMap, header, request::Parts};
use leptos::prelude::*;

/// Returns the value of a cookie in the headers.
#[cfg(feature = "ssr")]
pub(crate) fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find_map(|cookie| (cookie.name() == name).then(|| cookie.value().to_owned()))
}

/// Returns the value of a cookie of the current request.
#[cfg(feature = "ssr")]
pub(crate) fn current(name: &str) -> Option<String> {
    use_context::<Parts>().and_then(|request| read(&request.headers, name))
}

/// Writes a cookie in the browser. Does nothing when the browser blocks cookies.
pub(crate) fn write(cookie: &str) {
    drop(js_sys::Reflect::set(&document(), &"cookie".into(), &cookie.into()));
}
