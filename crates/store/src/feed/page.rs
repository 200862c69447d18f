//! One page of the feed.

use super::row;
use crate::{
    Error, Store,
    db::Tx,
    feed_cache::{OrdinalRange, RequestSpan},
    sql::{numbers, sql},
};
use change_index::{
    BoundedSearch, Counts, EvaluatedSearch, GroupSummary, Members,
    tokens::{self, TokenQuery},
};
use domain::{
    change::Action,
    feed::{ChangeFilter, ChangePage, Count, Entry, EntryKey, Group, StateCounts, Summary},
    id::{ChangeId, InspectionId},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// An entry, and those of its changes that are shown.
struct FeedHit {
    key: EntryKey,
    /// Its newest match.
    newest: i64,
    shown: Vec<ChangeId>,
    count: u64,
    /// All of its changes, whether they match or not.
    members: Members,
}

impl FeedHit {
    /// Returns the entry with these members; `None` if none of them matches.
    fn new(
        key: EntryKey,
        members: Members,
        most: usize,
        search: &BoundedSearch<'_, Tx>,
    ) -> Option<Self> {
        let shown = search.newest_members(&members, most);
        let newest = *shown.first()?;
        let shown = shown.into_iter().map(ChangeId).collect();
        Some(Self { key, newest, shown, count: search.count_members(&members), members })
    }
}

/// Returns the page that a filter asks for. If `last` is given, its entries include no change after
/// it; its counts do.
pub(super) async fn of<'a>(
    store: &'a Store,
    tx: &'a mut Tx,
    filter: &ChangeFilter,
    last: Option<ChangeId>,
) -> Result<ChangePage, Error> {
    let mut search = store.search(tx, filter).await?;
    let newest = search.newest_of_all().map(ChangeId);
    let Counts { matching, all_states, unreviewed, flagged, actions } = search.count().await?;
    let mut later = 0;
    if let Some(last) = last {
        later = search.count_after(last.0).await?;
    }
    let search = search.bound(last.map(|last| last.0));
    let (mut found, mut search) = entries(store, search, filter).await?;
    let page = filter.group.page();
    let more = found.len() > page;
    found.truncate(page);
    let next = found.last().filter(|_| more).map(|entry| ChangeId(entry.newest));
    Ok(ChangePage {
        entries: read(store, &mut search, found).await?,
        total: Count::of(matching),
        counts: Action::ALL.into_iter().zip(actions.map(Count::of)).collect(),
        tabs: StateCounts {
            unreviewed: Count::of(unreviewed),
            flagged: Count::of(flagged),
            all: Count::of(all_states),
        },
        next,
        later: Count::of(later),
        newest: last.filter(|last| newest.is_none_or(|newest| *last < newest)).or(newest),
    })
}

/// Reads the shown changes of these entries and their summaries. An entry that is shown whole is
/// summarised from its rows.
async fn read(
    store: &Store,
    search: &mut BoundedSearch<'_, Tx>,
    found: Vec<FeedHit>,
) -> Result<Vec<Entry>, Error> {
    let shown: Vec<ChangeId> = found.iter().flat_map(|entry| entry.shown.clone()).collect();
    let rows = row::read(search.storage(), &shown).await?;
    let mut rows: BTreeMap<_, _> = rows.into_iter().map(|row| (row.change.id, row)).collect();
    let (mut entries, mut larger, mut members) = (Vec::new(), Vec::new(), Vec::new());
    for found in found {
        let rows: Vec<_> = found.shown.iter().filter_map(|id| rows.remove(id)).collect();
        if let Some(newest) = rows.first().filter(|_| found.count > rows.len() as u64) {
            larger.push(entries.len());
            members.push((found.members, newest.change.inspection_id));
        }
        let summary = Summary::of(&rows);
        entries.push(Entry { key: found.key, rows, count: Count::of(found.count), summary });
    }
    if members.is_empty() {
        return Ok(entries);
    }
    let sums = search.summaries(&members).await?;
    let named =
        |sum: &GroupSummary| sum.people.iter().copied().take(Summary::NAMED).collect::<Vec<_>>();
    let named: Vec<i64> = sums.iter().flat_map(named).collect();
    let names = names(store, search.storage(), &named).await?;
    for ((at, sum), (_, inspection)) in larger.into_iter().zip(sums).zip(members) {
        let people = sum.people.iter().take(Summary::NAMED);
        entries[at].summary = Summary {
            states: sum.states,
            actions: sum.actions,
            people: people.filter_map(|id| names.get(id).cloned()).collect(),
            others: sum.people.len().saturating_sub(Summary::NAMED) as u64,
            inspection: sum.is_of_one.then_some(inspection),
        };
    }
    Ok(entries)
}

