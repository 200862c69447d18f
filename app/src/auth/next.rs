//! Redirect target after signing in.

/// Returns the address if it is a path on this site, otherwise `/`. `//host` and `/\host` are
/// rejected, because browsers resolve them to another site.
pub fn local_path(next: &str) -> &str {
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let local = next.starts_with('/') && !next.starts_with("//");
    let page = !next.starts_with("/login") && !next.starts_with("/api/");
    if plain && local && page { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn pages_of_this_site_are_kept() {
        for path in ["/", "/changes?action=edit&q=caf%C3%A9", "/inspections/7#photos"] {
            assert_eq!(local_path(path), path);
        }
    }

    #[test]
    fn other_sites_and_loops_lead_to_the_start() {
        let elsewhere = [
            "",
            "https://example.org/",
            "//example.org",
            "/\\example.org",
            "/\t/example.org",
            "/a\r\nSet-Cookie: x=y",
            "javascript:alert(1)",
            "/login?next=/login",
            "/api/sign_out",
            "/café",
        ];
        for path in elsewhere {
            assert_eq!(local_path(path), "/", "{path:?}");
        }
    }
}
