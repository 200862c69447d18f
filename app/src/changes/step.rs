//! Steps taken from a row: under way, done, refused.

use super::api::{Stepped, TakeStep};
use crate::error::AppError;
use domain::{ChangeId, Status};
use leptos::prelude::*;

/// The keys in the address that lead a refused form back to its row with what was typed.
const ROW: &str = "row";
const REASON: &str = "reason";

/// The steps taken from the rows of a page.
#[derive(Clone, Copy)]
pub(super) struct Steps {
    /// What the forms send.
    pub(super) action: ServerAction<TakeStep>,
    acting: RwSignal<Option<ChangeId>>,
    refused: RwSignal<Option<(ChangeId, AppError)>>,
    typed: StoredValue<Option<(ChangeId, String)>>,
}

impl Steps {
    /// No step yet, but for one that was refused without JavaScript: the address says so.
    pub(super) fn new(query: &str) -> Self {
        let action = ServerAction::<TakeStep>::new();
        let typed = came_back(query);
        let error = action.value().get_untracked().and_then(Result::err);
        let refused = typed.as_ref().map(|(row, _)| *row).zip(error);
        let acting = RwSignal::new(None);
        Effect::new(move || {
            if let Some(input) = action.input().get() {
                acting.set(Some(input.row));
            }
        });
        Self { action, acting, refused: RwSignal::new(refused), typed: StoredValue::new(typed) }
    }

    /// Calls `done` after each step, whether it was taken or refused.
    pub(super) fn after(self, done: impl Fn(Result<Stepped, AppError>) + 'static) {
        let Self { action, acting, refused, .. } = self;
        Effect::new(move || {
            let Some(answer) = action.value().get() else { return };
            let Some(row) = acting.get_untracked() else { return };
            refused.set(answer.as_ref().err().map(|error| (row, error.clone())));
            done(answer);
        });
    }

    /// Whether that step is under way from that row.
    pub(super) fn busy(self, row: ChangeId, to: Status) -> Signal<bool> {
        Signal::derive(move || {
            self.action.input().with(|input| {
                input.as_ref().is_some_and(|input| input.row == row && input.to == to)
            })
        })
    }

    /// Why the last step was refused, if it was taken from that row.
    pub(super) fn refused_at(self, row: ChangeId) -> Option<AppError> {
        self.refused.get().filter(|(at, _)| *at == row).map(|(_, error)| error)
    }

    /// The reason typed in that row before the page was made anew.
    pub(super) fn reason_at(self, row: ChangeId) -> Option<String> {
        self.typed.get_value().filter(|(at, _)| *at == row).map(|(_, reason)| reason)
    }
}

/// The row and the reason in an address that [`lead_back`] made after a refusal.
fn came_back(query: &str) -> Option<(ChangeId, String)> {
    let find = |wanted| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(key, _)| key == wanted).map(|(_, value)| value.into_owned())
    };
    Some((find(ROW)?.parse().ok()?, find(REASON)?))
}

/// Leads a plain form back to its row.
#[cfg(feature = "ssr")]
pub(super) fn lead_back(row: ChangeId, typed: &str, refused: Option<&AppError>) {
    if !crate::error::for_plain_form() {
        return;
    }
    let referer = use_context::<http::request::Parts>()
        .and_then(|request| {
            Some(request.headers.get(http::header::REFERER)?.to_str().ok()?.to_owned())
        })
        .unwrap_or_default();
    let refused = refused.map(|error| (error, typed));
    leptos_axum::redirect(&address_back(&referer, row, refused));
}

/// The dashboard as it was filtered, at that row; with the error and what was typed, if any.
#[cfg(feature = "ssr")]
fn address_back(referer: &str, row: ChangeId, refused: Option<(&AppError, &str)>) -> String {
    use leptos::server_fn::{ServerFn, error::ServerFnUrlError};
    let query = referer.split_once('?').map_or("", |(_, query)| query);
    let query = query.split('#').next().unwrap_or_default();
    let mut query = domain::ChangeFilter::from_query(query).0.to_query();
    if let Some((error, typed)) = refused {
        let error =
            ServerFnUrlError::new(TakeStep::PATH, error.clone()).to_url("http://plumbline/");
        let error = error.ok().and_then(|url| url.query().map(str::to_owned)).unwrap_or_default();
        let back = form_urlencoded::Serializer::new(String::new())
            .append_pair(ROW, &row.to_string())
            .append_pair(REASON, typed)
            .finish();
        query = [query, back, error].join("&").trim_start_matches('&').to_owned();
    }
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/changes{mark}{query}#{}", super::row::row_id(row))
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn leads_back_to_the_row_under_the_same_filter() {
        let back = |referer| address_back(referer, ChangeId(7), None);
        assert_eq!(
            back("https://example.org/changes?action=edit&row=3&reason=x&__err=y"),
            "/changes?action=edit#change-7"
        );
        assert_eq!(back("https://example.org/changes"), "/changes#change-7");
        assert_eq!(back(""), "/changes#change-7");
        assert_eq!(back("//elsewhere.example/?q=a#b"), "/changes?q=a#change-7");
    }

    #[test]
    fn brings_back_what_was_typed() {
        let error = AppError::Forbidden("No.".into());
        let address =
            address_back("http://h/changes?q=roof", ChangeId(7), Some((&error, "Wet & worn?")));
        assert!(address.starts_with("/changes?q=roof&row=7&reason="), "{address}");
        assert!(address.contains("&__path=") && address.ends_with("#change-7"), "{address}");
        let query = address.split(['?', '#']).nth(1).unwrap();
        assert_eq!(came_back(query), Some((ChangeId(7), "Wet & worn?".into())));
    }
}
