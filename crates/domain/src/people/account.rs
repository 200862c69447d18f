//! Validation of account fields, on the server and in forms.

use crate::text::{normal_line, normal_password};

/// Maximum length of a person's name, in characters.
pub const MAX_NAME_LENGTH: usize = 100;
/// Maximum length of an e-mail address, in bytes (RFC 5321).
pub const MAX_EMAIL_LENGTH: usize = 254;
/// Minimum length of a password, in characters. Length is what makes a password hard to guess.
pub const MIN_PASSWORD_LENGTH: usize = 12;
/// Maximum length of a password, in bytes, so that hashing one cannot keep the server busy.
pub const MAX_PASSWORD_LENGTH: usize = 1024;

/// Checks a person's name and returns it in its [normal form](normal_line).
///
/// # Errors
/// A message that says what to do instead.
pub fn check_name(name: &str) -> Result<String, String> {
    let name = normal_line(name);
    if name.is_empty() {
        return Err("Enter their full name.".into());
    }
    if name.chars().count() > MAX_NAME_LENGTH {
        return Err(format!("Keep it to {MAX_NAME_LENGTH} characters."));
    }
    Ok(name)
}

/// Checks an e-mail address and returns it in the form used for comparison, trimmed and in lower
/// case.
///
/// # Errors
/// A message that says what to do instead.
pub fn check_email(email: &str) -> Result<String, String> {
    let email = normal_email(email);
    if email.is_empty() {
        return Err("Give an e-mail address.".into());
    }
    let plain =
        !email.chars().any(|c| c.is_whitespace() || c.is_control() || "<>(),;\"".contains(c));
    let parts = email.split_once('@').filter(|(name, host)| {
        let labels = host.split('.').all(|label| !label.is_empty());
        !name.is_empty() && labels && !host.contains('@')
    });
    if !plain || parts.is_none() || email.len() > MAX_EMAIL_LENGTH {
        return Err("This is not an e-mail address. Use one such as name@example.org.".into());
    }
    Ok(email)
}

/// Returns an e-mail address in the form used for comparison: [normalised](normal_line) and in
/// lower case.
pub fn normal_email(email: &str) -> String {
    normal_line(email).to_lowercase()
}

/// Checks a new password.
///
/// # Errors
/// A sentence that says what to do instead.
pub fn check_password(password: &str) -> Result<(), String> {
    let password = normal_password(password);
    if password.chars().count() < MIN_PASSWORD_LENGTH {
        return Err(format!(
            "Use at least {MIN_PASSWORD_LENGTH} characters; a few words in a row do well."
        ));
    }
    if password.len() > MAX_PASSWORD_LENGTH {
        return Err(format!("Keep it to {MAX_PASSWORD_LENGTH} characters."));
    }
    let mut kinds: Vec<char> = password.chars().collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.len() < 5 {
        return Err("Too easy to guess. Use a few unrelated words.".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_trimmed_and_in_lower_case() {
        assert_eq!(check_email(" Ada@Example.ORG ").as_deref(), Ok("ada@example.org"));
        for wrong in ["", "ada", "@example.org", "ada@", "ada@example..org", "a@b@c", "a b@c.de"] {
            assert!(check_email(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn names_keep_single_spaces() {
        assert_eq!(check_name("  Ada   Quill ").as_deref(), Ok("Ada Quill"));
        assert!(check_name(" \t ").is_err());
        assert!(check_name("\u{200b}").is_err());
        assert!(check_name(&"a".repeat(101)).is_err());
    }

    #[test]
    fn passwords_are_long_and_not_all_alike() {
        assert_eq!(check_password("plumb-the-depths"), Ok(()));
        assert!(check_password("short").is_err());
        assert!(check_password("aaaaaaaaaaaaaaaa").is_err());
        assert!(check_password(&"abcdef".repeat(200)).is_err());
    }
}
