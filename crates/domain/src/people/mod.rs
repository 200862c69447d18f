//! People and their organisation: accounts and roles.

mod account;
mod denied;
mod directory;
mod organisation;
mod person;

pub use account::{
    MAX_EMAIL_LENGTH, MAX_NAME_LENGTH, MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, check_email,
    check_name, check_password, normal_email,
};
pub use denied::Denied;
pub use directory::{Directory, Listed};
pub use organisation::{
    Logo, MAX_ADDRESS_LINES, MAX_ORGANISATION_ADDRESS_LENGTH, MAX_ORGANISATION_NAME_LENGTH,
    Organisation, check_organisation_address, check_organisation_name,
};
pub use person::{Actor, Person, Role, initials};