/// Returns the names of the authors of these changes. They are cached, because they never change.
async fn names(store: &Store, tx: &mut Tx, ids: &[i64]) -> Result<BTreeMap<i64, String>, Error> {
    let known = ids.iter().filter_map(|id| Some((*id, store.feed_cache().name(*id)?)));
    let mut names: BTreeMap<i64, String> = known.collect();
    let unknown: Vec<i64> = ids.iter().copied().filter(|id| !names.contains_key(id)).collect();
    if !unknown.is_empty() {
        let these = tx.dialect().any("id", 1);
        let text = sql(format!("select id, user_name from changes where {these}"));
        let read: Vec<(i64, String)> = text.bind(numbers(unknown)).all(tx).await?;
        store.feed_cache().insert_names(&read);
        names.extend(read);
    }
    Ok(names)
}

/// Returns the entries of the page, and one more if there is one; and the search.
async fn entries<'a>(
    store: &'a Store,
    search: BoundedSearch<'a, Tx>,
    filter: &ChangeFilter,
) -> Result<(Vec<FeedHit>, BoundedSearch<'a, Tx>), Error> {
    let below = filter.before.map_or(i64::MAX, |before| before.0);
    if filter.group == Group::Request {
        let mut grouping = Grouping::Requests(store, search);
        let found = grouped(&mut grouping, filter, below).await?;
        return Ok((found, grouping.into_search()));
    }
    let mut search = search.evaluate().await?;
    if filter.group == Group::Day {
        let found = days(&mut search, filter, below).await?;
        return Ok((found, search.into_bounded()));
    }
    let mut grouping = Grouping::Inspections(search);
    let found = grouped(&mut grouping, filter, below).await?;
    Ok((found, grouping.into_search()))
}

/// A search, in the phase that grouping its matches by request or by inspection needs.
enum Grouping<'a> {
    Requests(&'a Store, BoundedSearch<'a, Tx>),
    Inspections(EvaluatedSearch<'a, Tx>),
}

impl<'a> Grouping<'a> {
    fn search(&mut self) -> &mut BoundedSearch<'a, Tx> {
        match self {
            Self::Requests(_, search) => search,
            Self::Inspections(search) => search.as_bounded(),
        }
    }

    fn into_search(self) -> BoundedSearch<'a, Tx> {
        match self {
            Self::Requests(_, search) => search,
            Self::Inspections(search) => search.into_bounded(),
        }
    }

    async fn belonging(&mut self, ids: &[i64]) -> Result<Belonging, Error> {
        match self {
            Self::Requests(store, search) => of_requests(store, search, ids).await,
            Self::Inspections(search) => of_inspections(search, ids).await,
        }
    }
}

/// Returns the entries of the page grouped by request or by inspection, and one more if there is
/// one.
async fn grouped(
    grouping: &mut Grouping<'_>,
    filter: &ChangeFilter,
    below: i64,
) -> Result<Vec<FeedHit>, Error> {
    let page = filter.group.page();
    let mut found: Vec<FeedHit> = Vec::new();
    loop {
        // Number of changes read at once to find the entries that they belong to.
        let ids = grouping.search().newest(below, 2 * page).await?;
        if ids.is_empty() {
            return Ok(found);
        }
        let (keys, mut members) = grouping.belonging(&ids).await?;
        let search = grouping.search();
        let mut returned: Vec<EntryKey> = Vec::new();
        for id in ids {
            let Some(key) = keys.get(&id).copied().filter(|key| !returned.contains(key)) else {
                continue;
            };
            returned.push(key);
            let entry = match members.remove(&key).filter(|members| !members.is_empty()) {
                Some(members) => {
                    search.mark_returned(&members);
                    FeedHit::new(key, members, filter.shown(), search)
                }
                None => {
                    search.mark_one_returned(id);
                    let (shown, members) = (vec![ChangeId(id)], Members::default());
                    Some(FeedHit { key, newest: id, shown, count: 1, members })
                }
            };
            // Otherwise it is on an earlier page, because it has a newer match.
            found.extend(entry.filter(|entry| entry.newest < below));
            if found.len() > page {
                return Ok(found);
            }
        }
    }
}

/// Returns the entries of the page grouped by day, and one more if there is one.
async fn days(
    search: &mut EvaluatedSearch<'_, Tx>,
    filter: &ChangeFilter,
    below: i64,
) -> Result<Vec<FeedHit>, Error> {
    let days = search.newest_days(below, filter.group.page() + 1).await?;
    let search = search.as_bounded();
    let days = days.into_iter().filter_map(|(day, members)| {
        FeedHit::new(EntryKey::Day(day), members, filter.shown(), search)
    });
    Ok(days.collect())
}

