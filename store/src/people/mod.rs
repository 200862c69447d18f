//! People: their accounts, their passwords, and their sessions.

mod password;
mod sessions;
mod sign_in;
mod throttle;
mod users;

pub use sign_in::{NewSession, SignIn, SignInRefused};
pub use users::{NewUser, User};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
