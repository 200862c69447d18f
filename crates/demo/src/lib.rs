//! Demonstration data: made-up people, made-up buildings and drawn photos, made by the same use cases as
//! everything else, so that all of it has its records.

mod people;
mod photos;
mod pictures;
mod player;
mod script;
mod stories;

use domain::{Actor, InspectionId, Role};
use people::{PASSWORD, Who};
use player::Player;
use service::{Clock, Store};
use uuid::Uuid;

/// A person of the demonstration, with what the sign-in page offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoPerson {
    /// The role.
    pub role: Role,
    /// The full name.
    pub name: String,
    /// The e-mail address with which they sign in.
    pub email: String,
    /// The password, which everybody knows.
    pub password: String,
}

/// Fills an empty database; `make_report` makes the report of an inspection at a time. The same day gives
/// the same data.
///
/// # Errors
/// A use case fails, or a story does not hold together.
pub async fn fill(
    store: &Store,
    clock: &Clock,
    make_report: impl AsyncFn(&Actor, InspectionId, Uuid, Clock) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let now = clock.now();
    let stories = stories::all();
    let moments = script::in_order(&stories, now);
    let mut player = Player::prepare(store, &stories, now).await?;
    for moment in &moments {
        player.play(moment, &make_report).await?;
    }
    // The stories say themselves which reports are made.
    store.drop_all_final_reports().await?;
    Ok(())
}

/// The people of the demonstration, one of each role, that the database holds.
///
/// # Errors
/// Where the database fails.
pub async fn people(store: &Store) -> anyhow::Result<Vec<DemoPerson>> {
    let mut people = Vec::new();
    for who in [Who::Ines, Who::Ruth, Who::Ada] {
        let (email, ..) = who.account();
        if let Some(user) = store.user_by_email(email).await? {
            let (password, role) = (PASSWORD.to_owned(), user.role);
            people.push(DemoPerson { role, name: user.name, email: user.email, password });
        }
    }
    Ok(people)
}
