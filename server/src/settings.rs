//! What the command line settles once for every request.

use app::{
    auth::{DemoAccount, SessionCookie},
    reports::Renderer,
};
use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    str::FromStr,
};
use store::SetUpLink;

/// Where people reach the server, as a browser writes it: `https://host`, or with a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// Whether it is reached over HTTPS.
    pub fn is_secure(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// As in an `Origin` header.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let origin = text.trim().trim_end_matches('/').to_ascii_lowercase();
        let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        match host {
            Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']) => {
                Ok(Self(origin))
            }
            _ => Err("use a scheme and a host, as in https://plumbline.example.org".into()),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the command line settles once for every request.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Where people reach the server, if it was said.
    pub origin: Option<Origin>,
    /// How the session's cookie is written.
    pub cookie: SessionCookie,
    /// The proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// The most event streams that may be open; any number where it is not said.
    pub most_streams: Option<usize>,
    /// The renderer of reports.
    pub renderer: Renderer,
    /// The accounts that the sign-in page offers; only where the server runs with `--demo`.
    pub demo: Vec<DemoAccount>,
    /// The link through which the first account is made; none where there were accounts at start.
    pub set_up: Option<SetUpLink>,
}

impl Settings {
    /// Cookies are `Secure` where the origin is HTTPS, and where it was not said unless the server
    /// listens on loopback only.
    pub fn new(addr: SocketAddr, origin: Option<Origin>, trusted_proxies: Vec<IpAddr>) -> Self {
        let secure = origin.as_ref().map_or(!addr.ip().is_loopback(), Origin::is_secure);
        let cookie = SessionCookie { secure };
        Self { origin, cookie, trusted_proxies, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_secure_unless_on_loopback_or_plainly_not() {
        let secure = |addr: &str, origin: Option<&str>| {
            let origin = origin.map(|origin| origin.parse().expect("an origin"));
            Settings::new(addr.parse().expect("an address"), origin, Vec::new()).cookie.secure
        };
        assert!(!secure("127.0.0.1:3000", None));
        assert!(!secure("[::1]:3000", None));
        assert!(secure("0.0.0.0:3000", None));
        assert!(secure("127.0.0.1:3000", Some("https://plumbline.example.org")));
        assert!(!secure("0.0.0.0:3000", Some("http://192.0.2.7:3000")));
    }

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        let origin: Origin = "HTTPS://Plumbline.example.org/".parse().expect("an origin");
        assert_eq!(origin.as_str(), "https://plumbline.example.org");
        for wrong in ["plumbline.example.org", "https://", "https://a/b", "ftp://a"] {
            assert!(wrong.parse::<Origin>().is_err(), "{wrong}");
        }
    }
}
