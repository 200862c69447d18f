//! People: their accounts, their passwords, and their sessions.

mod password;
mod sessions;
mod set_up;
mod sign_in;
mod throttle;
mod users;

pub use sessions::{MAX_SESSION, SessionKey};
pub use set_up::SetUpLink;
pub use sign_in::{NewSession, SignIn, SignInRefused};
pub use users::{NewUser, User};
