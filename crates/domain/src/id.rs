//! Identifiers, one type for each kind of thing so that they cannot be mixed up.

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
    /// A change. Ids grow with every change, so a greater id is a later change of an inspection.
    ChangeId,
    /// An inspection. Like every tracked thing it bears the id of the change that made it.
    InspectionId,
    /// A section of an inspection; 0 in a draft that no change has made yet.
    SectionId,
    /// A piece of equipment; 0 in a draft that no change has made yet.
    EquipmentId,
    /// A photo; 0 in a draft that no change has made yet.
    PhotoId,
    /// A kept report; 0 in a draft that no change has made yet.
    ReportId,
    /// A user. Never used again once its user is deleted.
    UserId,
    /// A review: what one reviewer said at once about one or many changes.
    ReviewId,
    /// A comment on a change.
    CommentId,
    /// A saved view.
    ViewId,
}
