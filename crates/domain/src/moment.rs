//! Serialization of timestamps: RFC 3339 in human-readable formats, otherwise microseconds since
//! 1970.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

pub(crate) fn serialize<S: Serializer>(at: &DateTime<Utc>, to: S) -> Result<S::Ok, S::Error> {
    match to.is_human_readable() {
        true => at.serialize(to),
        false => at.timestamp_micros().serialize(to),
    }
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<DateTime<Utc>, D::Error> {
    if from.is_human_readable() {
        return DateTime::deserialize(from);
    }
    let micros = i64::deserialize(from)?;
    DateTime::from_timestamp_micros(micros).ok_or_else(|| D::Error::custom("no moment"))
}
