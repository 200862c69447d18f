//! Responses other than pages: JSON for scripts, plain text in place of files.

use app::error::AppError;
use axum::{
    Json,
    http::{HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use leptos::prelude::FromServerFnError;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Characters of a file name that are encoded, which are more than RFC 8187 asks for.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Formats an error for a script, as JSON.
pub(crate) fn json(error: &AppError) -> Response {
    json_saying(error.status(), &error.to_string())
}

/// Formats an error for the script that requested `path`: a server function of the page, or any
/// other script.
pub(crate) fn script(path: &str, error: &AppError) -> Response {
    match path.starts_with("/api/") {
        true => (code(error), error.ser()).into_response(),
        false => json(error),
    }
}

/// Formats a status and a message for a script, as JSON.
pub(crate) fn json_saying(code: u16, message: &str) -> Response {
    (status(code), Json(serde_json::json!({ "message": message }))).into_response()
}

/// Formats an error in place of a file, as plain text.
pub(crate) fn text(error: &AppError) -> Response {
    (code(error), format!("{error}\n")).into_response()
}

/// Returns a `Content-Disposition` value for a name in any script (RFC 6266), encoded
/// as in RFC 8187. The fallback for old clients omits characters that would end the quoted name.
pub(crate) fn disposition(kind: &str, name: &str) -> HeaderValue {
    // Fallback for old clients.
    let plain: String = name
        .chars()
        .map(
            |it| if it.is_ascii_graphic() && !"\"\\%".contains(it) || it == ' ' { it } else { '_' },
        )
        .collect();
    let exact = utf8_percent_encode(name, ENCODED);
    HeaderValue::from_str(&format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{exact}"))
        .unwrap_or_else(|_| HeaderValue::from_static("inline"))
}

/// Returns the HTTP status of an error.
pub(crate) fn code(error: &AppError) -> StatusCode {
    status(error.status())
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_in_any_script_is_sent_twice() {
        assert_eq!(
            disposition("inline", "Größe \"1\".pdf"),
            "inline; filename=\"Gr__e _1_.pdf\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%221%22.pdf"
        );
        assert_eq!(
            disposition("attachment", "a\";\r\n\\b%22.pdf"),
            "attachment; filename=\"a_;___b_22.pdf\"; filename*=UTF-8''a%22%3B%0D%0A%5Cb%2522.pdf"
        );
    }
}
