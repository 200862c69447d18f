//! The server function of the start page.

#[cfg(feature = "ssr")]
use crate::auth::{Caller, caller};
use crate::{error::AppError, wire::Compact};
use domain::view::StartPageData;
use leptos::prelude::*;

/// Loads the work that waits for the person who is signed in.
#[server(name = AskStartPageData, output = Compact, endpoint = "start_page_data")]
pub(super) async fn start_page_data() -> Result<StartPageData, AppError> {
    let Caller { store, actor, now } = caller()?;
    Ok(service::start::start_page_data(&store, &actor, now.date_naive()).await?)
}
