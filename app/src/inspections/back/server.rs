//! The server's side of `api`.

use super::{
    api::{ALL, BackView, CHANGE, FAILED, Meant, TO},
    place,
};
use crate::{
    auth::actor,
    error::AppError,
    inspections::{
        api::server::visible,
        form::Typed,
        plain::{request_of, required},
    },
    request_id,
};
use domain::{
    Change, ChangeId, Clash, Denied, Inspection, InspectionId, Left, Refusal, Undo, Way, compare,
};
use leptos::prelude::expect_context;
use leptos_axum::redirect;
use std::collections::{BTreeMap, BTreeSet};
use store::{At, Clock, Store};

/// What a form or an address asks for.
#[derive(Clone, Copy)]
enum Asked {
    Undo { change: ChangeId, all: bool },
    Restore { to: ChangeId },
}

pub(super) async fn preview(id: InspectionId, query: &str) -> Result<BackView, AppError> {
    let viewer = actor()?;
    let store = expect_context::<Store>();
    let now = visible(&store, &viewer, id).await?;
    let typed: Typed =
        form_urlencoded::parse(query.trim_start_matches('?').as_bytes()).into_owned().collect();
    let plan = match asked(&typed)? {
        Asked::Undo { change, all } => undo(&store, &now, change, all, &typed).await?,
        Asked::Restore { to } => restore(&store, &now, to).await?,
    };
    let Planned { meant, way, clashes, left, refused } = plan;
    let denied = way.allowed(&viewer, &now).err().map(in_words);
    let sections = now.sections.iter().chain(&way.end.sections);
    let titles: BTreeMap<_, _> = sections.map(|it| (it.id, it.title.clone())).collect();
    Ok(BackView {
        inspection: id,
        head: now.head,
        meant,
        deeds: way.steps.iter().map(domain::Record::deed).collect(),
        comparison: compare(&now, &way.end),
        titles: titles.into_iter().collect(),
        clashes,
        left,
        refused: refused.or(denied),
        failed: typed.get(FAILED).map(|why| failure(why).to_owned()),
        request: request_id::new(),
        reference: now.reference,
        name: now.name,
    })
}

pub(super) async fn lead_back(form: Typed) -> Result<(), AppError> {
    let actor = actor()?;
    let id: InspectionId = required(&form, "inspection")?;
    let expected: ChangeId = required(&form, "expected")?;
    let (asked, choices) = (asked(&form)?, place::choices(&form)?);
    let (store, clock) = (expect_context::<Store>(), expect_context::<Clock>());
    let mut work = store.begin(&actor, request_of(&form)?, clock.now()).await?;
    let done = match asked {
        Asked::Undo { change, all } => work.undo(id, expected, (change, all), &choices).await,
        Asked::Restore { to } => work.restore(id, expected, to).await,
    };
    let why = match done {
        Ok(done) => {
            work.commit().await?;
            let last = done.last().map(|last| format!("?led-back={}", last.id));
            redirect(&format!("/inspections/{id}{}", last.unwrap_or_default()));
            return Ok(());
        }
        Err(store::Error::Conflict(_)) => "changed",
        Err(store::Error::Refused(_)) => "refused",
        Err(other) => return Err(other.into()),
    };
    redirect(&format!("/inspections/{id}/undo?{}", again(form, why)));
    Ok(())
}

/// What a planned way is shown by.
struct Planned {
    meant: Meant,
    way: Way,
    clashes: Vec<Clash>,
    left: Vec<String>,
    refused: Option<String>,
}

async fn undo(
    store: &Store,
    now: &Inspection,
    change: ChangeId,
    all: bool,
    typed: &Typed,
) -> Result<Planned, AppError> {
    // All of the request is read, to offer it even where one change alone is to be undone.
    let whole = store.to_undo(now.id, change, true).await?.ok_or_else(no_change)?;
    let alters = |change: &&Change| whole.undoes(change) && change.record.action.alters();
    let request: Vec<Change> = whole.since.iter().rev().filter(alters).cloned().collect();
    let pointed = whole.change.clone();
    let to_undo = store::ToUndo { whole_request: all, ..whole };
    let planned = to_undo.plan(now, &place::choices(typed)?);
    let (Undo { way, clashes, left }, refused) = match planned {
        Ok(undo) => (undo, None),
        Err(refusal) => (Undo::nothing(now), Some(refusal.to_string())),
    };
    let why: BTreeSet<String> = left.iter().map(|Left { why, .. }| why.to_string()).collect();
    let elsewhere = store.touched_by(pointed.request_id).await? > 1;
    let meant = Meant::Undo { change: pointed, all, request, elsewhere };
    Ok(Planned { meant, way, clashes, left: why.into_iter().collect(), refused })
}

async fn restore(store: &Store, now: &Inspection, to: ChangeId) -> Result<Planned, AppError> {
    let point = store.moment(now.id, At::Change(to)).await?.ok_or_else(no_change)?;
    let (way, refused) = match now.restore(&point.inspection) {
        Ok(way) => (way, None),
        Err(refusal) => (Undo::nothing(now).way, Some(refusal.to_string())),
    };
    let left = match way.steps.is_empty() {
        true => vec!["Already in that state.".to_owned()],
        false => Vec::new(),
    };
    let meant = Meant::Restore { change: point.change };
    Ok(Planned { meant, way, clashes: Vec::new(), left, refused })
}

fn asked(typed: &Typed) -> Result<Asked, AppError> {
    let change = |name: &str| match typed.get(name).map(|id| (id, id.parse())) {
        None => Ok(None),
        Some((_, Ok(change))) => Ok(Some(ChangeId(change))),
        Some((id, Err(_))) => {
            Err(AppError::unreadable(id, "Choose a change from the history of the inspection."))
        }
    };
    match (change(CHANGE)?, change(TO)?) {
        (Some(change), _) => Ok(Asked::Undo { change, all: typed.contains_key(ALL) }),
        (None, Some(to)) => Ok(Asked::Restore { to }),
        (None, None) => Err(no_change()),
    }
}

fn no_change() -> AppError {
    AppError::NotFound("This inspection has no such change. Choose one from its history.".into())
}

/// Why somebody may not, and what to do first where that helps.
pub(super) fn in_words(denied: Denied) -> String {
    match denied {
        Denied::Locked => {
            "This inspection is no longer a draft, so what is in it stays as it is. Revert it to \
             draft first, then undo."
                .into()
        }
        denied => Refusal::from(denied).to_string(),
    }
}

/// Why nothing was done.
fn failure(why: &str) -> &'static str {
    match why {
        "changed" => {
            "The inspection was changed while you looked at this, so nothing was done. Below is \
             what it comes to now."
        }
        _ => "Nothing was done.",
    }
}

/// The query string of the page that asks once more.
fn again(form: Typed, why: &str) -> String {
    let kept = form.into_iter().filter(|(name, _)| {
        !["inspection", "expected", "request", FAILED].contains(&name.as_str())
    });
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(kept)
        .append_pair(FAILED, why)
        .finish()
}
