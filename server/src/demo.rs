//! The demonstration data of `serve --demo`.

use app::{
    auth::DemoAccount,
    reports::{Maker, Renderer},
};
use demo::DemoPerson;
use service::{Clock, Store};

/// Fills an empty database with the demonstration data.
///
/// # Errors
/// A use case fails, or a report cannot be made.
pub async fn fill(store: &Store, renderer: &Renderer, clock: &Clock) -> anyhow::Result<()> {
    demo::fill(store, clock, async |actor, id, request, clock| {
        let maker = Maker { store, renderer, clock };
        maker.make(actor, (id, None), request).await?;
        Ok(())
    })
    .await
}

/// The demonstration's accounts that the sign-in page offers.
pub(crate) async fn accounts(store: &Store) -> anyhow::Result<Vec<DemoAccount>> {
    let offered =
        |DemoPerson { role, name, email, password }| DemoAccount { role, name, email, password };
    Ok(demo::people(store).await?.into_iter().map(offered).collect())
}
