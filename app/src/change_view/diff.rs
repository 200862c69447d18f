//! Before and after of a change.

use super::{
    text::{both, came, edited, gone},
    words::{NOTHING, Titles, apart, in_words, size},
};
use crate::{
    auth::with_page_person,
    ui::{ConditionBadge, Icon, StatusBadge, icons},
};
use domain::{
    change::{Action, Change, Difference, Record, RelatedModel},
    id::PhotoId,
    inspection::{Field, Value, ValueKind, Values},
    text::isolate,
};
use leptos::prelude::*;

/// Full details of a change: a table of before and after, the values of added or removed objects,
/// photos, and the reason.
#[component]
pub fn ChangeDiff(
    /// Change to show.
    change: Change,
    /// Titles of sections.
    #[prop(optional)]
    titles: Titles,
) -> impl IntoView {
    let (id, record) = (change.id, change.record);
    let reason = record.data.reason.clone().map(|reason| {
        view! {
            <blockquote class="change-reason">
                <span class="change-reason-label">"Reason"</span>
                <bdi>{reason}</bdi>
            </blockquote>
        }
    });
    view! {
        {body(&record, &titles)}
        {reason}
        {photos_of_section(&record)}
        <p class="change-record">
            <a href=format!("/changes/{id}/record") rel="external" target="_blank">
                "Show the record"
            </a>
        </p>
    }
    .into_any()
}

fn body(record: &Record, titles: &Titles) -> AnyView {
    let photo = match record.related.as_ref().map(|related| related.model) {
        Some(RelatedModel::Photo(id)) if !record.kind.sets_fields() => Some(id),
        Some(RelatedModel::Report(id)) => return report(id.0, &record.data.after),
        _ => None,
    };
    let (before, after) = (&record.data.before, &record.data.after);
    match (photo, before.is_empty(), after.is_empty()) {
        (_, true, true) => view! { <p class="change-none">"No values changed."</p> }.into_any(),
        (Some(id), true, false) => figure(id, after, "Added"),
        (Some(id), _, _) => figure(id, before, "Removed"),
        (None, true, false) => facts("After", after, titles),
        (None, false, true) => facts("Before", before, titles),
        (None, false, false) => {
            let photo = record.related.as_ref().and_then(|related| match related.model {
                RelatedModel::Photo(id) => Some(thumbnail(id, &related.text)),
                _ => None,
            });
            view! { {photo} {table(&record.differences(), titles)} }.into_any()
        }
    }
}

