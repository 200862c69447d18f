//! The feed of changes, newest first, by whatever the filter asks.

use super::Conditions;
use crate::{
    Error, Store,
    dialect::Dialect,
    rows::{self, CHANGE_COLUMNS, ChangeRecord, person},
    sql::{Bound, Sql, sql},
};
use chrono::{Days, NaiveDate, NaiveTime};
use domain::{Action, Change, ChangeFilter, ChangeId, ChangePage, ChangeRow, InspectionId, Status};
use serde::Serialize;

/// What a row of the feed knows of its inspection, beside the change.
const OF_INSPECTION: &str = "i.reference, i.name, i.status, i.change_id as head, i.removed, \
     i.inspector_id, i.inspector_name";

const JOINED: &str = "changes as c join inspections as i on i.id = c.inspection_id";

#[derive(sqlx::FromRow)]
struct FeedRow {
    #[sqlx(flatten)]
    change: ChangeRecord,
    reference: String,
    name: String,
    status: String,
    head: i64,
    removed: bool,
    inspector_id: Option<i64>,
    inspector_name: Option<String>,
}

impl TryFrom<FeedRow> for ChangeRow {
    type Error = Error;

    fn try_from(row: FeedRow) -> Result<Self, Error> {
        let change = Change::try_from(row.change)?;
        let id = change.inspection_id.0;
        Ok(Self {
            status: rows::word::<Status>("inspections", "status", id, &row.status)?,
            change,
            reference: row.reference,
            name: row.name,
            head: ChangeId(row.head),
            removed: row.removed,
            inspector: person(row.inspector_id, row.inspector_name),
        })
    }
}

impl Store {
    /// The changes of one inspection, newest first: at most `limit` of them, older than `before`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn history(
        &self,
        id: InspectionId,
        before: Option<ChangeId>,
        limit: i64,
    ) -> Result<Vec<Change>, Error> {
        let text = format!(
            "select {CHANGE_COLUMNS} from changes as c \
             where c.inspection_id = $1 and c.id < $2 order by c.id desc limit $3"
        );
        let before = before.map_or(i64::MAX, |before| before.0);
        let statement = sql(text).bind(id).bind(before).bind(limit);
        let changes: Vec<ChangeRecord> = statement.all(self.db()).await?;
        changes.into_iter().map(Change::try_from).collect()
    }

    /// A page of the feed. The counts are those of the filter without its actions, on all pages.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn changes(&self, filter: &ChangeFilter) -> Result<ChangePage, Error> {
        let mut tx = self.db().read().await?;
        let page = page_of(tx.dialect(), filter)?;
        let rows: Vec<FeedRow> = page.all(&mut tx).await?;
        let rows = rows.into_iter().map(ChangeRow::try_from);
        let mut rows: Vec<ChangeRow> = rows.collect::<Result<_, _>>()?;
        let most = usize::try_from(ChangePage::PAGE).unwrap_or(usize::MAX);
        let more = rows.len() > most;
        rows.truncate(most);
        let counts = counts_of(tx.dialect(), filter)?;
        let counts: Vec<(String, i64)> = counts.all(&mut tx).await?;
        let count = |action: Action| {
            let found = counts.iter().find(|(slug, _)| slug == action.slug());
            (action, found.map_or(0, |(_, count)| *count))
        };
        Ok(ChangePage {
            next: rows.last().filter(|_| more).map(|row| row.change.id),
            counts: Action::ALL.into_iter().map(count).collect(),
            rows,
        })
    }

    /// One change, with what the feed shows beside it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn change(&self, id: ChangeId) -> Result<Option<ChangeRow>, Error> {
        let text =
            format!("select {CHANGE_COLUMNS}, {OF_INSPECTION} from {JOINED} where c.id = $1");
        let row: Option<FeedRow> = sql(text).bind(id).optional(self.db()).await?;
        row.map(ChangeRow::try_from).transpose()
    }

    /// How the database goes about a page of the feed, line by line: for those who tune it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn explain_changes(&self, filter: &ChangeFilter) -> Result<Vec<String>, Error> {
        let page = page_of(self.db().dialect(), filter)?;
        match self.db().dialect() {
            Dialect::Sqlite => {
                let plan = page.prefixed("explain query plan ");
                let lines: Vec<(i64, i64, i64, String)> = plan.all(self.db()).await?;
                Ok(lines.into_iter().map(|(.., line)| line).collect())
            }
            Dialect::Postgres => {
                let lines: Vec<(String,)> = page.prefixed("explain ").all(self.db()).await?;
                Ok(lines.into_iter().map(|(line,)| line).collect())
            }
        }
    }
}

/// One page of the feed, and one row more to tell whether another follows.
fn page_of(dialect: Dialect, filter: &ChangeFilter) -> Result<Sql, Error> {
    let mut conditions = conditions(dialect, filter)?;
    one_or_any(&mut conditions, "c.action", &filter.actions, Dialect::any_text)?;
    if let Some(before) = filter.before {
        conditions.about(before, |_, bind| format!("c.id < ${bind}"));
    }
    let limit = conditions.value(ChangePage::PAGE + 1);
    let text = format!(
        "select {CHANGE_COLUMNS}, {OF_INSPECTION} from {JOINED}{} order by c.id desc limit ${limit}",
        conditions.clause()
    );
    Ok(sql(text).bind_all(conditions.values))
}

fn counts_of(dialect: Dialect, filter: &ChangeFilter) -> Result<Sql, Error> {
    let conditions = conditions(dialect, filter)?;
    let from = if filter.words.is_empty() { "changes as c" } else { JOINED };
    let text =
        format!("select c.action, count(*) from {from}{} group by c.action", conditions.clause());
    Ok(sql(text).bind_all(conditions.values))
}

/// What the filter asks, without its actions and its page.
fn conditions(dialect: Dialect, filter: &ChangeFilter) -> Result<Conditions, Error> {
    let mut conditions = Conditions::new(dialect);
    one_or_any(&mut conditions, "c.user_id", &filter.users, Dialect::any_number)?;
    one_or_any(&mut conditions, "c.inspection_id", &filter.inspections, Dialect::any_number)?;
    if !filter.fields.is_empty() {
        let fields = rows::json(&filter.fields)?;
        conditions.about(fields, |dialect, bind| dialect.shares("c.fields", bind));
    }
    if let Some(from) = filter.from {
        conditions.about(midnight(from), |_, bind| format!("c.created_at >= ${bind}"));
    }
    if let Some(next) = filter.to.and_then(|to| to.checked_add_days(Days::new(1))) {
        conditions.about(midnight(next), |_, bind| format!("c.created_at < ${bind}"));
    }
    conditions.words(
        &filter.words,
        &["i.reference", "i.name", "c.user_name", "c.related_str"],
        &["c.related_data"],
    );
    Ok(conditions)
}

/// Adds that a column has one of these values; where there is but one, in a form for which an index
/// gives the rows in the order of the feed.
fn one_or_any<T: Serialize + Copy + Into<Bound>>(
    conditions: &mut Conditions,
    column: &str,
    values: &[T],
    any: impl FnOnce(Dialect, &str, usize) -> String,
) -> Result<(), Error> {
    match values {
        [] => {}
        [value] => conditions.about(*value, |_, bind| format!("{column} = ${bind}")),
        values => {
            let values = rows::json(values)?;
            conditions.about(values, |dialect, bind| any(dialect, column, bind));
        }
    }
    Ok(())
}

fn midnight(day: NaiveDate) -> i64 {
    day.and_time(NaiveTime::MIN).and_utc().timestamp_micros()
}
