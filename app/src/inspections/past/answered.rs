//! A page that is asked for again and again, as a slider is moved: the last stays while the next is on
//! its way.

use crate::{error::AppError, ui::PageError, wire::when_ready};
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Arc;

/// What is shown; nothing before the first answer.
pub(super) type Shown<T> = Memo<Option<Arc<T>>>;

/// What answers a page.
pub(super) type Answer<T> = Resource<Result<T, AppError>>;

/// The page that `board` makes of what is shown and of what is wrong since; or why there is none.
pub(super) fn answered<T>(
    answer: Answer<T>,
    board: fn(Shown<T>, Memo<Option<AppError>>) -> AnyView,
) -> impl IntoView
where
    T: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    when_ready(answer, move || page(answer, board))
}

fn page<T>(answer: Answer<T>, board: fn(Shown<T>, Memo<Option<AppError>>) -> AnyView) -> AnyView
where
    T: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let shown: Shown<T> = Memo::new(move |last: Option<&Option<Arc<T>>>| match answer.get() {
        Some(Ok(view)) => Some(Arc::new(view)),
        _ => last.cloned().flatten(),
    });
    let trouble = Memo::new(move |_| answer.get().and_then(Result::err));
    let fatal = Memo::new(move |_| trouble.get().filter(|_| shown.with(Option::is_none)));
    let page = move || match fatal.get() {
        Some(error) => view! { <PageError error retry=move |()| answer.refetch()/> }.into_any(),
        None => board(shown, trouble),
    };
    page.into_any()
}
