//! `/inspections/new`: the form for a new inspection. Without JavaScript, an invalid form is shown
//! again with all typed values.

use super::{
    again::RejectedForm,
    api::{CreateInspection, NewInspectionData, blank},
    detail::suggestions::{BUILDINGS, list_of},
};
use crate::{
    auth::PagePerson,
    error::AppError,
    form::{self, REQUEST, Typed, fields_in_form},
    ui::{
        Button, ButtonKind, ErrorNote, LinkButton, Page, PageError, SelectField, TextArea,
        TextField,
    },
    wire::{Wire, server_resource},
};
use domain::inspection::{Field, Inspection, Invalid, Target, ValueKind, Values, check_values};
use leptos::{ev, prelude::*};

/// `/inspections/new`.
#[component]
pub fn NewInspectionPage() -> impl IntoView {
    let again = SharedValue::<_, Wire>::new_with_encoding(use_context::<RejectedForm>).into_inner();
    let blank = server_resource(|| (), |()| blank());
    let page = move || {
        blank.get().map(|found| match found {
            Ok(blank) => view! { <Form blank again=again.clone()/> }.into_any(),
            Err(error) => {
                let retry = Callback::new(move |()| blank.refetch());
                view! { <PageError error retry/> }.into_any()
            }
        })
    };
    view! { <Transition>{page}</Transition> }
}

#[component]
fn Form(blank: NewInspectionData, again: Option<RejectedForm>) -> impl IntoView {
    let NewInspectionData { request, viewer, people } = blank;
    let action = ServerAction::<CreateInspection>::new();
    let (typed, first) = again.map(|again| (again.typed, again.error)).unzip();
    let typed: Typed = typed.unwrap_or_default();
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
                <p class="note note-error" role="alert">"Check the highlighted fields. Nothing has been saved."</p>
            }
            .into_any(),
            false => view! { <ErrorNote error/> }.into_any(),
        })
    };
    // Validates before sending, so that no invalid form is sent.
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let form = form::typed(&event);
        let checked = problems(&form);
        if checked.is_ok() {
            action.dispatch(CreateInspection { form });
        }
        local.set(checked.err().map(AppError::from));
    };
    let typed = StoredValue::new(typed);
    let value = move |field: Field| {
        Signal::stored(
            typed.with_value(|typed| typed.get(field.slug()).cloned().unwrap_or_default()),
        )
    };
    let people = people.into_iter().map(|person| (person.id.to_string(), person.name));
    let people: Vec<_> = people.collect();
    let control = move |field: Field| {
        let (name, label) = (field.slug(), field.label());
        let (value, error) = (value(field), wrong(field));
        let optional = !field.is_required();
        match field.kind() {
            ValueKind::Person if people.is_empty() => ().into_any(),
            ValueKind::Person => {
                let value = Signal::derive(move || match value.get() {
                    nobody if nobody.is_empty() => viewer.to_string(),
                    chosen => chosen,
                });
                view! { <SelectField name label choices=people.clone() value error/> }.into_any()
            }
            ValueKind::Prose => view! {
                <div class="wide">
                    <TextArea name label value error optional/>
                </div>
            }
            .into_any(),
            kind => {
                let kind = if kind == ValueKind::Date { "date" } else { "text" };
                let list = list_of(field);
                view! { <TextField name label value error kind list optional required={!optional}/> }
                    .into_any()
            }
        }
    };
    let fields = fields_in_form(Target::Inspection).map(control).collect_view();

    view! {
        <Page title="New inspection" above=("/inspections".to_owned(), "Inspections".to_owned()) narrow=true>
            <form class="form card card-body" method="post" action="/inspections/new" novalidate on:submit=submit>
                <PagePerson/>
                <input type="hidden" name=REQUEST value=request.to_string()/>
                {whole}
                <div class="fields">{fields}</div>
                <datalist id="building-types">
                    {BUILDINGS.iter().map(|kind| view! { <option value=*kind></option> }).collect_view()}
                </datalist>
                <div class="form-actions">
                    <Button submit=true kind=ButtonKind::Primary busy=action.pending()>
                        "Start inspection"
                    </Button>
                    <LinkButton href="/inspections" kind=ButtonKind::Quiet>"Cancel"</LinkButton>
                </div>
            </form>
        </Page>
    }
    .into_any()
}

/// Validates the form, with a message per field.
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
