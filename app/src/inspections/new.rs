//! `/inspections/new`: one form. Sent without JavaScript, a form that cannot stand comes back with
//! all that was typed.

use super::{
    api::CreateInspection,
    detail::suggestions::BUILDINGS,
    form::{self, Typed},
};
use crate::{
    auth::CurrentUser,
    error::AppError,
    request_id,
    ui::{Button, ButtonKind, ErrorNote, LinkButton, Page, PageError, TextArea, TextField},
    wire::fetched,
};
use domain::{Field, Inspection, Invalid, Values, check_values, may_create};
use leptos::{ev, prelude::*};
use leptos_router::hooks::use_location;

/// `/inspections/new`.
#[component]
pub fn NewInspectionPage() -> impl IntoView {
    let user = expect_context::<CurrentUser>();
    let page = move || {
        user.get().map(|user| match may_create(user.role) {
            true => view! { <Form/> }.into_any(),
            false => {
                let why = "Reviewers look at inspections; inspectors and admins start them.";
                view! { <PageError error=AppError::Forbidden(why.into())/> }.into_any()
            }
        })
    };
    view! { <Suspense>{page}</Suspense> }
}

#[component]
fn Form() -> impl IntoView {
    let action = ServerAction::<CreateInspection>::new();
    let request = fetched(|| (), |()| async { request_id::new().to_string() });
    let typed: Typed = form_urlencoded::parse(
        use_location().search.get_untracked().trim_start_matches('?').as_bytes(),
    )
    .into_owned()
    .collect();
    // Only a form that was sent comes with its first field, were it empty.
    let sent = typed.contains_key(Field::Name.slug());
    let first = sent.then(|| problems(&typed).err()).flatten().map(AppError::from);
    if let Some(error) = &first {
        error.set_status();
    }
    let local = RwSignal::new(first);
    let error = Signal::derive(move || match action.value().get() {
        _ if local.with(Option::is_some) => local.get(),
        Some(Err(error)) => Some(error),
        _ => None,
    });
    let wrong = move |field: Field| {
        Signal::derive(move || error.with(|error| error.as_ref()?.field(field.slug())))
    };
    let whole = move || {
        let error = error.get()?;
        let local = matches!(&error, AppError::Invalid { fields, .. } if !fields.is_empty());
        Some(match local {
            true => view! {
                <p class="note note-error" role="alert">"Please look at the marked fields. Nothing was saved yet."</p>
            }
            .into_any(),
            false => view! { <ErrorNote error/> }.into_any(),
        })
    };
    // Checked here first, so that nothing is sent that cannot stand.
    let check = move |event: ev::SubmitEvent| {
        let checked = problems(&form::typed(&event));
        if checked.is_err() {
            event.prevent_default();
        }
        local.set(checked.err().map(AppError::from));
    };
    let typed = StoredValue::new(typed);
    let value = move |field: Field| {
        Signal::stored(
            typed.with_value(|typed| typed.get(field.slug()).cloned().unwrap_or_default()),
        )
    };
    let line = move |field: Field, list: Option<&'static str>| {
        let kind = if field == Field::ScheduledOn { "date" } else { "text" };
        view! {
            <TextField
                name=field.slug()
                label=field.label()
                value=value(field)
                error=wrong(field)
                kind
                list
                optional=field != Field::Name
                required=field == Field::Name
            />
        }
    };

    view! {
        <Page title="New inspection" above=("/inspections".to_owned(), "Inspections".to_owned()) narrow=true>
            <div on:submit:capture=check>
                <ActionForm action attr:class="form card card-body" attr:novalidate=true>
                    <Suspense>
                        {move || request.get().map(|id| view! { <input type="hidden" name="request" value=id/> })}
                    </Suspense>
                    {whole}
                    {line(Field::Name, None)}
                    {line(Field::Address, None)}
                    <div class="fields">
                        {line(Field::BuildingType, Some("building-types"))}
                        {line(Field::ScheduledOn, None)}
                    </div>
                    {line(Field::Client, None)}
                    <TextArea
                        name=Field::Summary.slug()
                        label=Field::Summary.label()
                        value=value(Field::Summary)
                        error=wrong(Field::Summary)
                        optional=true
                    />
                    <datalist id="building-types">
                        {BUILDINGS.iter().map(|kind| view! { <option value=*kind></option> }).collect_view()}
                    </datalist>
                    <div class="form-actions">
                        <Button submit=true kind=ButtonKind::Primary busy=action.pending()>
                            "Start inspection"
                        </Button>
                        <LinkButton href="/inspections" kind=ButtonKind::Quiet>"Cancel"</LinkButton>
                    </div>
                </ActionForm>
            </div>
        </Page>
    }
    .into_any()
}

/// What cannot stand, field by field.
fn problems(typed: &Typed) -> Result<(), Invalid> {
    let values: Values = form::values(typed, Inspection::EDITABLE)?;
    check_values(values.iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(name: &str, date: &str) -> Typed {
        [("name", name), ("scheduled_on", date)].map(|(key, it)| (key.into(), it.into())).into()
    }

    #[test]
    fn a_name_is_all_it_takes() {
        assert_eq!(problems(&typed("Riverside House", "")), Ok(()));
        let missing = problems(&typed(" ", "2026-03-31")).unwrap_err();
        assert_eq!(missing.fields.keys().copied().collect::<Vec<_>>(), [Field::Name]);
    }
}
