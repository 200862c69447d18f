//! The shape of what is still loading.

use leptos::prelude::*;

/// What the skeleton stands in for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SkeletonKind {
    /// Rows of a list.
    #[default]
    Rows,
    /// Lines of text.
    Text,
}

/// Keeps the space of what is loading, and shows its shape once that takes longer than 200 ms.
#[component]
pub fn Skeleton(
    /// What it stands in for.
    #[prop(optional)]
    kind: SkeletonKind,
    /// How many of them.
    #[prop(default = 5)]
    count: usize,
) -> impl IntoView {
    let class = match kind {
        SkeletonKind::Rows => "skeleton skeleton-rows",
        SkeletonKind::Text => "skeleton skeleton-text",
    };
    view! {
        <div class=class>
            <span class="visually-hidden">"Loading…"</span>
            {(0..count).map(|_| view! { <div class="skeleton-part"></div> }).collect_view()}
        </div>
    }
}
