//! Message on pages made for browsers that run scripts.

#[cfg(feature = "ssr")]
use crate::auth::PagePerson;
use crate::{auth::page_person, error::AppError, scripts, wire::Compact};
use leptos::prelude::*;

/// Deletes the cookie, for a browser whose scripts were turned off meanwhile.
#[server(output = Compact, endpoint = "forget_scripts")]
pub async fn forget_scripts() -> Result<(), AppError> {
    use http::{HeaderValue, header};
    let cookie = HeaderValue::from_static(scripts::FORGET);
    expect_context::<leptos_axum::ResponseOptions>().append_header(header::SET_COOKIE, cookie);
    Ok(())
}

/// Message on a signed-in person's page made for a browser that runs scripts, shown if it no longer
/// does, with a button that loads the page for browsers without scripts.
#[component]
pub(super) fn WithoutScripts() -> impl IntoView {
    #[cfg(feature = "ssr")]
    let message = without_scripts;
    // The browser takes over the content as it is.
    #[cfg(not(feature = "ssr"))]
    let message = String::new;
    let is_shown = scripts::are_known() && page_person().is_some();
    is_shown.then(|| view! { <noscript inner_html=message()></noscript> })
}

#[cfg(feature = "ssr")]
fn without_scripts() -> String {
    use leptos::server_fn::ServerFn;
    view! {
        <form method="post" class="note" action=ForgetScripts::url()>
            <PagePerson/>
            <p>"Parts of this page are loaded by scripts, which your browser does not run now."</p>
            <button class="button button-secondary">"Show the whole page"</button>
        </form>
    }
    .to_html()
}
