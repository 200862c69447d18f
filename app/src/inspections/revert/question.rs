//! A page that says what it would come to before anything is undone.

use crate::{
    address,
    error::AppError,
    ui::{Page, PageError, Skeleton, SkeletonKind},
};
use leptos::prelude::*;
use leptos_router::{
    hooks::{use_location, use_params_map},
    location::Location,
};
use serde::{Serialize, de::DeserializeOwned};
use std::str::FromStr;

/// The page of addresses that begin `within`: of what the parameter `param` names and of its query, it
/// shows what comes of asking.
pub(super) fn question<Id, View, Answer>(
    within: &'static str,
    param: &'static str,
    ask: impl Fn(Result<Id, AppError>, String) -> Answer + Send + Sync + 'static,
    show: fn(View) -> AnyView,
) -> AnyView
where
    Id: FromStr + Clone + PartialEq + Send + Sync + 'static,
    View: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    Answer: Future<Output = Result<View, AppError>> + Send + 'static,
{
    let params = use_params_map();
    let Location { pathname, search, .. } = use_location();
    let asked = Memo::new(move |before: Option<&(Result<Id, AppError>, String)>| {
        // While the page is being left, the address is that of another.
        let is_left = !pathname.with(|path| path.starts_with(within));
        if let Some(before) = before.filter(|_| is_left) {
            return before.clone();
        }
        let id = params.with(|params| address::id(params, param));
        (id, search.get())
    });
    let answer = Resource::new(move || asked.get(), move |(id, query)| ask(id, query));
    let page = move || {
        answer.get().map(|answered| match answered {
            Ok(view) => show(view),
            Err(error) => view! { <PageError error retry=move |()| answer.refetch()/> }.into_any(),
        })
    };
    let waiting = || view! { <Page title="Undo"><Skeleton kind=SkeletonKind::Text/></Page> };
    view! { <Transition fallback=waiting>{page}</Transition> }.into_any()
}
