//! `/changes/request/UUID/undo`: preview of undoing all changes of a request, with the button that performs
//! it. Inspections with conflicts are skipped, because conflicts are resolved on each inspection's own page.

use super::{
    api::{UndoRequest, preview_request},
    listed::{counted, listed},
};
use crate::{
    auth::PagePerson,
    change_view::line,
    error::AppError,
    inspections::revert::question::question,
    ui::{Button, ButtonKind, Icon, LinkButton, Page, icons},
};
use domain::view::{Alike, RequestView};
use leptos::{prelude::*, server_fn::ServerFn};
use uuid::Uuid;

/// `/changes/request/UUID/undo`.
#[component]
pub fn UndoRequestPage() -> impl IntoView {
    let ask = |request: Result<Uuid, AppError>, query| async move {
        preview_request(request?, query).await
    };
    question("/changes/request/", "request", ask, |view| Asks(AsksProps { view }).into_any())
}

#[component]
fn Asks(view: RequestView) -> impl IntoView {
    let all = |alike: &[Alike]| alike.iter().map(|it| it.count).sum::<usize>();
    let (possible, undecided, refused) =
        (all(&view.possible), all(&view.undecided), all(&view.refused));
    let of_how_many = (view.changes > 1).then(|| {
        let (changes, inspections) = (view.changes, counted(view.inspections));
        view! { <p>{format!("One of the {changes} changes that this request made, in {inspections}:")}</p> }
    });
    let already = (view.already > 0).then(|| {
        let words = format!("In {} there is nothing left to undo.", counted(view.already));
        view! { <p class="muted">{words}</p> }
    });
    let comes_to = (possible > 0).then(|| {
        view! {
            <section class="stack" aria-labelledby="comes-to">
                <h2 id="comes-to">"Result"</h2>
                <p class="muted">"Will be recorded under your name:"</p>
                {listed("What is done", view.possible, possible == 1)}
            </section>
        }
    });
    let undecided = (undecided > 0).then(|| {
        view! {
            <section class="stack" aria-labelledby="undecided">
                <h2 id="undecided">"Changed since: choose one by one"</h2>
                <p class="muted">"These stay as they are here; each is decided on a page of its own."</p>
                {listed("To be decided", view.undecided, true)}
            </section>
        }
    });
    let refused = (refused > 0).then(|| {
        view! {
            <section class="stack" aria-labelledby="refused">
                <h2 id="refused">"Cannot be undone"</h2>
                {listed("What cannot be undone", view.refused, true)}
            </section>
        }
    });
    let sending = RwSignal::new(false);
    let button = (possible > 0).then(|| {
        view! {
            <Button submit=true kind=ButtonKind::Primary icon=icons::UNDO_2 busy=sending>
                {format!("Undo in {}", counted(possible))}
            </Button>
        }
    });
    let (above, above_name) = view.above.clone();
    view! {
        <Page title="Undo all that a request did" above=view.above>
            {view.done.map(|(request, inspections)| done(request, inspections))}
            <div class="stack-tight">{of_how_many} {line(&view.change)} {already}</div>
            {comes_to} {undecided} {refused}
            <form
                method="post"
                action=UndoRequest::url()
                on:submit=move |_| sending.set(true)
            >
                <PagePerson/>
                <input type="hidden" name="of" value=view.request.to_string()/>
                <input type="hidden" name="seen" value=view.seen.to_string()/>
                <input type="hidden" name="request" value=view.undoing.to_string()/>
                <div class="form-actions">
                    {button}
                    <LinkButton href=above>{format!("Back to {}", above_name.to_lowercase())}</LinkButton>
                </div>
            </form>
        </Page>
    }
    .into_any()
}

/// Renders the result of the last undo, with a link for undoing it.
fn done(request: Uuid, inspections: usize) -> AnyView {
    if inspections == 0 {
        return view! {
            <div class="note" role="status">
                <Icon icon=icons::INFO/>
                <p>"Nothing was undone."</p>
            </div>
        }
        .into_any();
    }
    let href = format!("/changes/request/{request}/undo");
    view! {
        <div class="note" role="status">
            <Icon icon=icons::UNDO_2/>
            <p>{format!("Undone in {}.", counted(inspections))}</p>
            <LinkButton href icon=icons::REDO_2>"Undo this undo"</LinkButton>
        </div>
    }
    .into_any()
}
