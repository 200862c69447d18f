//! Placeholder of content that is loading.

use leptos::prelude::*;

/// Content that a skeleton stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SkeletonKind {
    /// Rows of a list.
    #[default]
    Rows,
    /// Lines of text.
    Text,
}

/// Placeholder that reserves the space of loading content, and becomes visible after 200 ms.
#[component]
pub fn Skeleton(
    /// Content it stands for.
    #[prop(optional)]
    kind: SkeletonKind,
    /// Number of rows or lines.
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
