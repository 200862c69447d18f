//! Signed texts: lines of a word and a value each, the last of which names the key, an empty line, and
//! the signature.

use super::{CheckpointError, PublicKey, Signer};
use crate::keys::{bytes, hex};
use std::str::Split;

/// Signs a text of lines, each ended by a line feed.
pub(super) fn sign(text: &str, signer: &Signer) -> String {
    format!("{text}\nsignature {}\n", hex(&signer.sign(text)))
}

/// Reads a signed text line by line.
pub(super) struct Reader<'a> {
    name: &'a str,
    text: &'a str,
    signature: &'a str,
    lines: Split<'a, char>,
}

impl<'a> Reader<'a> {
    /// Begins with a text in a file called `name`, whose first line has to be `version`.
    pub(super) fn begin(
        name: &'a str,
        signed: &'a str,
        version: &str,
    ) -> Result<Self, CheckpointError> {
        let Some((text, signature)) = signed.split_once("\n\nsignature ") else {
            return Err(damaged(name, "it has no signature"));
        };
        let mut lines = text.split('\n');
        if lines.next() != Some(version) {
            return Err(damaged(name, &format!("its first line is not `{version}`")));
        }
        Ok(Self { name, text, signature, lines })
    }

    /// The value of the next line, which begins with `word`.
    pub(super) fn line<T>(
        &mut self,
        word: &str,
        read: impl FnOnce(&'a str) -> Option<T>,
    ) -> Result<T, CheckpointError> {
        let value = self.lines.next().and_then(|line| line.strip_prefix(word)?.strip_prefix(' '));
        let value =
            value.ok_or_else(|| damaged(self.name, &format!("its line `{word}` is missing")))?;
        read(value).ok_or_else(|| self.unread(word))
    }

    /// Reads the line of the key and checks the signature. `text` is the text that was read, so that
    /// nothing else can stand in it.
    pub(super) fn end(mut self, text: &str, key: &PublicKey) -> Result<(), CheckpointError> {
        let signed_by = self.line("key", Some)?;
        let name = self.name.to_owned();
        if signed_by != key.id() {
            let (key, expected) = (signed_by.to_owned(), key.id());
            return Err(CheckpointError::OtherKey { name, key, expected });
        }
        let signature = self.signature.strip_suffix('\n').and_then(bytes);
        let signature = signature.ok_or_else(|| self.unread("signature"))?;
        let is_all = text.strip_suffix('\n') == Some(self.text);
        match is_all && key.verifies(text, &signature) {
            true => Ok(()),
            false => Err(CheckpointError::Forged { name }),
        }
    }

    fn unread(&self, word: &str) -> CheckpointError {
        damaged(self.name, &format!("its line `{word}` cannot be read"))
    }
}

fn damaged(name: &str, problem: &str) -> CheckpointError {
    CheckpointError::Damaged { name: name.to_owned(), problem: problem.to_owned() }
}
