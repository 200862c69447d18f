//! Session cookie.

use crate::cookie;
use ::cookie::{Cookie, SameSite, time::Duration};
use http::{HeaderMap, HeaderValue};
use store::MAX_SESSION;

/// Name and attributes of the session cookie. It is always `HttpOnly` and `SameSite=Lax`; over
/// HTTPS it is also `Secure` with the `__Host-` prefix, so that no other host can set or read it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionCookie {
    /// Whether it is sent only over HTTPS.
    pub secure: bool,
}

impl SessionCookie {
    const fn name(self) -> &'static str {
        if self.secure { "__Host-plumbline" } else { "plumbline" }
    }

    /// Reads the session secret from a request's cookies.
    pub fn read(self, headers: &HeaderMap) -> Option<String> {
        cookie::read(headers, self.name())
    }

    /// Returns the `Set-Cookie` value for a new session. It expires after the longest session
    /// lifetime.
    pub fn set(self, token: &str) -> HeaderValue {
        self.write(token, MAX_SESSION.num_seconds())
    }

    /// Returns the `Set-Cookie` value that deletes the cookie.
    pub fn clear(self) -> HeaderValue {
        self.write("", 0)
    }

    fn write(self, value: &str, seconds: i64) -> HeaderValue {
        let cookie = Cookie::build((self.name(), value))
            .path("/")
            .max_age(Duration::seconds(seconds))
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.secure);
        HeaderValue::from_str(&cookie.to_string()).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header;

    #[test]
    fn over_https_it_is_bound_to_the_host() {
        let cookie = SessionCookie { secure: true }.set("abc");
        assert_eq!(
            cookie,
            "__Host-plumbline=abc; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=5184000"
        );
    }

    #[test]
    fn finds_its_own_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("theme=dark; xplumbline=no"));
        headers.append(header::COOKIE, HeaderValue::from_static("plumbline=abc"));
        assert_eq!(SessionCookie { secure: false }.read(&headers).as_deref(), Some("abc"));
        assert_eq!(SessionCookie { secure: true }.read(&headers), None);
    }
}
