//! Hash chain of changes: each change has a SHA-256 over its content and over the hash of its
//! predecessor in the same inspection. Only this module defines the hashed text; `docs/record.md`
//! specifies it for people who check it with other tools.
//!
//! The first version of the encoding, [`VERSION`], is the UTF-8 text
//!
//! ```text
//! plumbline change 1
//! [PREVIOUS,NUMBER,ID,INSPECTION_ID,CREATED_AT,AUTHOR_ID,USER_NAME,REQUEST_ID,ORDINAL,ACTION,KIND,FIELDS,RELATED_MODEL,RELATED_STR,RELATED_DATA]
//! ```
//!
//! Its second line is canonical JSON by RFC 8785, without a line end. PREVIOUS is the hash of the
//! preceding change in lower-case hexadecimal, or `null` for the first change of an inspection;
//! CREATED_AT is in microseconds of UTC; REQUEST_ID is hyphenated and in lower case; FIELDS and
//! RELATED_DATA are the complete contents of those columns, including members that this version
//! does not know.
//!
//! The numbers in a record are integers of at most 2^53 - 1. JSON with any other number is refused,
//! because programs read such numbers differently. This also makes it unnecessary to format
//! fractions as JavaScript does.
//!
//! The column `user_id` is not hashed, because it becomes null when the user is deleted. The column
//! `author_id` is permanent and is hashed.

use crate::keys::hex;
use domain::change::{Change, Record};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use std::{
    cmp::Ordering,
    fmt::{self, Write},
    ops::Range,
    sync::Arc,
};
use uuid::Uuid;

/// First line of the hashed text, with the version of the encoding.
const VERSION: &str = "plumbline change 1\n";

/// Greatest integer that every program reads from JSON exactly: 2^53 - 1, by RFC 7493.
const GREATEST: u64 = (1 << 53) - 1;

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// Position of a change in its inspection's chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ChainLink {
    /// Its number, from 1.
    pub(crate) number: i64,
    /// Its hash.
    pub(crate) hash: Hash,
}

/// The hashed content of a change. Its JSON is canonical.
#[derive(Clone, Debug)]
pub(crate) struct ChainEntry<'a> {
    pub(crate) number: i64,
    pub(crate) id: i64,
    pub(crate) inspection_id: i64,
    pub(crate) created_at: i64,
    pub(crate) author_id: i64,
    pub(crate) user_name: &'a str,
    pub(crate) request_id: Uuid,
    pub(crate) ordinal: i64,
    pub(crate) action: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) fields: &'a str,
    pub(crate) related_model: Option<&'a str>,
    pub(crate) related_str: Option<&'a str>,
    pub(crate) related_data: &'a str,
}

impl ChainEntry<'_> {
    /// Returns the hash of the change, given the hash `previous` of its predecessor.
    pub(crate) fn hash(&self, previous: Option<&Hash>) -> Hash {
        Sha256::digest(self.text(previous)).into()
    }

    fn text(&self, previous: Option<&Hash>) -> String {
        let mut text = String::with_capacity(
            300 + self.fields.len() + self.related_data.len() + self.user_name.len(),
        );
        text.push_str(VERSION);
        text.push('[');
        match previous {
            Some(hash) => quote(&mut text, &hex(hash)),
            None => text.push_str("null"),
        }
        let Self { number, id, inspection_id, created_at, author_id, .. } = self;
        // Writing to a string cannot fail.
        let _ = write!(text, ",{number},{id},{inspection_id},{created_at},{author_id},");
        quote(&mut text, self.user_name);
        text.push_str(",\"");
        text.push_str(self.request_id.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
        let _ = write!(text, "\",{},", self.ordinal);
        quote(&mut text, self.action);
        text.push(',');
        quote(&mut text, self.kind);
        text.push(',');
        text.push_str(self.fields);
        for words in [self.related_model, self.related_str] {
            text.push(',');
            match words {
                Some(words) => quote(&mut text, words),
                None => text.push_str("null"),
            }
        }
        text.push(',');
        text.push_str(self.related_data);
        text.push(']');
        text
    }
}

/// A new change's link, and its payload in the form that was hashed.
pub(crate) struct HashedChange {
    pub(crate) link: ChainLink,
    pub(crate) said: Arc<CanonicalPayload>,
}

/// The JSON columns of a change in canonical form.
#[derive(Debug)]
pub(crate) struct CanonicalPayload {
    pub(crate) fields: Box<RawValue>,
    pub(crate) data: Box<RawValue>,
}

impl CanonicalPayload {
    fn of(record: &Record) -> Result<Self, serde_json::Error> {
        let canonical =
            |json: serde_json::Result<String>| RawValue::from_string(canonical(&json?)?);
        let fields = canonical(serde_json::to_string(&record.fields))?;
        let data = canonical(serde_json::to_string(&record.data))?;
        Ok(Self { fields, data })
    }
}

