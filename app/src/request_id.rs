//! The ids of requests: all that one press of a button does bears the same one, and a request that
//! is sent again with the id it had is not performed twice.

use uuid::Uuid;

/// A new request id.
pub fn new() -> Uuid {
    Uuid::now_v7()
}
