//! Page that previews a revert before it is performed.

use crate::{
    address,
    error::AppError,
    ui::{Page, PageError, Skeleton, SkeletonKind},
    wire::server_resource,
};
use leptos::prelude::*;
use leptos_router::{
    hooks::{use_location, use_params_map},
    location::Location,
};
use serde::{Serialize, de::DeserializeOwned};
use std::str::FromStr;

/// Renders the page at addresses that begin with `within`. It calls `ask` with the route parameter `param`
/// and the query string, and shows the answer.
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
        // During navigation the address already belongs to another page.
        let is_left = !pathname.with(|path| path.starts_with(within));
        if let Some(before) = before.filter(|_| is_left) {
            return before.clone();
        }
        let id = params.with(|params| address::id(params, param));
        (id, search.get())
    });
    let answer = server_resource(move || asked.get(), move |(id, query)| ask(id, query));
    let page = move || {
        answer.get().map(|answered| match answered {
            Ok(view) => show(view),
            Err(error) => view! { <PageError error retry=move |()| answer.refetch()/> }.into_any(),
        })
    };
    let waiting = || view! { <Page title="Undo"><Skeleton kind=SkeletonKind::Text/></Page> };
    view! { <Transition fallback=waiting>{page}</Transition> }.into_any()
}
