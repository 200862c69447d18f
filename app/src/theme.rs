//! Light or dark: as the system has it, unless the person chose.

use crate::{cookie, error::AppError, ui::Icon, wire::Compact};
use icondata_core::Icon as IconData;
use leptos::{prelude::*, server_fn::ServerFn};
use serde::{Deserialize, Serialize};

/// Which set of colours to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Ink on paper.
    Light,
    /// Chalk on slate.
    Dark,
}

impl Theme {
    const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// What stands in the cookie and in `data-theme`; nothing where the system decides.
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

    const fn words(self) -> (&'static str, &'static str, IconData) {
        match self {
            Self::System => ("system", "System", icondata_lu::LuMonitor),
            Self::Light => ("light", "Light", icondata_lu::LuSun),
            Self::Dark => ("dark", "Dark", icondata_lu::LuMoon),
        }
    }

    /// The cookie that remembers it.
    const fn cookie(self) -> &'static str {
        match self {
            Self::Dark => "theme=dark; Path=/; Max-Age=31536000; SameSite=Lax",
            Self::Light => "theme=light; Path=/; Max-Age=31536000; SameSite=Lax",
            Self::System => "theme=; Path=/; Max-Age=0; SameSite=Lax",
        }
    }
}

/// The theme of the page: from the request's cookie on the server, and in the browser from what the
/// server wrote, so that both agree.
pub fn current() -> Theme {
    #[cfg(feature = "ssr")]
    let name = cookie::current("theme");
    #[cfg(not(feature = "ssr"))]
    let name = document().document_element().and_then(|root| root.get_attribute("data-theme"));
    name.map(|name| Theme::from_attribute(&name)).unwrap_or_default()
}

/// Remembers the theme in a cookie.
#[server(output = Compact)]
pub async fn set_theme(
    /// The one to remember.
    theme: Theme,
) -> Result<(), AppError> {
    server::remember(theme);
    Ok(())
}

/// Three buttons: System, Light, Dark. A plain form; with JavaScript the page changes at once.
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
