//! Answer to a form that was sent from another person's page: nothing is recorded, and the typed
//! texts can be copied.

use super::{CurrentUser, PAGE_PERSON, SignOut, local_path};
use crate::{
    error::AppError,
    form::Typed,
    ui::{Button, ButtonKind, ErrorNote, Page, TextArea},
};
use domain::inspection::Field;
use leptos::{prelude::*, server_fn::ServerFn};

/// Form that was refused because its page was rendered for somebody else.
#[derive(Clone, Debug)]
pub struct RefusedForm {
    /// Reason for the refusal: an [`AppError::SessionChanged`].
    pub error: AppError,
    /// Values of its controls.
    pub typed: Typed,
    /// Address of the page it was sent from.
    pub page: String,
}

/// Names of controls that hold no text typed by a person.
const HIDDEN: &[&str] = &[
    PAGE_PERSON,
    "do",
    "target",
    "request",
    "request_id",
    "expected",
    "newest",
    "section",
    "all",
    "chosen",
];

/// Renders the replacement for the form's target page. It works without scripts and is sent without
/// any.
pub(super) fn page() -> Option<AnyView> {
    let RefusedForm { error, typed, page } = use_context()?;
    let page = local_path(&page).to_owned();
    let CurrentUser(user) = expect_context();
    let name = user.get_untracked().and_then(Result::ok).flatten().map(|user| user.name);
    let go_on = name.as_ref().map(|name| format!("Go on as {name}"));
    let texts: Vec<_> = typed
        .into_iter()
        .filter(|(name, text)| {
            let is_secret = name.contains("password");
            !HIDDEN.contains(&name.as_str()) && !is_secret && !text.trim().is_empty()
        })
        .collect();
    let texts = (!texts.is_empty()).then(|| {
        let fields = texts.into_iter().map(|(name, text)| {
            let label = match name.parse::<Field>() {
                Ok(field) => field.label().to_owned(),
                Err(_) => "Text".to_owned(),
            };
            view! { <TextArea name=name label=label value=Signal::stored(text)/> }
        });
        view! {
            <section class="card card-body">
                <h2>"Text you typed"</h2>
                <p>"Copy it now: it is kept nowhere else."</p>
                {fields.collect_view()}
            </section>
        }
    });
    let answer = view! {
        <Page title="Somebody else is signed in" narrow=true>
            <ErrorNote error/>
            {texts}
            <div class="cluster">
                <form method="post" action=SignOut::url()>
                    <Button kind=ButtonKind::Primary submit=true>"Sign out and sign in again"</Button>
                </form>
                {go_on.map(|label| view! { <a class="button button-secondary" href=page>{label}</a> })}
            </div>
        </Page>
    };
    Some(answer.into_any())
}
