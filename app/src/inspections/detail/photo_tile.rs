//! One photo: small, and large in a dialog.

use super::{
    ask::Ask,
    desk::Desk,
    details::EditBlock,
    form_parts::{AskButton, EditButton},
};
use crate::ui::{ButtonKind, Dialog};
use domain::{Action, Field, Photo, PhotoId, Target};
use leptos::prelude::*;

/// A photo with its caption.
#[component]
pub(super) fn PhotoTile(
    /// The page.
    desk: Desk,
    /// Which photo.
    id: PhotoId,
) -> impl IntoView {
    let target = Target::Photo(id);
    let photo =
        Memo::new(move |_| desk.inspection.with(|it| it.photo(id).cloned()).unwrap_or_default());
    let editable = Memo::new(move |_| desk.may(Action::Edit).is_ok());
    let open = desk.form_of(target);
    let large = RwSignal::new(false);
    let alternative = Memo::new(move |_| photo.with(alternative));
    let (width, height) = photo.with_untracked(|it| (it.width.to_string(), it.height.to_string()));

    let caption = move || match photo.with(|it| it.caption.clone()) {
        caption if caption.is_empty() => {
            view! { <span class="missing">"No caption"</span> }.into_any()
        }
        caption => caption.into_any(),
    };
    let tools = move || {
        editable.get().then(|| {
            view! {
                <div class="photo-tools">
                    <EditButton desk target open icon_only=true/>
                    <AskButton desk ask=Ask::remove(target) kind=ButtonKind::Quiet icon_only=true/>
                </div>
            }
        })
    };
    let foot = move || match editable.get() && open.get() {
        true => {
            let fields = vec![Field::Caption, Field::Section];
            view! { <EditBlock desk target fields open/> }.into_any()
        }
        false => view! {
            <div class="photo-foot">
                <p class="photo-caption">{caption}</p>
                {tools}
            </div>
        }
        .into_any(),
    };
    let enlarge = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        large.set(true);
    };

    view! {
        <li class="photo" id=format!("photo-{id}") tabindex="-1">
            <div role="group" aria-label=move || photo.with(|it| it.name.clone())>
                <a class="photo-link" href=format!("/photos/{id}?size=1600") on:click=enlarge>
                    <img
                        src=format!("/photos/{id}?size=480")
                        alt=move || alternative.get()
                        width=width
                        height=height
                        loading="lazy"
                        decoding="async"
                    />
                </a>
                {foot}
            </div>
            <Dialog open=large title=move || photo.with(|it| it.name.clone())>
                <img
                    class="photo-large"
                    src=format!("/photos/{id}?size=1600")
                    alt=alternative.get_untracked()
                />
                <p>{photo.with_untracked(|it| it.caption.clone())}</p>
                <p><a href=format!("/photos/{id}?size=full") target="_blank" rel="noopener">"Open the original"</a></p>
            </Dialog>
        </li>
    }
    .into_any()
}

/// What the photo shows, for those who cannot see it.
pub(in crate::inspections) fn alternative(photo: &Photo) -> String {
    match photo.caption.as_str() {
        "" => format!("Photo {}", photo.name),
        caption => caption.to_owned(),
    }
}
