//! Tests of the feed of changes: pages, filters and counts.

use crate::support::*;
use domain::{
    change::{Action, Change, Mutation},
    feed::{ChangeFilter, ChangePage, Count, EntryKey, EntryPage, Group, ReviewState},
    id::{ChangeId, InspectionId, UserId},
    inspection::{Field, Status, Target, Value},
    people::Role,
};
use futures::TryStreamExt;
use uuid::Uuid;

/// Returns the ids of all matches, regardless of pages.
async fn all_matching(case: &Case, filter: &ChangeFilter) -> Vec<i64> {
    let rows: Vec<_> = case.store.stream_changes(filter.clone()).try_collect().await.unwrap();
    rows.iter().map(|row| row.change.id.0).collect()
}

/// Returns the entries of all pages: key, shown changes and count of each.
async fn all_entries(case: &Case, filter: &ChangeFilter) -> Vec<(EntryKey, Vec<i64>, Count)> {
    let (mut filter, mut entries) = (filter.clone(), Vec::new());
    loop {
        let page = case.store.changes(&filter, None).await.unwrap();
        assert!(page.entries.len() <= filter.group.page());
        entries.extend(page.entries.iter().map(|entry| {
            let rows = entry.rows.iter().map(|row| row.change.id.0).collect();
            (entry.key, rows, entry.count)
        }));
        match page.next {
            Some(next) => filter.before = Some(next),
            None => return entries,
        }
    }
}

fn query(text: &str) -> ChangeFilter {
    let (filter, problems) = ChangeFilter::from_query(text);
    assert_eq!(problems, []);
    filter
}

on_both!(pages_follow_each_other_without_gap_or_repetition, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let mut expected = Vec::new();
    // Each request is one entry, and there are exactly two pages of them: the second is full, and
    // no page follows it.
    for number in 0..Group::Request.page() * 2 {
        let mut work = case.store.begin(&ida, Uuid::now_v7(), at(1)).await.unwrap();
        let id = work.create(named(&format!("House {number}"))).await.unwrap().inspection_id;
        let mut ids = vec![id.0];
        for number in 0..number % 13 {
            let added = work.perform(id, None, section(&format!("No. {number}"))).await.unwrap();
            ids.push(added.unwrap().id.0);
        }
        work.commit().await.unwrap();
        ids.reverse();
        let count = Count::of(ids.len() as u64);
        ids.truncate(ChangeFilter::default().shown());
        expected.push((ids, count));
    }
    expected.reverse();
    let entries = all_entries(case, &ChangeFilter::default()).await;
    let shown: Vec<_> = entries.iter().map(|(_, ids, count)| (ids.clone(), *count)).collect();
    assert_eq!(shown, expected);

    let key = entries.iter().find(|(_, ids, count)| count.exact() > Some(ids.len() as u32));
    let (key, ids, count) = key.unwrap();
    let entry = case.store.entry_changes(&ChangeFilter::default(), *key).await.unwrap();
    let EntryPage { rows, next } = entry;
    assert_eq!((rows.len() as u32, next), (count.exact().unwrap(), None));
    let before = ChangeFilter { before: Some(rows[3].change.id), ..ChangeFilter::default() };
    let rest = case.store.entry_changes(&before, *key).await.unwrap();
    assert_eq!(rest.rows, rows[4..]);
    assert_eq!(rows[0].change.id.0, ids[0]);

    let inspection = rows[0].change.inspection_id;
    let history = case.store.history(inspection, Some(rows[1].change.id), 5).await.unwrap();
    let history: Vec<_> = history.iter().map(|change| change.id).collect();
    let expected: Vec<_> = rows[2..7].iter().map(|row| row.change.id).collect();
    assert_eq!(history, expected);
});

/// Creates three people, two inspections, and changes of most kinds.
async fn busy(case: &Case) -> (UserId, UserId, InspectionId, InspectionId, Vec<Change>) {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let rita = case.person("Rita Müller", Role::Reviewer).await;
    let first = case.create(&ida, "Riverside House").await;
    let second = case.create(&ida, "Old 100% \"Mill\"").await;
    let mut changes = Vec::new();
    changes.push(case.does(&ida, first, section("Roof")).await);
    let target = Target::Section(domain::id::SectionId(changes[0].id.0));
    let notes = Value::text("Slates LOOSE at the eaves_board, 12\" of C:\\ gone");
    changes.push(case.does(&ida, first, edit(target, Field::Notes, notes)).await);
    changes.push(case.does(&ida, second, equipment("Boiler")).await);
    changes.push(case.does(&ida, second, status(Status::Review, None)).await);
    let mut work = case.store.begin(&rita, Uuid::now_v7(), at(86_400)).await.unwrap();
    let back = status(Status::Draft, Some("Größe fehlt."));
    changes.push(work.perform(second, None, back).await.unwrap().unwrap());
    work.commit().await.unwrap();
    (ida.id, rita.id, first, second, changes)
}

