//! `/users`: who may sign in, for admins.

use crate::ui::Page;
use leptos::prelude::*;

/// `/users`.
#[component]
pub fn UsersPage() -> impl IntoView {
    view! { <Page title="Users"><p></p></Page> }
}
