//! What came of an act, where a toast does not do: refusals, what has to be confirmed, and all of it
//! where there is no script.

use super::{act::Outcome, board::Board};
use crate::{
    error::AppError,
    ui::{Button, ButtonKind, ErrorNote, Icon},
};
use leptos::prelude::*;

#[component]
pub(super) fn Said(board: Board) -> impl IntoView {
    move || board.said.get().map(|said| note(board, said))
}

fn note(board: Board, said: Result<Outcome, AppError>) -> AnyView {
    let Outcome { says, undo, refused, confirm } = match said {
        Ok(outcome) => outcome,
        Err(error) => return view! { <ErrorNote error/> }.into_any(),
    };
    if let Some(confirm) = confirm {
        let question = format!("{} all {} changes that match?", confirm.what, confirm.number);
        let yes = format!("Yes, all {}", confirm.number);
        let hidden = confirm.form.clone().into_iter().map(|(name, value)| {
            view! { <input type="hidden" name=name value=value/> }
        });
        return view! {
            <form
                class="note note-attention said"
                method="post"
                on:submit=move |event| {
                    event.prevent_default();
                    event.stop_propagation();
                    board.confirm(confirm.clone());
                }
            >
                {hidden.collect_view()}
                <Icon icon=icondata_lu::LuTriangleAlert/>
                <p role="alert">
                    <strong>{question}</strong>
                </p>
                <Button submit=true kind=ButtonKind::Primary>
                    {yes}
                </Button>
                <span class="only-scripted">
                    <Button on_click=move |_| board.said.set(None)>"Cancel"</Button>
                </span>
            </form>
        }
        .into_any();
    }
    let undo = undo.map(|review| {
        view! {
            <form method="post">
                <input type="hidden" name="review" value=review.to_string()/>
                <button type="submit" name="do" value="undo" class="button button-secondary">
                    "Undo"
                </button>
            </form>
        }
    });
    let done = (!says.is_empty()).then(|| {
        view! {
            <div class="note said" role="status">
                <Icon icon=icondata_lu::LuCheck/>
                <p>{says}</p>
                {undo}
            </div>
        }
    });
    let refused = (!refused.is_empty()).then(|| {
        let lines = refused.into_iter().map(|(name, why)| {
            view! {
                <li>
                    <strong>{name}</strong>
                    ": "
                    {why}
                </li>
            }
        });
        view! {
            <div class="note note-attention said" role="alert">
                <Icon icon=icondata_lu::LuTriangleAlert/>
                <div>
                    <p>
                        <strong>"Not everything went through."</strong>
                    </p>
                    <ul class="said-refused">{lines.collect_view()}</ul>
                </div>
            </div>
        }
    });
    view! {
        {done}
        {refused}
    }
    .into_any()
}
