//! Links from a change to the one it undoes and to the one that undid it.

use crate::ui::{Icon, icons};
use domain::{
    change::Change,
    id::{ChangeId, InspectionId},
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Changes that have been undone, with the last change that undid them.
pub(crate) type Undone = BTreeMap<ChangeId, ChangeId>;

/// Returns the changes that later ones among them undo.
pub(crate) fn undone_among(changes: &[Change]) -> Undone {
    let mut undone = Undone::new();
    for change in changes {
        if let Some(undoes) = change.record.data.undoes {
            let by = undone.entry(undoes).or_insert(change.id);
            *by = change.id.max(*by);
        }
    }
    undone
}

/// Returns a stable address of a change: at the top of the history page that starts with it.
fn address(inspection: InspectionId, change: ChangeId) -> String {
    let after = change.0 + 1;
    format!("/inspections/{inspection}/history?before={after}#change-{change}")
}

/// Links to the change it undoes or restores, and to the one that undid it; empty without either.
#[component]
pub fn UndoLinks(
    /// Change to show.
    change: Change,
    /// Change that last undid it, if any.
    undone_by: Signal<Option<ChangeId>>,
) -> impl IntoView {
    let inspection = change.inspection_id;
    let undoes = change.record.data.undoes.map(|undone| {
        view! {
            <a href=address(inspection, undone)>
                <Icon icon=icons::CORNER_DOWN_LEFT/>
                "Undoes an earlier change"
            </a>
        }
    });
    let restores = change.record.data.restores.map(|point| {
        view! {
            <a href=format!("/inspections/{inspection}?at={point}")>
                <Icon icon=icons::ARCHIVE_RESTORE/>
                "Restores an earlier state"
            </a>
        }
    });
    let undone = move || {
        undone_by.get().map(|by| {
            view! {
                <a href=address(inspection, by)>
                    <Icon icon=icons::CORNER_LEFT_UP/>
                    "Undone by a later change"
                </a>
            }
        })
    };
    view! { {undoes} {restores} {undone} }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::change::{Action, Data, MutationKind, Record};

    fn change(id: i64, undoes: Option<i64>) -> Change {
        let data = Data { undoes: undoes.map(ChangeId), ..Data::default() };
        Change {
            id: ChangeId(id),
            inspection_id: InspectionId(1),
            created_at: chrono::DateTime::UNIX_EPOCH,
            user_id: None,
            user_name: "Ida Example".into(),
            request_id: uuid::Uuid::nil(),
            ordinal: 1,
            record: Record {
                action: Action::Edit,
                kind: MutationKind::Edit,
                fields: Vec::new(),
                related: None,
                data,
            },
        }
    }

    #[test]
    fn what_was_undone_twice_names_the_last() {
        let changes = [change(9, Some(4)), change(7, Some(4)), change(5, Some(3)), change(4, None)];
        let found: Vec<_> = undone_among(&changes).into_iter().map(|(a, b)| (a.0, b.0)).collect();
        assert_eq!(found, [(3, 5), (4, 9)]);
        assert_eq!(
            address(InspectionId(1), ChangeId(4)),
            "/inspections/1/history?before=5#change-4"
        );
    }
}
