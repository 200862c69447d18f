//! Comments of reviewers on a change.

use super::api::DeleteComment;
use crate::effects::effect;
use crate::ui::{Avatar, Button, ButtonKind, ErrorNote, List, Time};
use domain::{feed::Comment, id::UserId};
use leptos::{html, prelude::*};

/// Comments on a change, oldest first; empty when there are none. The author of a comment may
/// delete it.
#[component]
pub fn Comments(
    /// Comments to show.
    #[prop(into)]
    comments: Signal<Vec<Comment>>,
    /// Person viewing the page.
    #[prop(into)]
    viewer: Option<UserId>,
) -> impl IntoView {
    let any = Memo::new(move |_| comments.with(|comments| !comments.is_empty()));
    move || {
        any.get().then(|| {
            view! {
                <ul class="comments" aria-label="Comments">
                    <List each=move || comments.get() key=|comment| comment.id let:comment>
                        <One comment viewer/>
                    </List>
                </ul>
            }
        })
    }
}

#[component]
fn One(comment: Comment, viewer: Option<UserId>) -> impl IntoView {
    let deletion = ServerAction::<DeleteComment>::new();
    let value = deletion.value();
    let deleted = Memo::new(move |_| value.with(|done| matches!(done, Some(Ok(())))));
    let own = viewer.is_some_and(|viewer| comment.is_by(viewer));
    let node = NodeRef::<html::Li>::new();
    // The button disappears, so the focus moves to the comment.
    effect(move || {
        if let Some(node) = node.get().filter(|_| deleted.get()) {
            drop(node.focus());
        }
    });
    let (id, author) = (comment.id, comment.by.clone());
    let delete = move || {
        let trouble = move || value.get().and_then(Result::err);
        view! {
            <details class="ask">
                <summary class="button button-quiet">"Delete…"</summary>
                <div class="ask-panel">
                    <ActionForm action=deletion>
                        <input type="hidden" name="comment" value=id.to_string()/>
                        <p>"Nobody will read this comment any more."</p>
                        <div class="form-actions">
                            <Button submit=true kind=ButtonKind::Danger busy=deletion.pending()>
                                "Delete comment"
                            </Button>
                        </div>
                    </ActionForm>
                    {move || trouble().map(|error| view! { <ErrorNote error/> })}
                </div>
            </details>
        }
    };
    let said = move || match deleted.get() {
        true => view! { <p class="comment-head" role="status">"Comment deleted."</p> }.into_any(),
        false => view! {
            <p class="comment-head">
                <strong><bdi>{comment.by.clone()}</bdi></strong>
                " "
                <Time at=comment.at/>
            </p>
            <p class="prose" dir="auto">{comment.text.clone()}</p>
            {own.then(&delete)}
        }
        .into_any(),
    };
    view! {
        <li class="comment" tabindex="-1" node_ref=node>
            <Avatar name=author/>
            <div>{said}</div>
        </li>
    }
    .into_any()
}