/// Entries by change, and all members of each entry, whether they match or not.
type Belonging = (BTreeMap<i64, EntryKey>, BTreeMap<EntryKey, Members>);

/// Returns the inspections of these changes.
async fn of_inspections(
    evaluated: &mut EvaluatedSearch<'_, Tx>,
    ids: &[i64],
) -> Result<Belonging, Error> {
    let search = evaluated.as_bounded();
    let these = search.storage().dialect().any("id", 1);
    let text = format!("select id, inspection_id from changes where {these}");
    let found: Vec<(i64, i64)> =
        sql(text).bind(numbers(ids.iter().copied())).all(search.storage()).await?;
    let inspections: BTreeSet<_> = found.iter().map(|(_, id)| InspectionId(*id)).collect();
    let asked: Vec<_> =
        inspections.iter().map(|id| TokenQuery::One(tokens::inspection(*id))).collect();
    let members = evaluated.members_with(&asked).await?;
    let key = |(id, inspection)| (id, EntryKey::Inspection(InspectionId(inspection)));
    let inspections = inspections.into_iter().map(EntryKey::Inspection);
    Ok((found.into_iter().map(key).collect(), inspections.zip(members).collect()))
}

/// Returns the requests that made these changes, without members for requests of a single change,
/// as most are. The changes of a request are nearly always consecutive, which is known once their
/// number equals that of all changes between the first and the last.
async fn of_requests(
    store: &Store,
    search: &mut BoundedSearch<'_, Tx>,
    ids: &[i64],
) -> Result<Belonging, Error> {
    let these = search.storage().dialect().any("id", 1);
    let text = format!(
        "with asked as (select id, request_id from changes where {these}) \
         select a.id, a.request_id, s.first, s.last from asked as a join (select r.request_id, \
         (select min(c.ordinal) from changes as c where c.request_id = r.request_id) as first, \
         (select max(c.ordinal) from changes as c where c.request_id = r.request_id) as last \
         from (select distinct request_id from asked) as r) as s on s.request_id = a.request_id"
    );
    let found: Vec<(i64, Uuid, i64, i64)> =
        sql(text).bind(numbers(ids.iter().copied())).all(search.storage()).await?;
    let keys = found.iter().map(|(id, request, ..)| (*id, EntryKey::Request(*request))).collect();
    let mut several = BTreeMap::new();
    for (id, request, first, last) in found {
        if first < last {
            several.insert(request, (id, OrdinalRange { first, last }));
        }
    }
    let spans = request_spans(store, search.storage(), &several).await?;
    let mut found = BTreeMap::new();
    for (request, RequestSpan { first, last, number }) in spans {
        let members = match search.consecutive(first, last, number).await? {
            Some(members) => members,
            None => {
                let text = "select id from changes where request_id = $1 order by id";
                let ids: Vec<(i64,)> = sql(text).bind(request).all(search.storage()).await?;
                search.members(&ids.into_iter().map(|(id,)| id).collect::<Vec<_>>()).await?
            }
        };
        found.insert(EntryKey::Request(request), members);
    }
    Ok((keys, found))
}

/// Returns the spans of these requests, each given with one of its changes and its ordinals.
async fn request_spans(
    store: &Store,
    tx: &mut Tx,
    requests: &BTreeMap<Uuid, (i64, OrdinalRange)>,
) -> Result<Vec<(Uuid, RequestSpan)>, Error> {
    let cache = store.feed_cache();
    let (mut spans, mut unknown) = (Vec::new(), Vec::new());
    for (request, (change, ordinals)) in requests {
        match cache.span(*request, *ordinals) {
            Some(span) => spans.push((*request, span)),
            None => unknown.push(*change),
        }
    }
    if unknown.is_empty() {
        return Ok(spans);
    }
    let these = tx.dialect().any("f.id", 1);
    let text = format!(
        "select f.request_id, min(c.id), max(c.id), count(*) from changes as f \
         join changes as c on c.request_id = f.request_id where {these} group by f.request_id"
    );
    let read: Vec<(Uuid, i64, i64, i64)> = sql(text).bind(numbers(unknown)).all(tx).await?;
    for (request, first, last, number) in read {
        let number = u64::try_from(number).unwrap_or_default();
        let span = RequestSpan { first, last, number };
        if let Some((_, ordinals)) = requests.get(&request) {
            cache.insert_span(request, *ordinals, span);
        }
        spans.push((request, span));
    }
    Ok(spans)
}
