//! Escaping of text for markup that is written as a string. Leptos escapes only text in its own
//! views: not titles, the content of text areas, or `inner_html`.

/// Escapes text for HTML element content and for attributes in double quotes.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_close_the_element_or_the_attribute_it_stands_in() {
        assert_eq!(
            escape("a </textarea><script>alert(\"1\")</script> & b"),
            "a &lt;/textarea&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; b"
        );
        assert_eq!(escape("Łódź"), "Łódź");
    }
}
