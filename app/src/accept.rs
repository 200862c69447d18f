//! Media types that a request accepts.

use http::{HeaderMap, header};
use mime::{Mime, TEXT_HTML};

/// Returns whether a person will read the response, because the request accepts HTML by name. Scripts send
/// `*/*` or the type that they read.
pub fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|accepted| accepted.to_str().ok())
        .flat_map(|accepted| accepted.split(','))
        .filter_map(|range| range.trim().parse::<Mime>().ok())
        .any(|range| range.essence_str() == TEXT_HTML.essence_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn only_html_by_name_asks_for_a_page() {
        let wants = |accepted: &'static str| {
            let mut headers = HeaderMap::new();
            headers.append(header::ACCEPT, HeaderValue::from_static("image/avif, broken"));
            headers.append(header::ACCEPT, HeaderValue::from_static(accepted));
            wants_page(&headers)
        };
        assert!(wants("text/html"));
        assert!(wants("application/xhtml+xml, Text/HTML;q=0.9, */*;q=0.8"));
        for other in ["*/*", "text/*", "application/json", "application/text/html", "text/html-ish"]
        {
            assert!(!wants(other), "{other}");
        }
        assert!(!wants_page(&HeaderMap::new()));
    }
}