/// Hasher of new changes. It caches the canonical payload of the last record, because thousands of
/// changes in a row may have equal records, as when many inspections get the same status.
#[derive(Debug, Default)]
pub(crate) struct ChainHasher(Option<(Record, Arc<CanonicalPayload>)>);

impl ChainHasher {
    /// Hashes a change that follows `before` in its inspection.
    ///
    /// # Errors
    /// If the change has no author, or its record cannot be serialised. Neither occurs in practice.
    pub(crate) fn seal(
        &mut self,
        before: Option<ChainLink>,
        change: &Change,
    ) -> Result<HashedChange, serde_json::Error> {
        let author = change.user_id.ok_or_else(|| serde_json::Error::custom("nobody did this"))?;
        let record = &change.record;
        let model = record.related.as_ref().map(|related| related.model.to_string());
        let said = match &self.0 {
            Some((same, said)) if same == record => said.clone(),
            _ => {
                let said = Arc::new(CanonicalPayload::of(record)?);
                self.0 = Some((record.clone(), said.clone()));
                said
            }
        };
        let entry = ChainEntry {
            number: before.map_or(0, |before| before.number) + 1,
            id: change.id.0,
            inspection_id: change.inspection_id.0,
            created_at: change.created_at.timestamp_micros(),
            author_id: author.0,
            user_name: &change.user_name,
            request_id: change.request_id,
            ordinal: change.ordinal,
            action: record.action.slug(),
            kind: record.kind.slug(),
            fields: said.fields.get(),
            related_model: model.as_deref(),
            related_str: record.related.as_ref().map(|related| related.text.as_str()),
            related_data: said.data.get(),
        };
        let hash = entry.hash(before.as_ref().map(|before| &before.hash));
        Ok(HashedChange { link: ChainLink { number: entry.number, hash }, said })
    }
}

/// Returns the canonical form of a JSON text by RFC 8785.
///
/// # Errors
/// If it is not JSON; if an object in it names a member twice, because databases differ in which
/// one they return; or if it holds a number that is not an integer or is greater than 2^53 - 1.
pub(crate) fn canonical(json: &str) -> Result<String, serde_json::Error> {
    let mut text = String::with_capacity(json.len());
    let mut deserializer = serde_json::Deserializer::from_str(json);
    Canonical(&mut text).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(text)
}

/// Compares the names of two members of an object: by their UTF-16 code units, as RFC 8785
/// requires.
fn in_order(a: &str, b: &str) -> Ordering {
    match a.is_ascii() && b.is_ascii() {
        true => a.cmp(b),
        false => a.encode_utf16().cmp(b.encode_utf16()),
    }
}

/// Writes a string as JSON.
fn quote(text: &mut String, string: &str) {
    text.push('"');
    let mut rest = string;
    while let Some(at) = rest.bytes().position(|c| c < b' ' || c == b'"' || c == b'\\') {
        text.push_str(&rest[..at]);
        // The character found is one byte long.
        let escaped = match rest.as_bytes()[at] {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            0x08 => "\\b",
            0x0c => "\\f",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            other => {
                let _ = write!(text, "\\u{other:04x}");
                ""
            }
        };
        text.push_str(escaped);
        rest = &rest[at + 1..];
    }
    text.push_str(rest);
    text.push('"');
}

/// Serialiser of any deserialised value in its canonical form.
struct Canonical<'a>(&'a mut String);

