//! The feed of changes: pages, filters and counts.

use crate::support::*;
use domain::{
    Action, Change, ChangeFilter, ChangePage, Field, InspectionId, Mutation, Role, Status, Target,
    UserId, Value,
};
use uuid::Uuid;

/// The ids of the changes on all pages of a filter.
async fn all_pages(case: &Case, filter: &ChangeFilter) -> Vec<i64> {
    let (mut filter, mut ids) = (filter.clone(), Vec::new());
    loop {
        let page = case.store.changes(&filter).await.unwrap();
        ids.extend(page.rows.iter().map(|row| row.change.id.0));
        assert!(page.rows.len() <= usize::try_from(ChangePage::PAGE).unwrap());
        match page.next {
            Some(next) => filter.before = Some(next),
            None => return ids,
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
    let page = usize::try_from(ChangePage::PAGE).unwrap();
    let mut ids = Vec::new();
    for _ in 0..3 {
        let id = case.create(&ida, "Riverside House").await;
        let mut work = case.store.begin(&ida, Uuid::now_v7(), at(1)).await.unwrap();
        for number in 0..page - 1 {
            work.perform(id, None, section(&format!("Section {number}"))).await.unwrap();
        }
        work.commit().await.unwrap();
        ids.push(id);
    }
    let mut expected: Vec<i64> = Vec::new();
    for id in &ids {
        expected.extend(case.records(*id).await.iter().map(|change| change.id.0));
    }
    expected.sort_unstable();
    expected.reverse();
    // Exactly three pages: the last is full and says that none follows.
    assert_eq!(expected.len(), 3 * page);
    assert_eq!(all_pages(case, &ChangeFilter::default()).await, expected);
    let added = query("action=add-section");
    assert_eq!(all_pages(case, &added).await.len(), 3 * (page - 1));
    let one = case.store.changes(&query(&format!("inspection={}", ids[0]))).await.unwrap();
    assert_eq!((one.rows.len(), one.next), (page, None));
    let before = case.store.history(ids[0], Some(one.rows[9].change.id), 5).await.unwrap();
    let before: Vec<_> = before.iter().map(|change| change.id).collect();
    let expected: Vec<_> = one.rows[10..15].iter().map(|row| row.change.id).collect();
    assert_eq!(before, expected);
});

/// Three people, two inspections, and something of most kinds.
async fn busy(case: &Case) -> (UserId, UserId, InspectionId, InspectionId, Vec<Change>) {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let rita = case.person("Rita Müller", Role::Reviewer).await;
    let first = case.create(&ida, "Riverside House").await;
    let second = case.create(&ida, "Old 100% \"Mill\"").await;
    let mut changes = Vec::new();
    changes.push(case.does(&ida, first, section("Roof")).await);
    let target = Target::Section(domain::SectionId(changes[0].id.0));
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
    let all = all_pages(case, &ChangeFilter::default()).await;
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
        ("q=eavesXboard".into(), vec![]),
        ("q=12%22".into(), ids(&[1])),
        ("q=c%3A%5C".into(), ids(&[1])),
        ("q=ROOF".into(), ids(&[1, 0])),
        ("q=müller".into(), ids(&[4])),
        ("q=MÜLLER+größe".into(), ids(&[4])),
        ("q=100%25+mill%22+boiler".into(), ids(&[2])),
        (format!("q=riverside&inspection={second}"), vec![]),
        ("q=kind".into(), vec![]),
        ("q=boiler+kind".into(), vec![]),
        ("from=2026-03-03".into(), ids(&[4])),
        ("to=2026-03-02".into(), all[1..].to_vec()),
    ];
    for (text, expected) in cases {
        assert_eq!(all_pages(case, &query(&text)).await, expected, "{text}");
    }
    let reference = all_pages(case, &query("q=bi-2026-0001")).await;
    assert_eq!(reference, [changes[1].id.0, changes[0].id.0, first.0]);
    let late = all_pages(case, &query("from=2026-03-03&to=2026-03-02")).await;
    assert_eq!(late, [0_i64; 0]);
});

on_both!(counts_are_those_of_the_filter_without_its_actions, |case| {
    let (_, _, first, ..) = busy(case).await;
    let page = case.store.changes(&query(&format!("inspection={first}&action=edit&q=i"))).await;
    let counts: Vec<_> = page.unwrap().counts.into_iter().filter(|(_, count)| *count > 0).collect();
    assert_eq!(counts, [(Action::Edit, 2), (Action::AddSection, 1)]);
    let page = case.store.changes(&query("before=1")).await.unwrap();
    assert_eq!((page.rows.len(), page.counts.len()), (0, Action::ALL.len()));
    assert_eq!(page.counts.iter().map(|(_, count)| count).sum::<i64>(), 7);
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
    assert_eq!(case.store.change(domain::ChangeId(99_999)).await.unwrap(), None);
});