/// Renders the changed fields with both values.
pub(crate) fn table(differences: &[Difference], titles: &Titles) -> AnyView {
    let rows = differences.iter().map(|difference| row(difference, titles)).collect_view();
    view! {
        <table class="change-table">
            <thead>
                <tr>
                    <th scope="col">"Field"</th>
                    <th scope="col">"Before"</th>
                    <th scope="col">"After"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(difference: &Difference, titles: &Titles) -> AnyView {
    let Difference { field, before, after } = difference;
    let (old, new) = match (before, after) {
        (Some(Value::Text(old)), Some(Value::Text(new))) if !old.is_empty() && !new.is_empty() => {
            let prose = field.kind() == ValueKind::Prose;
            if let Some(text) = prose.then(|| edited(old, new)).flatten() {
                return view! {
                    <tr class="change-edited">
                        <th scope="row">{field.label()}</th>
                        <td colspan="2">{text}</td>
                    </tr>
                }
                .into_any();
            }
            both(old, new)
        }
        (before, after) => {
            let (before, after) = (before.as_ref(), after.as_ref());
            (old_value(*field, before, titles), new_value(*field, after, titles))
        }
    };
    let apart = apart(before.as_ref(), after.as_ref());
    view! {
        <tr>
            <th scope="row">{field.label()}</th>
            <td data-label="Before">{old}</td>
            <td data-label="After">
                {new}
                {apart.map(|apart| view! { <span class="change-apart">{apart}</span> })}
            </td>
        </tr>
    }
    .into_any()
}

/// Renders the values of an added or removed object; empty values are omitted.
pub(crate) fn facts(when: &'static str, values: &Values, titles: &Titles) -> AnyView {
    let came = when == "After";
    let rows = values
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(field, it)| {
            let words = match came {
                true => new_value(field, Some(it), titles),
                false => old_value(field, Some(it), titles),
            };
            view! {
                <tr>
                    <th scope="row">{field.label()}</th>
                    <td data-label=when>{words}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="change-table">
            <thead>
                <tr>
                    <th scope="col">"Field"</th>
                    <th scope="col">{when}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn old_value(field: Field, it: Option<&Value>, titles: &Titles) -> AnyView {
    match it {
        Some(it) if in_text(it) => gone(&in_words(field, it, titles)),
        it => view! { <del>{badge(it)}</del> }.into_any(),
    }
}

fn new_value(field: Field, it: Option<&Value>, titles: &Titles) -> AnyView {
    match it {
        Some(it) if in_text(it) => came(&in_words(field, it, titles)),
        it => view! { <ins>{badge(it)}</ins> }.into_any(),
    }
}

/// Returns whether the value is shown as text, not as a badge or as nothing.
fn in_text(value: &Value) -> bool {
    !value.is_empty() && !matches!(value, Value::Status(_) | Value::Condition(_))
}

/// Renders a value as text or as a badge.
pub(crate) fn value(field: Field, it: Option<&Value>, titles: &Titles) -> AnyView {
    match it {
        Some(it) if in_text(it) => view! { <bdi>{in_words(field, it, titles)}</bdi> }.into_any(),
        it => badge(it),
    }
}

fn badge(value: Option<&Value>) -> AnyView {
    match value {
        Some(Value::Status(status)) => view! { <StatusBadge status=*status/> }.into_any(),
        Some(Value::Condition(condition)) => {
            view! { <ConditionBadge condition=*condition/> }.into_any()
        }
        _ => view! { <span class="change-nothing">{NOTHING}</span> }.into_any(),
    }
}

/// Renders the photo that an edit refers to.
fn thumbnail(id: PhotoId, name: &str) -> AnyView {
    view! {
        <a class="change-thumbnail" href=format!("/photos/{id}?size=full") rel="external">
            <img src=format!("/photos/{id}?size=480") alt=format!("Photo {}", isolate(name)) loading="lazy"/>
        </a>
    }
    .into_any()
}

/// Renders an added or removed photo as a thumbnail that links to the full image.
pub(crate) fn figure(id: PhotoId, values: &Values, word: &'static str) -> AnyView {
    let text = |field| values.get(field).map(ToString::to_string).unwrap_or_default();
    let number = |field| match values.get(field) {
        Some(Value::Number(number)) => *number,
        _ => 0,
    };
    let (name, caption) = (text(Field::Name), text(Field::Caption));
    let alt = match caption.is_empty() {
        true => format!("Photo {}", isolate(&name)),
        false => caption.clone(),
    };
    let measures = format!(
        "{} · {} × {} · {}",
        isolate(&name),
        number(Field::Width),
        number(Field::Height),
        size(number(Field::Bytes))
    );
    view! {
        <figure class="change-photo">
            <a href=format!("/photos/{id}?size=full") rel="external">
                <img
                    src=format!("/photos/{id}?size=480")
                    alt=alt
                    width=number(Field::Width).to_string()
                    height=number(Field::Height).to_string()
                    loading="lazy"
                />
            </a>
            <figcaption>
                <span class="change-photo-word">{word}</span>
                {(!caption.is_empty()).then(|| view! { <bdi>{caption}</bdi> })}
                <span class="change-photo-file">{measures}</span>
            </figcaption>
        </figure>
    }
    .into_any()
}

/// Renders the photos added or removed with a section.
fn photos_of_section(record: &Record) -> Option<AnyView> {
    let word = if record.action == Action::AddSection { "Added" } else { "Removed" };
    let photos = &record.data.photos;
    (!photos.is_empty()).then(|| {
        let photos = photos.iter().map(|(id, values)| figure(*id, values, word)).collect_view();
        view! { <div class="change-photos">{photos}</div> }.into_any()
    })
}

/// Renders a stored report: a link to it, and its details.
fn report(id: i64, values: &Values) -> AnyView {
    let number = |field| match values.get(field) {
        Some(Value::Number(number)) => *number,
        _ => 0,
    };
    let name = values.get(Field::Name).map(ToString::to_string).unwrap_or_default();
    let pages = match number(Field::Pages) {
        1 => "1 page".to_owned(),
        pages => format!("{pages} pages"),
    };
    let measures = format!("{pages} · {}", size(number(Field::Bytes)));
    let hash = values.get(Field::Sha256).map(ToString::to_string).unwrap_or_default();
    let address = with_page_person(&format!("/reports/{id}"));
    view! {
        <div class="change-report">
            <Icon icon=icons::FILE_TEXT/>
            <a href=address rel="external" target="_blank"><bdi>{name}</bdi></a>
            <span class="change-photo-file">{measures}</span>
            <code class="change-hash" title="SHA-256">{hash}</code>
        </div>
    }
    .into_any()
}
