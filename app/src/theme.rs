//! Light and dark theme: the system's choice, unless the person chose one.

use crate::{
    cookie,
    error::AppError,
    ui::{Icon, IconName, icons},
    wire::Compact,
};
use leptos::{prelude::*, server_fn::ServerFn};
use serde::{Deserialize, Serialize};

/// Colour theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// System setting.
    #[default]
    System,
    /// Light theme.
    Light,
    /// Dark theme.
    Dark,
}

impl Theme {
    const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// Returns the value of the cookie and of `data-theme`; `None` for the system setting.
    pub const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    fn from_attribute(name: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.attribute() == Some(name)).unwrap_or_default()
    }

    const fn words(self) -> (&'static str, &'static str, IconName) {
        match self {
            Self::System => ("system", "System", icons::MONITOR),
            Self::Light => ("light", "Light", icons::SUN),
            Self::Dark => ("dark", "Dark", icons::MOON),
        }
    }

    /// Returns the cookie that stores the theme.
    const fn cookie(self) -> &'static str {
        match self {
            Self::Dark => "theme=dark; Path=/; Max-Age=31536000; SameSite=Lax",
            Self::Light => "theme=light; Path=/; Max-Age=31536000; SameSite=Lax",
            Self::System => "theme=; Path=/; Max-Age=0; SameSite=Lax",
        }
    }
}

/// Returns the page's theme: from the request's cookie on the server; in the browser from the
/// server's markup, so that both agree.
pub fn current() -> Theme {
    #[cfg(feature = "ssr")]
    let name = cookie::current("theme");
    #[cfg(not(feature = "ssr"))]
    let name = document().document_element().and_then(|root| root.get_attribute("data-theme"));
    name.map(|name| Theme::from_attribute(&name)).unwrap_or_default()
}

/// Stores the theme in a cookie.
#[server(output = Compact, endpoint = "set_theme")]
pub async fn set_theme(
    /// Theme to store.
    theme: Theme,
) -> Result<(), AppError> {
    server::remember(theme);
    Ok(())
}

/// Buttons for System, Light and Dark. It is a plain form; with JavaScript the page changes at
/// once.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let chosen = RwSignal::new(current());
    let buttons = Theme::ALL
        .into_iter()
        .map(|theme| {
            let (value, words, icon) = theme.words();
            view! {
                <button
                    type="submit"
                    class="segment"
                    name="theme"
                    value=value
                    aria-pressed=move || if chosen.get() == theme { "true" } else { "false" }
                    on:click=move |event| {
                        event.prevent_default();
                        chosen.set(theme);
                        show(theme);
                    }
                >
                    <Icon icon/>
                    {words}
                </button>
            }
        })
        .collect_view();
    view! {
        <form method="post" action=SetTheme::url()>
            <fieldset class="segments">
                <legend>"Theme"</legend>
                {buttons}
            </fieldset>
        </form>
    }
}

fn show(theme: Theme) {
    let Some(root) = document().document_element() else { return };
    drop(match theme.attribute() {
        Some(name) => root.set_attribute("data-theme", name),
        None => root.remove_attribute("data-theme"),
    });
    cookie::write(theme.cookie());
}

#[cfg(feature = "ssr")]
mod server {
    use super::Theme;
    use http::{HeaderValue, header};
    use leptos::prelude::expect_context;
    use leptos_axum::ResponseOptions;

    pub(super) fn remember(theme: Theme) {
        expect_context::<ResponseOptions>()
            .append_header(header::SET_COOKIE, HeaderValue::from_static(theme.cookie()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_theme_is_the_systems() {
        assert_eq!(Theme::from_attribute("dark"), Theme::Dark);
        assert_eq!(Theme::from_attribute("\"><script>"), Theme::System);
    }
}
