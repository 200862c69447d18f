//! Escaping of text for markup that is written as a string, because Leptos escapes only what its own
//! views hold: neither a title, nor what is inside a text area, nor `inner_html`.

/// The text for HTML: as the content of an element, or as an attribute in double quotes.
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