on_both!(filters_find_what_they_say, |case| {
    let (ida, rita, first, second, changes) = busy(case).await;
    let all = all_matching(case, &ChangeFilter::default()).await;
    assert_eq!(all.len(), 7);
    let ids = |which: &[usize]| which.iter().map(|at| changes[*at].id.0).collect::<Vec<_>>();
    let cases = [
        ("action=status-draft".into(), ids(&[4])),
        ("action=status-draft&action=add-section".into(), ids(&[4, 0])),
        (format!("user={rita}"), ids(&[4])),
        (format!("user={rita}&user={ida}"), all.clone()),
        (format!("user={rita}&action=edit"), vec![]),
        (format!("inspection={second}&action=edit"), vec![changes[2].id.0, second.0]),
        (format!("inspection={first}&inspection={second}"), all.clone()),
        ("field=status&action=status-review&action=status-draft".into(), ids(&[4, 3])),
        ("field=notes&field=kind".into(), ids(&[2, 1])),
        ("q=loose".into(), ids(&[1])),
        ("q=EAVES_board".into(), ids(&[1])),
        ("q=eav+12%22".into(), ids(&[1])),
        ("q=eavesXboard".into(), vec![]),
        ("q=ave".into(), vec![]),
        ("q=ROOF".into(), ids(&[1, 0])),
        ("q=müll".into(), ids(&[4])),
        ("q=MÜLLER+größe".into(), ids(&[4])),
        ("q=100%25+mill%22+boiler".into(), ids(&[2])),
        ("-action=edit&-action=status-review".into(), ids(&[4, 0])),
        (format!("-user={ida}"), ids(&[4])),
        (format!("-inspection={first}&action=edit"), vec![changes[2].id.0, second.0]),
        ("-field=status&field=status".into(), vec![]),
        (format!("-field=name&-field=notes&user={ida}&inspection={first}"), ids(&[0])),
        (format!("request={}", changes[3].request_id), ids(&[3])),
        ("state=unreviewed".into(), all.clone()),
        ("state=flagged".into(), vec![]),
        (format!("q=riverside&inspection={second}"), vec![]),
        ("q=kind".into(), vec![]),
        ("q=boiler+kind".into(), vec![]),
        ("from=2026-03-03".into(), ids(&[4])),
        ("to=2026-03-02".into(), all[1..].to_vec()),
    ];
    for (text, expected) in cases {
        assert_eq!(all_matching(case, &query(&text)).await, expected, "{text}");
    }
    let reference = all_matching(case, &query("q=bi-2026-0001")).await;
    assert_eq!(reference, [changes[1].id.0, changes[0].id.0, first.0]);
    let late = all_matching(case, &query("from=2026-03-03&to=2026-03-02")).await;
    assert_eq!(late, [0_i64; 0]);
});

on_both!(counts_are_those_of_the_filter_without_its_actions, |case| {
    let (_, _, first, ..) = busy(case).await;
    let page =
        case.store.changes(&query(&format!("inspection={first}&action=edit&q=i")), None).await;
    let page = page.unwrap();
    let counts: Vec<_> = page.counts.into_iter().filter(|(_, count)| !count.is_zero()).collect();
    assert_eq!(counts, [(Action::Edit, Count::of(2)), (Action::AddSection, Count::of(1))]);
    assert_eq!((page.total, page.tabs.all), (Count::of(2), Count::of(2)));
    let page = case.store.changes(&query("before=1"), None).await.unwrap();
    assert_eq!((page.entries.len(), page.counts.len()), (0, Action::ALL.len()));
    assert_eq!(page.counts.iter().filter_map(|(_, count)| count.exact()).sum::<u32>(), 7);
    assert_eq!(page.tabs.unreviewed, Count::of(7));
});

