//! Parsing and formatting of query strings.

/// Returns the decoded pairs of a query string, ignoring a leading `?`.
pub(crate) fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    form_urlencoded::parse(query.trim_start_matches('?').as_bytes()).into_owned()
}

/// Returns a query string of these pairs, without a leading `?`.
pub(crate) fn encode<K: AsRef<str>, V: AsRef<str>>(
    pairs: impl IntoIterator<Item = (K, V)>,
) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}
