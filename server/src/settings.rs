//! Settings from the command line that apply to every request.

use crate::streams::StreamLimits;
use app::auth::{DemoAccount, SessionCookie};
use service::reports::Renderer;
use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    str::FromStr,
};
use store::SetUpLink;

/// Public origin of the server, as in a browser: `https://host`, optionally with a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// Returns whether it uses HTTPS.
    pub fn is_secure(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// Returns it as in an `Origin` header.
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

/// Settings from the command line that apply to every request.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Public origin of the server, if configured.
    pub origin: Option<Origin>,
    /// Format of the session cookie.
    pub cookie: SessionCookie,
    /// Proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpAddr>,
    /// How many event streams may be open.
    pub streams: StreamLimits,
    /// The renderer of reports.
    pub renderer: Renderer,
    /// Demo accounts on the sign-in page; empty without `--demo`.
    pub demo: Vec<DemoAccount>,
    /// Link for creating the first account; `None` if accounts existed at start.
    pub set_up: Option<SetUpLink>,
}

impl Settings {
    /// Creates the settings. Cookies are `Secure` for an HTTPS origin; without a configured origin,
    /// unless the server listens only on loopback.
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
