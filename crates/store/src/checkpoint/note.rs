//! Signed notes in the format of <https://c2sp.org/signed-note>: a text, an empty line, and a line
//! for each signature. Tools of other projects sign and verify the same format, so a note may have
//! signatures of witnesses as well.

use super::CheckpointError;
use base64::{Engine, prelude::BASE64_STANDARD};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// Start of a signature's line.
const DASH: &str = "\u{2014} ";

/// The signature type of Ed25519.
pub(super) const ED25519: u8 = 1;

/// Maximum number of signatures that are read.
const MAX_SIGNATURES: usize = 100;

/// Length of a key's id, in bytes.
const ID: usize = 4;

/// Returns the id of an Ed25519 key with a name.
pub(super) fn key_id(name: &str, key: &VerifyingKey) -> [u8; ID] {
    let hash = Sha256::new_with_prefix(name)
        .chain_update([b'\n', ED25519])
        .chain_update(key.as_bytes())
        .finalize();
    [hash[0], hash[1], hash[2], hash[3]]
}

/// Signs a text, whose lines each end with a line feed, with a named key.
pub(super) fn sign(text: &str, name: &str, key: &SigningKey) -> String {
    let id = key_id(name, &key.verifying_key());
    let signature = [&id[..], &key.sign(text.as_bytes()).to_bytes()].concat();
    format!("{text}\n{DASH}{name} {}\n", BASE64_STANDARD.encode(signature))
}

/// Returns the text of a note in a file called `file`, if the key with this name signed it. Other
/// signatures are ignored.
///
/// # Errors
/// [`CheckpointError::Damaged`], [`CheckpointError::OtherKey`], [`CheckpointError::Forged`].
pub(super) fn open<'a>(
    file: &str,
    note: &'a str,
    name: &str,
    key: &VerifyingKey,
) -> Result<&'a str, CheckpointError> {
    let at = note.rfind("\n\n").ok_or_else(|| damaged(file, "it has no signature"))?;
    let (text, signatures) = (&note[..=at], &note[at + 2..]);
    if note.contains(|c: char| c < ' ' && c != '\n') {
        return Err(damaged(file, "it has a control character"));
    }
    let signatures = signatures.strip_suffix('\n');
    let signatures = signatures.ok_or_else(|| damaged(file, "its last line is cut off"))?;
    let read: Option<Vec<_>> = signatures.split('\n').take(MAX_SIGNATURES).map(read).collect();
    let read = read.ok_or_else(|| damaged(file, "a signature cannot be read"))?;
    let ours = (name, key_id(name, key));
    if let Some((.., signature)) = read.iter().find(|(name, id, _)| (*name, *id) == ours) {
        let signature = Signature::from_slice(signature);
        let is_valid = signature.is_ok_and(|it| key.verify_strict(text.as_bytes(), &it).is_ok());
        return match is_valid {
            true => Ok(text),
            false => Err(CheckpointError::Forged { name: file.to_owned() }),
        };
    }
    Err(CheckpointError::OtherKey {
        name: file.to_owned(),
        key: read.first().map_or("", |(name, ..)| name).to_owned(),
        expected: name.to_owned(),
    })
}

/// Parses a signature's line into the name and the id of its key, and the signature.
fn read(line: &str) -> Option<(&str, [u8; ID], Vec<u8>)> {
    let (name, signature) = line.strip_prefix(DASH)?.split_once(' ')?;
    if name.is_empty() || name.contains(|c: char| c == '+' || c.is_whitespace()) {
        return None;
    }
    let signature = BASE64_STANDARD.decode(signature).ok()?;
    let (id, signature) = signature.split_first_chunk()?;
    (!signature.is_empty()).then(|| (name, *id, signature.to_vec()))
}

/// Parser of the lines of a signed text.
pub(super) struct Lines<'a> {
    file: &'a str,
    lines: std::str::Split<'a, char>,
}

impl<'a> Lines<'a> {
    /// Creates a parser for the text of a note in a file called `file`.
    pub(super) fn of(file: &'a str, text: &'a str) -> Self {
        let text = text.strip_suffix('\n').unwrap_or(text);
        Self { file, lines: text.split('\n') }
    }

