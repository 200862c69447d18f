//! Accounts of the demonstration data of `serve --demo`.

use app::auth::DemoAccount;
use demo::DemoPerson;
use service::Store;

/// Returns the demonstration's accounts that the sign-in page offers.
///
/// # Errors
/// The database fails.
pub(crate) async fn demo_accounts(store: &Store) -> anyhow::Result<Vec<DemoAccount>> {
    let offered =
        |DemoPerson { role, name, email, password }| DemoAccount { role, name, email, password };
    Ok(demo::people(store).await?.into_iter().map(offered).collect())
}
