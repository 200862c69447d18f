//! `/inspections/ID/history`: the history of one inspection, with pagination.

use crate::{
    address,
    auth::CurrentUser,
    change_view::{
        ChangeActions, ChangeDiff, ChangeLine, Comments, Titles, Undone, VerifiedLine, history,
    },
    error::AppError,
    ui::{EmptyState, LinkButton, Page, PageError, Pager, Skeleton, StatusBadge, icons},
    wire::server_resource,
};
use domain::{
    id::{ChangeId, InspectionId},
    permission::may_review_changes,
    view::HistoryView,
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_url};

/// `/inspections/ID/history`.
#[component]
pub fn HistoryPage() -> impl IntoView {
    let (params, url) = (use_params_map(), use_url());
    let asked = Memo::new(move |_| {
        let id = params.with(|params| address::id::<InspectionId>(params, "id"));
        (id, url.with(|url| before(url.search())))
    });
    let found = server_resource(
        move || asked.get(),
        |(id, before)| async move { history(id?, before?).await },
    );
    let user = expect_context::<CurrentUser>();
    view! {
        <Transition fallback=|| view! { <div class="page"><Skeleton/></div> }>
            {move || {
                found
                    .get()
                    .map(|answer| match answer {
                        Ok(view) => {
                            let first = asked.get_untracked().1 == Ok(None);
                            let reviews = user.get().is_some_and(|it| may_review_changes(it.role));
                            view! { <HistoryResults view first reviews/> }.into_any()
                        }
                        Err(error) => {
                            view! { <PageError error retry=move |()| found.refetch()/> }.into_any()
                        }
                    })
            }}
        </Transition>
    }
}

/// Parses the change that a following page begins after.
fn before(query: &str) -> Result<Option<ChangeId>, AppError> {
    let filter = domain::feed::ChangeFilter::from_valid_query(query);
    filter.map(|filter| filter.before).map_err(|problem| AppError::Unreadable(problem.to_string()))
}

#[component]
fn HistoryResults(
    view: HistoryView,
    first: bool,
    /// Whether the viewer may review changes.
    reviews: bool,
) -> impl IntoView {
    let HistoryView { inspection, status, removed, changes, undone, next, titles, .. } = view;
    let HistoryView { verified, comments, viewer, .. } = view;
    let titles: Titles = titles.into_iter().collect();
    let undone: Undone = undone.into_iter().collect();
    let address = format!("/inspections/{}/history", inspection.id);
    let older = next.map(|next| format!("{address}?before={next}"));
    let newest = (!first).then_some(address);
    let since = reviews.then(|| format!("/inspections/{}/compare?from=review", inspection.id));
    let nothing = changes.is_empty();
    let rows = changes
        .into_iter()
        .map(|change| {
            let titles = titles.clone();
            let said = comments.iter().filter(|comment| comment.change == change.id);
            let said = Signal::stored(said.cloned().collect::<Vec<_>>());
            let open = said.with_untracked(|said| !said.is_empty());
            let id = change.id;
            let undone_by = Signal::stored(undone.get(&id).copied());
            view! {
                <li class="change" id=format!("change-{id}")>
                    <details class="change-details" open=open>
                        <summary class="change-line">
                            <ChangeLine change=change.clone()/>
                        </summary>
                        <div class="change-body">
                            <ChangeDiff change=change.clone() titles/>
                            <Comments comments=said viewer/>
                            <ChangeActions change undone_by/>
                        </div>
                    </details>
                </li>
            }
        })
        .collect_view();
    view! {
        <Page
            title=format!("History of {}", inspection.reference)
            above=(format!("/inspections/{}", inspection.id), inspection.name)
            actions=move || {
                since
                    .map(|href| {
                        view! {
                            <LinkButton href icon=icons::GIT_COMPARE>
                                "Since my last review"
                            </LinkButton>
                        }
                    })
            }
            beside=move || {
                if removed {
                    view! { <span class="badge" data-tone="remove">"Removed"</span> }.into_any()
                } else {
                    view! { <StatusBadge status/> }.into_any()
                }
            }
        >
            <VerifiedLine verified/>
            <ol class="feed-list" class:card=!nothing aria-label="Changes, newest first">
                {rows}
            </ol>
            {nothing
                .then(|| {
                    view! {
                        <EmptyState
                            icon=icons::HISTORY
                            title="Nothing older"
                            sentence="There are no changes before that one."
                        />
                    }
                })}
            <Pager first=newest next=older next_label="Older changes"/>
        </Page>
    }
    .into_any()
}