    /// Parses the next line. `what` names it in the error if it is missing or malformed.
    pub(super) fn line<T>(
        &mut self,
        what: &str,
        read: impl FnOnce(&'a str) -> Option<T>,
    ) -> Result<T, CheckpointError> {
        let line = self.lines.next();
        let line =
            line.ok_or_else(|| damaged(self.file, &format!("its line `{what}` is missing")))?;
        read(line).ok_or_else(|| damaged(self.file, &format!("its line `{what}` cannot be read")))
    }

    /// Parses the value of the next line, which begins with `word`.
    pub(super) fn value<T>(
        &mut self,
        word: &str,
        read: impl FnOnce(&'a str) -> Option<T>,
    ) -> Result<T, CheckpointError> {
        self.line(word, |line| read(line.strip_prefix(word)?.strip_prefix(' ')?))
    }

    /// Parses all remaining lines.
    pub(super) fn rest<T>(
        self,
        what: &str,
        read: impl Fn(&'a str) -> Option<T>,
    ) -> Result<Vec<T>, CheckpointError> {
        let file = self.file;
        let rest: Option<Vec<T>> = self.lines.map(read).collect();
        rest.ok_or_else(|| damaged(file, &format!("{what} cannot be read")))
    }

    /// Refuses further lines.
    pub(super) fn end(mut self) -> Result<(), CheckpointError> {
        match self.lines.next() {
            None => Ok(()),
            Some(_) => Err(damaged(self.file, "it has more lines than it should")),
        }
    }
}

/// Parses an integer in decimal digits without superfluous ones.
pub(super) fn decimal<T: std::str::FromStr + ToString>(text: &str) -> Option<T> {
    text.parse().ok().filter(|number: &T| number.to_string() == text)
}

/// Decodes a hash in base64.
pub(super) fn hash(text: &str) -> Option<crate::Hash> {
    BASE64_STANDARD.decode(text).ok()?.try_into().ok()
}

/// Encodes bytes in base64.
pub(super) fn base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

/// Decodes base64.
pub(super) fn unbase64(text: &str) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(text).ok()
}

pub(super) fn damaged(file: &str, problem: &str) -> CheckpointError {
    CheckpointError::Damaged { name: file.to_owned(), problem: problem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A note by Go's `golang.org/x/mod/sumdb/note`, from its tests.
    const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
         then you don't know what your problem is.\n\n\
         — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    const KEY: &str = "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const NAME: &str = "PeterNeumann";

    fn key() -> VerifyingKey {
        let key = unbase64(KEY).unwrap();
        VerifyingKey::from_bytes(key[1..].try_into().unwrap()).unwrap()
    }

    fn opened(note: &str) -> Result<&str, CheckpointError> {
        open("a", note, NAME, &key())
    }

    #[test]
    fn a_note_that_others_signed_is_read() {
        assert_eq!(crate::keys::hex(key_id(NAME, &key())), "c74f20a3");
        assert_eq!(opened(NOTE).unwrap().lines().count(), 2);
        let altered = opened(&NOTE.replace("answer", "cause")).map(str::len);
        assert!(matches!(altered, Err(CheckpointError::Forged { .. })), "{altered:?}");
    }

    #[test]
    fn signatures_by_others_are_ignored() {
        let signer = SigningKey::from_bytes(&[7; 32]);
        let (text, ours) = NOTE.split_once("\n\n").unwrap();
        let theirs = sign(&format!("{text}\n"), "witness.example/w1", &signer);
        let theirs = theirs.split_once("\n\n").unwrap().1;
        for both in [format!("{theirs}{ours}"), format!("{ours}{theirs}")] {
            let note = format!("{text}\n\n{both}");
            assert!(opened(&note).is_ok(), "{note}");
            let key = signer.verifying_key();
            assert!(open("a", &note, "witness.example/w1", &key).is_ok(), "{note}");
            let unnamed = open("a", &note, "witness.example/w2", &key);
            assert!(matches!(unnamed, Err(CheckpointError::OtherKey { .. })), "{unnamed:?}");
        }
        let only_theirs = format!("{text}\n\n{theirs}");
        let other = opened(&only_theirs);
        assert!(matches!(other, Err(CheckpointError::OtherKey { .. })), "{other:?}");
    }

    #[test]
    fn a_note_is_refused_where_the_format_does() {
        for note in [
            NOTE.trim_end().to_owned(),
            NOTE.replace("\n\n", "\n"),
            NOTE.replace("— ", "- "),
            NOTE.replace("= ", "=\r"),
            format!("{NOTE}\n"),
            format!("{NOTE}more\n"),
            NOTE.replace("you", "\u{1}"),
            NOTE.replace("nAM=", "nAN="),
        ] {
            if note != NOTE {
                assert!(opened(&note).is_err(), "{note}");
            }
        }
    }
}
