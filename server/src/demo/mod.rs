//! A demo to look round in: made-up people, made-up buildings and drawn photos, written through the
//! same door as everything else, so that every bit of it has its record.

mod people;
mod photos;
mod pictures;
mod player;
mod script;
mod stories;

use app::{auth::DemoAccount, reports::Renderer};
use people::{PASSWORD, Who};
use player::Player;
use store::{Clock, Store};

/// Fills an empty database. The same day gives the same demo.
///
/// # Errors
/// Where the store fails, or a story does not hold together.
pub async fn fill(store: &Store, renderer: &Renderer, clock: &Clock) -> anyhow::Result<()> {
    let now = clock.now();
    let stories = stories::all();
    let moments = script::in_order(&stories, now);
    let mut player = Player::prepare(store, renderer, &stories, now).await?;
    for moment in &moments {
        player.play(moment).await?;
    }
    Ok(())
}

/// The demo's accounts of each role that the database holds, for the sign-in page to offer.
///
/// # Errors
/// The database failed.
pub(crate) async fn accounts(store: &Store) -> Result<Vec<DemoAccount>, store::Error> {
    let mut accounts = Vec::new();
    for who in [Who::Ines, Who::Ruth, Who::Ada] {
        let (email, ..) = who.account();
        if let Some(user) = store.user_by_email(email).await? {
            let (password, role) = (PASSWORD.to_owned(), user.role);
            accounts.push(DemoAccount { role, name: user.name, email: user.email, password });
        }
    }
    Ok(accounts)
}
