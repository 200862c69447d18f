//! Demonstration data: fictitious people and buildings with drawn photos. The data is created through the
//! same use cases as real data, so that every change is recorded.

mod people;
mod photos;
mod pictures;
mod player;
mod script;
mod stories;

use domain::people::Role;
use people::{PASSWORD, Who};
use player::Player;
use service::{Clock, Store, reports::Renderer};

/// Person of the demonstration, as listed on the sign-in page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoPerson {
    /// Role.
    pub role: Role,
    /// Full name.
    pub name: String,
    /// E-mail address for signing in.
    pub email: String,
    /// Password, which is public.
    pub password: String,
}

/// Fills an empty database; the renderer makes the reports. On the same day it always creates the same
/// data.
///
/// # Errors
/// A use case fails, or a story is inconsistent.
pub async fn fill(store: &Store, renderer: &Renderer, clock: &Clock) -> anyhow::Result<()> {
    let now = clock.now();
    let stories = stories::all();
    let moments = script::in_order(&stories, now);
    let mut player = Player::prepare(store, renderer, &stories, now).await?;
    for moment in &moments {
        player.play(moment).await?;
    }
    // The stories specify which reports exist.
    store.drop_all_final_reports().await?;
    Ok(())
}

/// Returns one person of each role, as far as they exist in the database.
///
/// # Errors
/// The database fails.
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
