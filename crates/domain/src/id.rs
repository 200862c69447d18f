//! Identifiers, with a type for each kind of object so that they cannot be mixed up.

use serde::{Deserialize, Serialize};
use std::{fmt, num::ParseIntError, str::FromStr};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<$name> for i64 {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl FromStr for $name {
            type Err = ParseIntError;

            fn from_str(text: &str) -> Result<Self, ParseIntError> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// Id of a change. Ids increase, so a greater id is a later change of an inspection.
    ChangeId,
    /// Id of an inspection. Like all tracked objects, it has the id of the change that created it.
    InspectionId,
    /// Id of a section of an inspection; 0 before the change that creates it.
    SectionId,
    /// Id of a piece of equipment; 0 before the change that creates it.
    EquipmentId,
    /// Id of a photo; 0 before the change that creates it.
    PhotoId,
    /// Id of a stored report; 0 before the change that creates it.
    ReportId,
    /// Id of a user. It is never reused, even after the user is deleted.
    UserId,
    /// Id of a review, which covers one or more changes.
    ReviewId,
    /// Id of a comment on a change.
    CommentId,
    /// Id of a saved view.
    ViewId,
}
