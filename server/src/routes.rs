//! Which address leads where.

use crate::{
    account, changes, connections::require_progress, inspections, live,
    logging::keep_spans_in_pages, middleware as layers, pages, people, photos, reports, set_up,
    sign_in, state::AppState,
};
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    middleware,
    routing::{get, post},
};
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list};
use std::{sync::LazyLock, time::Duration};
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, limit::RequestBodyLimitLayer,
};

/// The most that a form or a server function may be sent. Photos have a limit of their own.
pub(crate) const LARGEST_FORM: usize = 1024 * 1024;

/// How long the database may take to answer whether it is there.
const HEALTHY: Duration = Duration::from_secs(3);

/// The pages' addresses, collected once in a process: while Leptos does so, nothing that a page reads
/// is ever answered, in any thread, so a page rendered meanwhile would never end.
static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(app::App));

/// Everything that answers over HTTP.
pub fn router(state: AppState) -> Router {
    keep_spans_in_pages();
    let files = state.site.routes();
    let forms = forms_and_pages(&state)
        // No page holds a secret that the length of what is sent could betray: the session is a cookie.
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(layers::finish))
        .layer(RequestBodyLimitLayer::new(LARGEST_FORM));
    let private = Router::new()
        .merge(changes::routes())
        .merge(live::routes())
        .merge(photos::routes())
        .merge(reports::routes())
        .with_state(state.clone())
        .fallback_service(forms)
        .layer(middleware::from_fn_with_state(state.clone(), layers::refuse_other_person))
        .layer(middleware::from_fn(layers::ask_to_sign_in))
        .layer(middleware::from_fn_with_state(state.clone(), layers::attach_session));

    // The last is the outermost.
    Router::new()
        .route("/healthz", get(health).with_state(state.clone()))
        .merge(files)
        .fallback_service(private)
        .layer(middleware::from_fn_with_state(state.clone(), layers::refuse_other_sites))
        .layer(middleware::from_fn_with_state(state.clone(), layers::note_address))
        .layer(CatchPanicLayer::custom(layers::after_panic))
        .layer(middleware::from_fn(require_progress))
        .layer(middleware::from_fn_with_state(state.clone(), layers::protect))
        .layer(middleware::from_fn_with_state(state, layers::trace))
}

/// Whether requests can be served: the database answers.
async fn health(State(state): State<AppState>) -> (StatusCode, &'static str) {
    match tokio::time::timeout(HEALTHY, state.store.ping()).await {
        Ok(Ok(())) => return (StatusCode::OK, "ok\n"),
        Ok(Err(error)) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the database is silent");
        }
        Err(_) => tracing::error!("the database took a connection and is silent"),
    }
    (StatusCode::SERVICE_UNAVAILABLE, "The database does not answer.\n")
}

fn forms_and_pages(state: &AppState) -> Router {
    let context = {
        let state = state.clone();
        move || pages::provide(&state)
    };
    let options = state.leptos.clone();
    let shell = move || app::shell(options.clone());
    Router::new()
        .leptos_routes_with_context(state, PAGES.clone(), context, shell)
        .route("/login", post(sign_in::sign_in))
        .route("/setup", post(set_up::set_up))
        .route("/account", post(account::change_password))
        .merge(changes::forms())
        .merge(inspections::routes())
        .merge(people::routes())
        .fallback(pages::not_found)
        .with_state(state.clone())
}