impl<'de> DeserializeSeed<'de> for Canonical<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Canonical<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.push_str("null");
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.0.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<(), E> {
        if value.unsigned_abs() > GREATEST {
            return Err(E::custom(format!("{value} is too great for JSON")));
        }
        let _ = write!(self.0, "{value}");
        Ok(())
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<(), E> {
        if value > GREATEST {
            return Err(E::custom(format!("{value} is too great for JSON")));
        }
        let _ = write!(self.0, "{value}");
        Ok(())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<(), E> {
        // A whole number may be written with a point or an exponent. Zero has no sign.
        if value.fract() != 0.0 || value.abs() > GREATEST as f64 {
            return Err(E::custom(format!("{value} is not a whole number up to 2^53 - 1")));
        }
        let _ = write!(self.0, "{}", value as i64);
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        quote(self.0, value);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.0.push('[');
        let first = self.0.len();
        while items.next_element_seed(Element { text: &mut *self.0, first })?.is_some() {}
        self.0.push(']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let text = self.0;
        text.push('{');
        let first = text.len();
        let mut written: Vec<(String, Range<usize>)> = Vec::new();
        while let Some(name) = members.next_key::<String>()? {
            if !written.is_empty() {
                text.push(',');
            }
            let begin = text.len();
            quote(text, &name);
            text.push(':');
            members.next_value_seed(Canonical(&mut *text))?;
            written.push((name, begin..text.len()));
        }
        if !written.is_sorted_by(|(before, _), (after, _)| in_order(before, after).is_lt()) {
            written.sort_unstable_by(|(a, _), (b, _)| in_order(a, b));
            if let Some(twice) = written.windows(2).find(|pair| pair[0].0 == pair[1].0) {
                return Err(A::Error::custom(format!("`{}` is named twice", twice[0].0)));
            }
            let sorted: Vec<&str> = written.iter().map(|(_, at)| &text[at.clone()]).collect();
            let sorted = sorted.join(",");
            text.truncate(first);
            text.push_str(&sorted);
        }
        text.push('}');
        Ok(())
    }
}

/// One element of an array, after a comma unless it is the first.
struct Element<'a> {
    text: &'a mut String,
    first: usize,
}

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.text.len() > self.first {
            self.text.push(',');
        }
        Canonical(self.text).deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> ChainEntry<'static> {
        ChainEntry {
            number: 2,
            id: 7,
            inspection_id: 1,
            created_at: 1_772_438_400_123_456,
            author_id: 3,
            user_name: "Ida \"Ex\\ample\"",
            request_id: Uuid::from_u128(0x0198_c0de_0000_7000_8000_0000_0000_0001),
            ordinal: 1,
            action: "edit",
            kind: "edit",
            fields: r#"["client"]"#,
            related_model: None,
            related_str: None,
            related_data: r#"{"after":{"client":"B"},"before":{"client":"A"}}"#,
        }
    }

    #[test]
    fn the_text_is_the_one_that_is_documented() {
        let previous = [0xab; 32];
        let text = entry().text(Some(&previous));
        assert_eq!(
            text,
            format!(
                "plumbline change 1\n[\"{}\",2,7,1,1772438400123456,3,\"Ida \\\"Ex\\\\ample\\\"\",\
                 \"0198c0de-0000-7000-8000-000000000001\",1,\"edit\",\"edit\",[\"client\"],null,null,\
                 {{\"after\":{{\"client\":\"B\"}},\"before\":{{\"client\":\"A\"}}}}]",
                "ab".repeat(32)
            )
        );
        assert!(entry().text(None).contains("\n[null,2,"));
        // A different hash would make every existing record fail verification. Add a version
        // instead.
        assert_eq!(
            hex(entry().hash(None)),
            "96df8f62af2a7ccd27463b3d5114eff134d26df2cfab31a0314309f48ca8b906"
        );
    }

    #[test]
    fn canonical_json_says_the_same_in_one_way() {
        let canonical = |json| canonical(json).unwrap();
        assert_eq!(
            canonical(" { \"b\" : [ 1 , -2, true,null ] , \"a\":\"\\u0041\\/\\n\\u001f\" } "),
            "{\"a\":\"A/\\n\\u001f\",\"b\":[1,-2,true,null]}"
        );
        assert_eq!(canonical("[[],{},\"Größe\"]"), "[[],{},\"Größe\"]");
        assert_eq!(canonical("[9007199254740991,-9007199254740991]").len(), 36);
        assert_eq!(canonical("[1.0,1e3,-0,-0.0,12E1]"), "[1,1000,0,0,120]");
    }

    #[test]
    fn the_samples_of_rfc_8785_come_out_as_they_should() {
        let canonical = |json| canonical(json).unwrap();
        assert_eq!(
            canonical(
                r#"{ "numbers": [4.50e1, 2E+3], "string":
                    "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false] }"#
            ),
            r#"{"literals":[null,true,false],"numbers":[45,2000],"string":"€$\u000f\nA'B\"\\\\\"/"}"#
        );
        assert_eq!(
            canonical(
                r#"{ "\u20ac": 5, "\r": 1, "\ufb33": 7, "1": 2, "\ud83d\ude00": 6, "\u0080": 3, "\u00f6": 4 }"#
            ),
            "{\"\\r\":1,\"1\":2,\"\u{80}\":3,\"ö\":4,\"€\":5,\"😀\":6,\"\u{fb33}\":7}"
        );
    }

    #[test]
    fn what_has_two_readings_has_no_canonical_form() {
        for json in [
            "{\"a\":1,\"a\":1}",
            "{\"x\":{\"a\":1,\"\\u0061\":2}}",
            "{} {}",
            "{",
            "",
            "0.5",
            "1e400",
            "9007199254740992",
            "-9007199254740992",
            "18446744073709551616",
        ] {
            assert!(canonical(json).is_err(), "{json}");
        }
    }
}
