//! Differences between two states of an inspection, listed by object with values before and after.

use crate::{
    change_view::{Titles, facts, figure, table},
    ui::{EmptyState, Icon, icons},
};
use domain::{
    change::{Compared, Comparison},
    id::PhotoId,
    inspection::Target,
};
use leptos::prelude::*;

/// View of all differences between two states.
#[component]
pub fn ComparisonView(
    /// Differences.
    comparison: Comparison,
    /// Titles of the sections in either state.
    #[prop(optional)]
    titles: Titles,
) -> impl IntoView {
    if comparison.is_empty() {
        return view! {
            <EmptyState
                icon=icons::EQUAL
                title="Nothing differs"
                sentence="Details, sections, equipment and photos are the same."
            />
        }
        .into_any();
    }
    let Comparison { own, sections, equipment, photos, removed } = comparison;
    let removed = removed.map(|removed| {
        let words = match removed {
            true => "The inspection was removed.",
            false => "The inspection came back.",
        };
        view! { <p class="note"><Icon icon=icons::TRASH_2/>{words}</p> }
    });
    let own = (!own.is_empty()).then(|| {
        view! {
            <section class="card" aria-label="Details">
                <div class="card-head"><h2>"Details"</h2></div>
                <div class="card-body">{table(&own.differences(), &titles)}</div>
            </section>
        }
    });
    view! {
        <div class="stack comparison">
            {removed} {own} {things("Sections", &sections, &titles)}
            {things("Equipment", &equipment, &titles)} {pictures(&photos, &titles)}
        </div>
    }
    .into_any()
}

fn things(title: &'static str, things: &[Compared], titles: &Titles) -> Option<AnyView> {
    let rows = things
        .iter()
        .map(|thing| {
            view! {
                <li class="compared" aria-label=thing.name.clone()>
                    <h3><bdi>{thing.name.clone()}</bdi> " " {word(thing)}</h3>
                    {values(thing, titles)}
                </li>
            }
        })
        .collect_view();
    (!things.is_empty()).then(|| {
        view! {
            <section class="card" aria-label=title>
                <div class="card-head"><h2>{title}</h2></div>
                <ul class="compared-list" aria-label=format!("{title} that differ")>{rows}</ul>
            </section>
        }
        .into_any()
    })
}

/// Renders added, removed and changed photos as pictures.
fn pictures(photos: &[Compared], titles: &Titles) -> Option<AnyView> {
    let tiles = photos
        .iter()
        .filter_map(|thing| {
            let Target::Photo(id) = thing.target else { return None };
            Some(view! { <li aria-label=thing.name.clone()>{picture(id, thing, titles)}</li> })
        })
        .collect_view();
    (!photos.is_empty()).then(|| {
        view! {
            <section class="card" aria-label="Photos">
                <div class="card-head"><h2>"Photos"</h2></div>
                <ul class="card-body compared-photos" aria-label="Photos that differ">{tiles}</ul>
            </section>
        }
        .into_any()
    })
}

fn picture(id: PhotoId, thing: &Compared, titles: &Titles) -> AnyView {
    if thing.came() {
        return figure(id, &thing.after, "Added");
    }
    if thing.went() {
        return figure(id, &thing.before, "Removed");
    }
    view! {
        <div class="compared-photo">
            <a href=format!("/photos/{id}?size=full") rel="external">
                <img
                    src=format!("/photos/{id}?size=480")
                    alt=format!("Photo {}", thing.name)
                    loading="lazy"
                />
            </a>
            <p><bdi>{thing.name.clone()}</bdi> " " {word(thing)}</p>
            {table(&thing.differences(), titles)}
        </div>
    }
    .into_any()
}

fn values(thing: &Compared, titles: &Titles) -> AnyView {
    if thing.came() {
        facts("After", &thing.after, titles)
    } else if thing.went() {
        facts("Before", &thing.before, titles)
    } else {
        table(&thing.differences(), titles)
    }
}

/// Renders an object's change as a badge with colour, icon and word.
fn word(thing: &Compared) -> AnyView {
    let (tone, icon, word) = if thing.came() {
        ("good", icons::PLUS, "Added")
    } else if thing.went() {
        ("remove", icons::MINUS, "Removed")
    } else {
        ("edit", icons::PENCIL, "Changed")
    };
    view! { <span class="badge" data-tone=tone><Icon icon/>{word}</span> }.into_any()
}
