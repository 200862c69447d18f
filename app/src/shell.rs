//! HTML document around the application.

use crate::{
    App,
    auth::{RefusedForm, page_person},
    code::FetchCode,
    csp,
    position::KeepPosition,
    scripts, theme,
    wire::EDITION,
};
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags};

/// Renders the document for each request, with the person's theme already set.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    csp::protect_page();
    let has_scripts = use_context::<RefusedForm>().is_none();
    view! {
        <!DOCTYPE html>
        <html
            lang="en"
            data-theme=theme::current().attribute()
            data-edition=EDITION
            data-scripts=scripts::are_known().then_some("")
            data-page-person=page_person().map(|person| person.to_string())
        >
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
                {has_scripts.then(|| view! { <FetchCode options/> })}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
