//! Settings page of the organisation.

use super::{OrganisationAttempt, organisation_settings};
use crate::{
    auth::{PagePerson, with_page_person},
    ui::{
        Button, ButtonKind, ErrorNote, FileField, Icon, Page, PageError, TextArea, TextField, Time,
        icons,
    },
    wire::{Wire, server_resource},
};
use domain::{
    people::{MAX_ORGANISATION_ADDRESS_LENGTH, MAX_ORGANISATION_NAME_LENGTH, Organisation},
    view::{OrganisationChange, OrganisationSettings},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// `/settings/organisation`.
#[component]
pub fn OrganisationPage() -> impl IntoView {
    let attempt =
        SharedValue::<_, Wire>::new_with_encoding(use_context::<OrganisationAttempt>).into_inner();
    let settings = server_resource(|| (), |()| organisation_settings());
    let page = move || {
        Suspend::new({
            let attempt = attempt.clone();
            async move {
                match settings.await {
                    Ok(settings) => view! { <Settings settings attempt/> }.into_any(),
                    Err(error) => view! { <PageError error/> }.into_any(),
                }
            }
        })
    };
    view! { <Transition>{page}</Transition> }.into_any()
}

#[component]
fn Settings(settings: OrganisationSettings, attempt: Option<OrganisationAttempt>) -> impl IntoView {
    let OrganisationSettings { organisation, changes } = settings;
    let Organisation { name, address, logo } = organisation;
    let is_done = use_query_map().with_untracked(|query| query.get("done")).is_some();
    let said = (is_done && attempt.is_none()).then(|| {
        view! {
            <div class="note" role="status">
                <Icon icon=icons::CIRCLE_CHECK/>
                <p>"The organisation was saved. Reports from now on show it."</p>
            </div>
        }
    });
    let (name, address, had_logo, error) = match attempt {
        Some(it) => (it.name, it.address, it.had_logo, Some(it.error)),
        None => (name, address, false, None),
    };
    let wrong = |field: &str| error.as_ref().and_then(|error| error.field(field));
    let (wrong_name, wrong_address, mut wrong_logo) =
        (wrong("name"), wrong("address"), wrong("logo"));
    if had_logo && wrong_logo.is_none() {
        wrong_logo = Some("Choose the logo again: browsers forget it with each answer.".into());
    }
    let placed = wrong_name.is_some() || wrong_address.is_some() || wrong_logo.is_some();
    let note = error.filter(|_| !placed).map(|error| view! { <ErrorNote error/> });
    let current = logo.map(|logo| {
        view! {
            <div class="organisation-logo">
                <img
                    src=format!("/settings/organisation/logo/{}", logo.sha256)
                    width=logo.width
                    height=logo.height
                    alt="The logo as it is now"
                />
                <label class="choice">
                    <input type="checkbox" name="remove_logo" value="yes"/>
                    "Remove the logo"
                </label>
            </div>
        }
    });
    view! {
        <Page title="Organisation" narrow=true>
            {said}
            {note}
            <p class="organisation-about">
                "The cover of each PDF report names the organisation that made it. Reports that were \
                 made before a change stay as they are."
            </p>
            <form
                method="post"
                action=with_page_person("/settings/organisation")
                enctype="multipart/form-data"
                class="card user-form"
                aria-label="Organisation"
            >
                <PagePerson/>
                <TextField
                    name="name"
                    label="Name"
                    value=name
                    error=wrong_name
                    autocomplete="organization"
                    maxlength=MAX_ORGANISATION_NAME_LENGTH
                    optional=true
                />
                <TextArea
                    name="address"
                    label="Address"
                    value=address
                    error=wrong_address
                    maxlength=MAX_ORGANISATION_ADDRESS_LENGTH
                    optional=true
                    hint="As it is to be printed, with a telephone number or a website if you like. \
                          Up to 6 lines."
                />
                {current}
                <FileField
                    name="logo"
                    label="Logo"
                    accept="image/png,image/jpeg,image/webp"
                    error=wrong_logo
                    optional=true
                    hint="A PNG, JPEG or WebP picture up to 25 MB. It is printed on white, up to 65 mm \
                          wide and 17 mm high."
                />
                <Button kind=ButtonKind::Primary submit=true>"Save organisation"</Button>
            </form>
            {(!changes.is_empty()).then(|| view! { <Changes changes/> })}
        </Page>
    }
    .into_any()
}

#[component]
fn Changes(changes: Vec<OrganisationChange>) -> impl IntoView {
    let rows = changes.into_iter().map(|OrganisationChange { by, at, what }| {
        view! {
            <li class="row">
                <span class="row-main"><bdi>{by}</bdi> " changed the " {what}</span>
                <span class="muted"><Time at/></span>
            </li>
        }
    });
    view! {
        <section class="card" aria-labelledby="organisation-changes">
            <div class="card-head"><h2 id="organisation-changes">"Changes"</h2></div>
            <ul class="rows">{rows.collect_view()}</ul>
        </section>
    }
    .into_any()
}
