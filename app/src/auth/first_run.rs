//! Offers of the sign-in page before anybody works with the server: the accounts of the demo, or the
//! way to the first account.

use crate::ui::Button;
use domain::Role;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The sign-in page's words on a server that is new, or that runs with `--demo`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstRun {
    /// Whether nobody has an account, so that the first is made through the set-up link.
    pub needs_set_up: bool,
    /// The accounts of the demo; none without `--demo`.
    pub demo: Vec<DemoAccount>,
}

/// An account of the demo, whose password everybody knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoAccount {
    /// Their role.
    pub role: Role,
    /// Their full name.
    pub name: String,
    /// The address with which they sign in.
    pub email: String,
    /// Their password.
    pub password: String,
}

/// The accounts of the demo, each a button that signs in.
#[component]
pub(super) fn DemoAccounts(
    /// The accounts.
    accounts: Vec<DemoAccount>,
    /// The page that signing in leads to.
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
