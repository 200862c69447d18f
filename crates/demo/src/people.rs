//! People of the demo. All are fictitious, and none can receive mail, because example.org is reserved.

use domain::people::Role;

/// Password of every demo account.
pub(super) const PASSWORD: &str = "plumb-the-depths";

/// Person of the demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    /// Signs in as `inspector@example.org`.
    Ines,
    /// Signs in as `reviewer@example.org`.
    Ruth,
    /// Signs in as `admin@example.org`.
    Ada,
    /// Another inspector.
    Theo,
    /// Another inspector.
    Mira,
    /// Another reviewer.
    Owen,
}

impl Who {
    /// All people, in the order in which their accounts are created.
    pub(super) const ALL: [Self; 6] =
        [Self::Ines, Self::Ruth, Self::Ada, Self::Theo, Self::Mira, Self::Owen];

    /// Returns e-mail address, name and role.
    pub(super) const fn account(self) -> (&'static str, &'static str, Role) {
        match self {
            Self::Ines => ("inspector@example.org", "Ines Lintel", Role::Inspector),
            Self::Ruth => ("reviewer@example.org", "Ruth Keystone", Role::Reviewer),
            Self::Ada => ("admin@example.org", "Ada Mortar", Role::Admin),
            Self::Theo => ("theo@example.org", "Theo Gable", Role::Inspector),
            Self::Mira => ("mira@example.org", "Mira Joist", Role::Inspector),
            Self::Owen => ("owen@example.org", "Owen Sill", Role::Reviewer),
        }
    }
}
