//! What reviewers said about a change.

use crate::ui::{Avatar, Time};
use domain::Comment;
use leptos::prelude::*;

/// The comments on a change, oldest first; nothing where there are none.
#[component]
pub fn Comments(
    /// The comments.
    #[prop(into)]
    comments: Signal<Vec<Comment>>,
) -> impl IntoView {
    let one = |comment: &Comment| {
        view! {
            <li class="comment">
                <Avatar name=comment.by.clone()/>
                <div>
                    <p class="comment-head">
                        <strong>{comment.by.clone()}</strong>
                        " "
                        <Time at=comment.at/>
                    </p>
                    <p class="prose">{comment.text.clone()}</p>
                </div>
            </li>
        }
    };
    move || {
        comments.with(|comments| {
            (!comments.is_empty()).then(|| {
                let comments = comments.iter().map(one).collect_view();
                view! { <ul class="comments" aria-label="Comments">{comments}</ul> }
            })
        })
    }
}
