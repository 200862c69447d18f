//! JSON text.

use crate::Error;
use serde::Serialize;

/// Serializes a value as JSON.
pub(crate) fn to_json(value: &(impl Serialize + ?Sized)) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Database(sqlx::Error::Encode(error.into())))
}
