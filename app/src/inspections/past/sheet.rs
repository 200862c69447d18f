//! Read-only view of an inspection's past state.

use crate::{
    change_view::size,
    inspections::detail::{Facts, alternative, make_and_model},
    ui::{ConditionBadge, EmptyState, icons},
};
use domain::inspection::{Equipment, Inspection, Photo, Section};
use leptos::prelude::*;

/// View of the whole inspection.
#[component]
pub(super) fn PastSheet(
    /// Inspection in its past state.
    inspection: Inspection,
) -> impl IntoView {
    let sections = inspection.sections.iter();
    let sections = sections.map(|section| one_section(&inspection, section)).collect_view();
    let equipment = inspection.equipment.iter().map(piece).collect_view();
    let (parts, pieces) = (inspection.sections.len(), inspection.equipment.len());
    let whole: Vec<_> = inspection.photos_of(None).cloned().collect();
    let of_the_whole = whole.len();
    let no_sections = (parts == 0).then(|| {
        view! {
            <EmptyState
                icon=icons::CLIPBOARD_LIST
                title="No sections"
                sentence="It had none at this moment."
            />
        }
    });
    view! {
        <div class="stack stack-roomy inspection">
            <section class="card" aria-labelledby="details">
                <div class="card-head"><h2 id="details">"Details"</h2></div>
                <div class="card-body"><Facts inspection=Signal::stored(inspection)/></div>
            </section>
            <section class="stack" aria-labelledby="sections">
                <h2 id="sections">"Sections " <span class="count muted">{parts}</span></h2>
                {no_sections}
                <ol class="stack" aria-label="Sections">{sections}</ol>
            </section>
            <section class="card" aria-labelledby="equipment">
                <div class="card-head">
                    <h2 id="equipment">"Equipment " <span class="count muted">{pieces}</span></h2>
                </div>
                {match pieces {
                    0 => view! { <p class="card-body missing">"None."</p> }.into_any(),
                    _ => view! { <ul class="rows" aria-label="Equipment">{equipment}</ul> }.into_any(),
                }}
            </section>
            <section class="card" aria-labelledby="photos">
                <div class="card-head">
                    <h2 id="photos">
                        "General photos " <span class="count muted">{of_the_whole}</span>
                    </h2>
                </div>
                <div class="card-body">
                    {match of_the_whole {
                        0 => view! { <p class="missing">"None."</p> }.into_any(),
                        _ => photos(&whole),
                    }}
                </div>
            </section>
        </div>
    }
    .into_any()
}

fn one_section(inspection: &Inspection, section: &Section) -> AnyView {
    let id = section.id;
    let shown: Vec<_> = inspection.photos_of(Some(id)).cloned().collect();
    let notes = match section.notes.as_str() {
        "" => view! { <p class="missing">"No notes."</p> }.into_any(),
        notes => view! { <p class="prose notes" dir="auto">{notes.to_owned()}</p> }.into_any(),
    };
    view! {
        <li>
            <article class="card section" aria-labelledby=format!("section-{id}-heading")>
                <div class="card-head">
                    <h3 id=format!("section-{id}-heading")><bdi>{section.title.clone()}</bdi></h3>
                    <ConditionBadge condition=section.condition/>
                </div>
                <div class="card-body stack">
                    {notes} {(!shown.is_empty()).then(|| photos(&shown))}
                </div>
            </article>
        </li>
    }
    .into_any()
}

fn piece(piece: &Equipment) -> AnyView {
    view! {
        <li>
            <div class="row" role="group" aria-label=piece.name()>
                <div class="row-main">
                    <p><strong>{piece.kind.clone()}</strong></p>
                    <p class="muted">{make_and_model(piece)}</p>
                </div>
                <ConditionBadge condition=piece.condition/>
            </div>
        </li>
    }
    .into_any()
}

/// Renders photos, including removed ones, which the server still delivers to permitted viewers.
fn photos(photos: &[Photo]) -> AnyView {
    let tiles = photos
        .iter()
        .map(|photo| {
            let caption = match photo.caption.as_str() {
                "" => view! { <span class="missing">"No caption"</span> }.into_any(),
                caption => view! { <bdi>{caption.to_owned()}</bdi> }.into_any(),
            };
            view! {
                <li class="photo">
                    <div role="group" aria-label=photo.name.clone()>
                        <a
                            class="photo-link"
                            href=format!("/photos/{}?size=full", photo.id)
                            rel="external"
                            title=format!("{}, {}", photo.name, size(photo.bytes))
                        >
                            <img
                                src=format!("/photos/{}?size=480", photo.id)
                                alt=alternative(photo)
                                width=photo.width.to_string()
                                height=photo.height.to_string()
                                loading="lazy"
                                decoding="async"
                            />
                        </a>
                        <div class="photo-foot"><p class="photo-caption">{caption}</p></div>
                    </div>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="photo-grid" aria-label="Photos">{tiles}</ul> }.into_any()
}
