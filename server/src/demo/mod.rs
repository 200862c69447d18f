//! A demo to look round in: made-up people, made-up buildings and drawn photos, written through the
//! same door as everything else, so that every bit of it has its record.

mod people;
mod photos;
mod pictures;
mod player;
mod script;
mod stories;

use app::reports::Renderer;
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
