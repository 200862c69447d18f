//! The HTML document around the application.

use crate::{App, code::FetchCode, csp, position::KeepPosition, theme};
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags};

/// The document: made anew for each request, with the person's theme already in it.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    csp::protect_page();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme::current().attribute()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="description" content="Building inspections, with a record of every change."/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link
                    rel="preload"
                    href="/fonts/inter-latin.woff2"
                    r#as="font"
                    r#type="font/woff2"
                    crossorigin="anonymous"
                />
                <HashedStylesheet options=options.clone() id="plumbline"/>
                <KeepPosition/>
                <FetchCode options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