on_both!(a_row_shows_its_inspection_as_it_is_now, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let added = case.does(&ida, id, section("Roof")).await;
    case.does(&ida, id, edit(Target::Inspection, Field::Name, Value::text("Court"))).await;
    let last = case.does(&ida, id, Mutation::Remove { target: Target::Inspection }).await;
    let row = case.store.change(added.id).await.unwrap().unwrap();
    assert_eq!(row.change, added);
    assert_eq!((row.name.as_str(), row.status, row.removed), ("Court", Status::Draft, true));
    assert_eq!((row.head, row.inspector), (last.id, Some(ida.person())));
    assert_eq!(case.store.change(ChangeId(99_999)).await.unwrap(), None);
});

on_both!(a_page_that_is_read_stays_what_it_was_and_its_counts_are_the_present, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let first = case.create(&ida, "Riverside House").await;
    let last = case.does(&ida, first, section("Roof")).await.id;
    let shown = |page: &ChangePage| {
        let entries = page.entries.iter().map(|entry| {
            let ids: Vec<_> = entry.rows.iter().map(|row| row.change.id).collect();
            (entry.key, ids, entry.count, entry.summary.clone())
        });
        entries.collect::<Vec<_>>()
    };
    for group in ["request", "inspection", "day"] {
        let filter = query(&format!("group={group}&state=unreviewed"));
        let before = case.store.changes(&filter, Some(last)).await.unwrap();
        assert_eq!(before.newest, Some(last));
        // Adds a whole page of new entries, and then changes to an entry that is already shown.
        for number in 0..filter.group.page() {
            case.create(&ida, &format!("House {number}")).await;
        }
        for number in 0..6 {
            case.does(&ida, first, section(&format!("{group} {number}"))).await;
        }
        let now = case.store.changes(&filter, Some(last)).await.unwrap();
        assert_eq!((shown(&now), now.next), (shown(&before), before.next), "{group}");
        assert_eq!(now.newest, Some(last));
        let number = |count: Count| count.exact().unwrap();
        assert_eq!(
            number(now.total),
            number(before.total) + filter.group.page() as u32 + 6,
            "{group}"
        );
        assert_eq!(now.tabs.unreviewed, now.total);
        let brought_in = case.store.changes(&filter, None).await.unwrap();
        assert!(brought_in.newest > Some(last));
        assert_ne!(shown(&brought_in), shown(&before));
    }
});

on_both!(an_entry_tells_of_all_its_changes_not_of_those_it_brings_along, |case| {
    let people = ["Ida Example", "Otto Example", "Ada Example", "Zoe Example"];
    let mut actors = Vec::new();
    for name in people {
        actors.push(case.person(name, Role::Admin).await);
    }
    let id = case.create(&actors[3], "Riverside House").await;
    let other = case.create(&actors[2], "Old Mill").await;
    // The newest changes are all by one person, of one inspection, and reviewed; the others are
    // not.
    case.does(&actors[1], id, section("Roof")).await;
    let mut newest = Vec::new();
    for number in 0..7 {
        newest.push(case.does(&actors[0], id, section(&format!("No. {number}"))).await.id);
    }
    let target = store::ReviewTarget::Changes(newest.clone());
    case.store.review(&actors[0], &target, ReviewState::Reviewed, None, at(9)).await.unwrap();
    let page = case.store.changes(&query("group=day"), None).await.unwrap();
    let [entry] = &page.entries[..] else { panic!("{:?}", page.entries) };
    assert!(entry.rows.iter().all(|row| newest.contains(&row.change.id)));
    let summary = &entry.summary;
    assert_eq!((summary.states, summary.state()), ([3, 7, 0], None));
    assert_eq!(summary.by(), "Ida Example, Otto Example, Ada Example and 1 other");
    assert_eq!(summary.actions, [(Action::Edit, 2), (Action::AddSection, 8)]);
    assert_eq!((summary.inspection, entry.of_one()), (None, None));
    let page = case.store.changes(&query("group=inspection"), None).await.unwrap();
    let said: Vec<_> = page
        .entries
        .iter()
        .map(|entry| (entry.summary.inspection, entry.summary.states, entry.summary.by()))
        .collect();
    let by = "Ida Example, Otto Example and Zoe Example".to_owned();
    let mill = (Some(other), [1, 0, 0], "Ada Example".to_owned());
    assert_eq!(said, [(Some(id), [2, 7, 0], by), mill]);
    // The status cannot be changed from a day, even if all its changes are of one inspection.
    let page = case.store.changes(&query(&format!("group=day&inspection={id}")), None).await;
    let entry = page.unwrap().entries.remove(0);
    assert_eq!((entry.summary.inspection, entry.of_one()), (Some(id), None));
});
