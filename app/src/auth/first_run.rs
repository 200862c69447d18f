//! Additions to the sign-in page on a new or demo server: the demo accounts, or instructions for
//! the first account.

use crate::ui::Button;
use domain::people::Role;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Data for the sign-in page of a new server, or of one started with `--demo`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstRun {
    /// Whether there are no accounts, so that the first must be made through the set-up link.
    pub needs_set_up: bool,
    /// Demo accounts; empty without `--demo`.
    pub demo: Vec<DemoAccount>,
}

/// Demo account, whose password is public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoAccount {
    /// Role.
    pub role: Role,
    /// Full name.
    pub name: String,
    /// E-mail address for signing in.
    pub email: String,
    /// Password.
    pub password: String,
}

/// List of the demo accounts, each a button that signs in.
#[component]
pub(super) fn DemoAccounts(
    /// Accounts to list.
    accounts: Vec<DemoAccount>,
    /// Address of the page to open after signing in.
    next: String,
) -> impl IntoView {
    let forms = accounts.into_iter().map(|account| {
        let DemoAccount { role, name, email, password } = account;
        view! {
            <li>
                <form method="post" action="/login">
                    <input type="hidden" name="email" value=email/>
                    <input type="hidden" name="password" value=password/>
                    <input type="hidden" name="next" value=next.clone()/>
                    <Button submit=true>{format!("{}: {name}", role.label())}</Button>
                </form>
            </li>
        }
    });
    view! {
        <section class="login-demo" aria-labelledby="demo-accounts">
            <h2 id="demo-accounts">"Demo accounts"</h2>
            <ul>{forms.collect_view()}</ul>
        </section>
    }
    .into_any()
}
