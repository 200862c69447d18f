//! Request ids. All requests of one button press have the same id, and the server performs a
//! request sent again with the same id only once.

use uuid::Uuid;

/// Creates a request id.
pub fn new() -> Uuid {
    Uuid::now_v7()
}
