//! What the pages about the past ask the server for.

use crate::error::AppError;
use domain::{Change, ChangeId, Comparison, Inspection, InspectionId, SectionId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The name in an address of the change after which an inspection is shown; and of its number, which
/// is what a slider can say.
pub(super) const AT: &str = "at";
pub(super) const STEP: &str = "step";

/// The same for the two moments that are compared.
pub(super) const FROM: (&str, &str) = ("from", "from_step");
pub(super) const TO: (&str, &str) = ("to", "to_step");
/// In the place of a change: the newest that whoever looks reviewed.
#[cfg(feature = "ssr")]
const REVIEW: &str = "review";

/// An inspection as it stood after one of its changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastView {
    /// The inspection as it stood.
    pub inspection: Inspection,
    /// The change after which it stood so.
    pub change: Change,
    /// How many changes that one is from the first, which is 1.
    pub step: i64,
    /// How many there are.
    pub steps: i64,
    /// The change before it, if it is not the first.
    pub previous: Option<ChangeId>,
    /// The change after it, if it is not the last.
    pub next: Option<ChangeId>,
    /// Whether the inspection stands otherwise now.
    pub differs: bool,
    /// Whether whoever looks may have a report made.
    pub may_report: bool,
    /// Whether to offer them to bring this moment back.
    pub may_restore: bool,
    /// For the plain form that makes a report.
    pub request: Uuid,
}

/// One of the two moments that are compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// The change after which the inspection stood so.
    pub change: Change,
    /// Its number, from 1.
    pub step: i64,
}

/// Two moments of an inspection side by side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompareView {
    /// Which inspection.
    pub inspection: InspectionId,
    /// Its reference.
    pub reference: String,
    /// What it is called now.
    pub name: String,
    /// The earlier moment, or whichever was given as such.
    pub from: Side,
    /// The later one.
    pub to: Side,
    /// How many changes there are.
    pub steps: i64,
    /// Whether everything since a review was asked for, and there was none.
    pub never_reviewed: bool,
    /// What differs.
    pub comparison: Comparison,
    /// What the sections of both are called.
    pub titles: Vec<(SectionId, String)>,
}

/// An inspection as it stood at the moment that this query string names.
#[server(name = AskPast)]
pub async fn past(inspection: InspectionId, query: String) -> Result<PastView, AppError> {
    server::past(inspection, &query).await
}

/// The two moments that this query string names; from the first change, and to the last, where it
/// names none.
#[server(name = AskComparison)]
pub async fn comparison(inspection: InspectionId, query: String) -> Result<CompareView, AppError> {
    server::comparison(inspection, &query).await
}

#[cfg(feature = "ssr")]
mod server {
    use super::{AT, CompareView, FROM, PastView, REVIEW, STEP, Side, TO};
    use crate::{
        auth::actor,
        error::AppError,
        inspections::{api::server::visible, form::Typed},
        request_id,
    };
    use domain::{Action, ChangeId, InspectionId, Role, compare, may};
    use leptos::prelude::expect_context;
    use std::collections::BTreeMap;
    use store::{At, Moment, Store};

    pub(super) async fn past(id: InspectionId, query: &str) -> Result<PastView, AppError> {
        let viewer = actor()?;
        let store = expect_context::<Store>();
        let now = visible(&store, &viewer, id).await?;
        let at = asked(query, (AT, STEP))?.unwrap_or(At::Change(now.head));
        let moment = moment(&store, id, at).await?;
        let Moment { inspection, change, step, steps, previous, next } = moment;
        let differs = !compare(&now, &inspection).is_empty();
        Ok(PastView {
            differs,
            may_report: may(&viewer, Action::CreatePdf, &now).is_ok(),
            may_restore: differs && viewer.role != Role::Reviewer,
            request: request_id::new(),
            inspection,
            change,
            step,
            steps,
            previous,
            next,
        })
    }

    pub(super) async fn comparison(id: InspectionId, query: &str) -> Result<CompareView, AppError> {
        let viewer = actor()?;
        let store = expect_context::<Store>();
        let now = visible(&store, &viewer, id).await?;
        let since_review = typed(query).get(FROM.0).is_some_and(|it| it == REVIEW);
        let from = match since_review {
            true => store.last_reviewed(id, viewer.id).await?.map(At::Change),
            false => asked(query, FROM)?,
        };
        let never_reviewed = since_review && from.is_none();
        let from = from.unwrap_or(At::Step(1));
        let to = asked(query, TO)?.unwrap_or(At::Change(now.head));
        let (from, to) = (moment(&store, id, from).await?, moment(&store, id, to).await?);
        let sections = from.inspection.sections.iter().chain(&to.inspection.sections);
        let titles: BTreeMap<_, _> = sections.map(|it| (it.id, it.title.clone())).collect();
        Ok(CompareView {
            inspection: id,
            reference: now.reference,
            name: now.name,
            comparison: compare(&from.inspection, &to.inspection),
            steps: to.steps,
            never_reviewed,
            from: Side { change: from.change, step: from.step },
            to: Side { change: to.change, step: to.step },
            titles: titles.into_iter().collect(),
        })
    }

    async fn moment(store: &Store, id: InspectionId, at: At) -> Result<Moment, AppError> {
        store.moment(id, at).await?.ok_or_else(no_moment)
    }

    fn typed(query: &str) -> Typed {
        let query = query.trim_start_matches('?').as_bytes();
        form_urlencoded::parse(query).into_owned().collect()
    }

    /// The moment that a query string names by a change, or by its number.
    fn asked(query: &str, (change, step): (&str, &str)) -> Result<Option<At>, AppError> {
        let typed = typed(query);
        let number = |name| match typed.get(name).map(|text| text.parse::<i64>()) {
            None => Ok(None),
            Some(Ok(number)) => Ok(Some(number)),
            Some(Err(_)) => Err(AppError::unreadable(
                typed.get(name).map_or("", String::as_str),
                "Choose a change from the history of the inspection.",
            )),
        };
        let change = number(change)?.map(|change| At::Change(ChangeId(change)));
        Ok(change.or(number(step)?.map(At::Step)))
    }

    fn no_moment() -> AppError {
        AppError::NotFound(
            "This inspection has no such change. Choose one from its history.".into(),
        )
    }
}
