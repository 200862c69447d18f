//! Reading of the index.

use super::changes;
use crate::{
    Error,
    db::Tx,
    sql::{numbers, sql, texts},
};
use change_index::{
    IndexHead, IndexStorage, IndexedChange, PostingsPage, ReviewStatesRow, SegmentKey,
    StoredSegment, tokens::TokenQuery,
};
use std::collections::BTreeSet;

/// A row of `index_blocks`.
#[derive(sqlx::FromRow)]
pub(super) struct SegmentRow {
    id: i64,
    level: i64,
    number: i64,
    first_day: String,
    last_day: String,
}

impl TryFrom<SegmentRow> for StoredSegment {
    type Error = Error;

    fn try_from(row: SegmentRow) -> Result<Self, Error> {
        let SegmentRow { id, level, number, first_day, last_day } = row;
        let key = SegmentKey::new(level, number).ok_or_else(|| Error::Unreadable {
            table: "index_blocks",
            column: "level",
            id,
            problem: format!("there are no segments of level {level}"),
        })?;
        Ok(Self { id, key, first_day, last_day })
    }
}

/// A segment, joined with the newest change and the newest version of any row of review states.
/// There is one row without a segment if there is no segment yet.
#[derive(sqlx::FromRow)]
struct HeadRow {
    newest: Option<i64>,
    version: i64,
    id: Option<i64>,
    level: Option<i64>,
    number: Option<i64>,
    first_day: Option<String>,
    last_day: Option<String>,
}

impl HeadRow {
    fn segment(self) -> Option<SegmentRow> {
        Some(SegmentRow {
            id: self.id?,
            level: self.level?,
            number: self.number?,
            first_day: self.first_day?,
            last_day: self.last_day?,
        })
    }
}

/// Reads pages as the statement returns them: row id of the segment, first token, posting lists.
pub(super) fn pages(rows: Vec<(i64, String, Vec<u8>)>) -> Vec<(i64, PostingsPage)> {
    let page = |(id, first_token, postings)| (id, PostingsPage { first_token, postings });
    rows.into_iter().map(page).collect()
}

impl IndexStorage for Tx {
    type Error = Error;

    async fn head(&mut self) -> Result<IndexHead, Error> {
        let text = "select n.newest, n.version, b.id, b.level, b.number, b.first_day, b.last_day \
             from (select (select max(id) from changes) as newest, \
             (select coalesce(max(version), 0) from review_states) as version) as n \
             left join index_blocks as b on true";
        let rows: Vec<HeadRow> = sql(text).all(self).await?;
        let newest = rows.first().and_then(|row| row.newest);
        let review_version = rows.first().map_or(0, |row| row.version);
        let segments = rows.into_iter().filter_map(HeadRow::segment);
        let segments = segments.map(StoredSegment::try_from).collect::<Result<_, _>>()?;
        Ok(IndexHead { newest, review_version, segments })
    }

    async fn changes_from(&mut self, first: i64) -> Result<Vec<IndexedChange>, Error> {
        changes::read(self, first, None).await
    }

    async fn pages(
        &mut self,
        segments: &[i64],
        queries: &BTreeSet<TokenQuery>,
    ) -> Result<Vec<(i64, PostingsPage)>, Error> {
        let dialect = self.dialect();
        let first = texts(queries.iter().map(TokenQuery::first));
        let mut values = vec![numbers(segments.iter().copied()), first];
        let mut text = format!(
            "select p.block_id, p.first_token, p.postings from {} cross join {} \
             cross join index_pages as p where p.block_id = b.value and p.first_token = (\
             select max(first_token) from index_pages \
             where block_id = b.value and first_token <= t.value)",
            dialect.values("b", 1),
            dialect.values("t", 2)
        );
        for (first, end) in queries.iter().filter_map(TokenQuery::range) {
            values.extend([first.into(), end.into()]);
            text.push_str(&format!(
                " union all select block_id, first_token, postings from index_pages \
                 where {} and first_token > ${} and first_token < ${}",
                dialect.any("block_id", 1),
                values.len() - 1,
                values.len()
            ));
        }
        Ok(pages(sql(text).bind_all(values).all(self).await?))
    }

    async fn review_states(&mut self, version: i64) -> Result<Vec<ReviewStatesRow>, Error> {
        let text = "select number, reviewed, flagged from review_states where version > $1";
        let rows: Vec<(i64, Vec<u8>, Vec<u8>)> = sql(text).bind(version).all(self).await?;
        let row = |(number, reviewed, flagged)| ReviewStatesRow { number, reviewed, flagged };
        Ok(rows.into_iter().map(row).collect())
    }
}
