//! Routes of the server.

use crate::{
    account, changes, connections::require_progress, inspections, live_stream,
    logging::keep_spans_in_pages, middleware as layers, organisation, pages, people, photos,
    reports, set_up, sign_in, state::AppState,
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

/// Timeout of the database in a health check.
const HEALTHY: Duration = Duration::from_secs(3);

/// Page routes, collected once per process. While Leptos collects them, resources never resolve in
/// any thread, so a page rendered at the same time would never finish.
static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(app::App));

/// Builds the router of all HTTP responses.
pub fn router(state: AppState) -> Router {
    keep_spans_in_pages();
    let files = state.site.routes();
    let forms = forms_and_pages(&state)
        // Compression is safe, because no page contains a secret that its size could reveal: the
        // session is a cookie.
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(state.store.clone(), layers::finish))
        .layer(RequestBodyLimitLayer::new(layers::MAX_FORM_BYTES));
    let private = Router::new()
        .merge(changes::routes())
        .merge(live_stream::routes())
        .merge(photos::routes())
        .merge(reports::routes())
        .merge(organisation::routes(forms.clone()))
        .with_state(state.clone())
        .fallback_service(forms)
        .layer(middleware::from_fn_with_state(state.clone(), layers::refuse_other_person))
        .layer(middleware::from_fn(layers::ask_to_sign_in))
        .layer(middleware::from_fn_with_state(state.clone(), layers::attach_session));

    // The last layer is the outermost.
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

/// Returns whether requests can be served: the database must respond.
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
