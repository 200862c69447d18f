//! Page that is loaded repeatedly, as while a slider moves: the last answer stays visible until the next one
//! arrives.

use crate::{
    error::AppError,
    ui::PageError,
    wire::{Fetched, when_ready},
};
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Arc;

/// Last answer; `None` before the first one.
pub(super) type Shown<T> = Memo<Option<Arc<T>>>;

/// Resource that loads a page.
pub(super) type Answer<T> = Fetched<Result<T, AppError>>;

/// Renders `board` with the last answer and any later error; an error page if the first load fails.
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
