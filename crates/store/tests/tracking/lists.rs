//! Tests of lists of inspections: visibility, words, status, order and pages.

use crate::support::*;
use domain::{
    feed::ChangeFilter,
    id::SectionId,
    inspection::{
        Condition, Field, InspectionFilter, InspectionListPage, Sort, Status, Target, Value,
    },
    people::{Actor, Role},
};

async fn list(case: &Case, viewer: &Actor, query: &str) -> InspectionListPage {
    let (filter, problem) = InspectionFilter::from_query(query);
    assert_eq!(problem, None);
    case.store.inspections(viewer, &filter).await.unwrap()
}

fn names(page: &InspectionListPage) -> Vec<&str> {
    page.rows.iter().map(|row| row.name.as_str()).collect()
}

on_both!(each_sees_what_they_may_in_the_order_they_ask_for, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ira = case.person("Ira Example", Role::Inspector).await;
    let rita = case.person("Rita Example", Role::Reviewer).await;
    let b = case.create(&ida, "b house").await;
    let a = case.create(&ida, "A house").await;
    case.create(&ira, "Mill").await;
    let day = |day: &str| Value::Date(Some(day.parse().unwrap()));
    case.does(&ida, a, edit(Target::Inspection, Field::ScheduledOn, day("2026-04-02"))).await;
    case.does(&ida, b, edit(Target::Inspection, Field::ScheduledOn, day("2026-04-01"))).await;
    case.does(&ida, b, edit(Target::Inspection, Field::Client, Value::text("Zoo_1"))).await;
    case.does(&ida, a, status(Status::Review, None)).await;

    assert_eq!(names(&list(case, &ida, "").await), ["A house", "b house"]);
    assert_eq!(names(&list(case, &rita, "").await), ["A house", "b house", "Mill"]);
    assert_eq!(names(&list(case, &rita, "sort=name").await), ["A house", "b house", "Mill"]);
    assert_eq!(names(&list(case, &rita, "sort=reference").await), ["Mill", "A house", "b house"]);
    assert_eq!(names(&list(case, &rita, "sort=scheduled").await), ["b house", "A house", "Mill"]);
    assert_eq!(names(&list(case, &rita, "q=HOUSE+zoo_").await), ["b house"]);
    assert_eq!(names(&list(case, &rita, "q=zooX").await), [""; 0]);
    assert_eq!(names(&list(case, &rita, "q=bi-2026-0003").await), ["Mill"]);
    let page = list(case, &rita, "status=draft&q=house").await;
    assert_eq!(names(&page), ["b house"]);
    let counts = [(Status::Draft, 1), (Status::Review, 1), (Status::Complete, 0)];
    assert_eq!(page.counts, counts);
});

on_both!(words_are_found_in_any_case_in_any_script, |case| {
    let query = |words: &str| {
        InspectionFilter { words: words.into(), ..InspectionFilter::default() }.to_query()
    };
    let ida = case.person("Ida Example", Role::Inspector).await;
    for name in ["Überführung Süd", "ŁÓDŹ station", "Школа №5 [a*b]"] {
        case.create(&ida, name).await;
    }
    for (words, found) in [
        ("Überführung", "Überführung Süd"),
        ("ÜBERFÜHRUNG", "Überführung Süd"),
        ("überführung süd", "Überführung Süd"),
        ("Łódź", "ŁÓDŹ station"),
        ("шКОЛА", "Школа №5 [a*b]"),
        ("№5", "Школа №5 [a*b]"),
    ] {
        assert_eq!(names(&list(case, &ida, &query(words)).await), [found], "{words}");
    }
    // Pattern characters in a word are matched literally.
    for words in ["Ü*d", "Ü?erführung", "Школ[а]"] {
        assert_eq!(names(&list(case, &ida, &query(words)).await), [""; 0], "{words}");
    }
});

on_both!(words_are_found_however_they_are_spelled, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    for name in [
        "Résidence du Parc",
        "Müller & Co",
        "Łódź",
        "Lange Straße 3",
        "İstanbul depot",
        "Cafe\u{301} Central",
        "東側の屋根に",
        "O’Brien Hall",
    ] {
        case.create(&ida, name).await;
    }
    for (words, found) in [
        ("residence", "Résidence du Parc"),
        ("muller", "Müller & Co"),
        ("lodz", "Łódź"),
        ("strasse", "Lange Straße 3"),
        ("istanbul", "İstanbul depot"),
        ("ISTANBUL", "İstanbul depot"),
        ("Caf\u{e9}", "Caf\u{e9} Central"),
        ("cafe\u{301}", "Caf\u{e9} Central"),
        ("屋根", "東側の屋根に"),
        ("O'Brien", "O’Brien Hall"),
        ("o’brien", "O’Brien Hall"),
    ] {
        let filter = InspectionFilter { words: words.into(), ..InspectionFilter::default() };
        assert_eq!(names(&list(case, &ida, &filter.to_query()).await), [found], "{words}");
        let changes = ChangeFilter { words: words.into(), ..ChangeFilter::default() };
        assert_eq!(case.store.count_changes(&changes).await.unwrap().0, 1, "{words}");
        let called = case.store.inspections_called(words).await.unwrap();
        assert_eq!(called.len(), 1, "{words}");
    }
    // A search for invisible characters does not match everything.
    for words in ["\u{200b}", "\u{301}"] {
        let filter = InspectionFilter { words: words.into(), ..InspectionFilter::default() };
        assert_eq!(names(&list(case, &ida, &filter.to_query()).await), [""; 0], "{words:?}");
    }
});

on_both!(whatever_is_written_in_an_inspection_is_found_while_it_is_there, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    case.create(&ida, "Mill").await;
    case.does(&ida, id, edit(Target::Inspection, Field::Summary, Value::text("Dämp walls"))).await;
    case.does(&ida, id, section("Roof")).await;
    let roof = case.inspection(id).await.sections[0].id;
    let notes = edit(Target::Section(roof), Field::Notes, Value::text("Slates slipped"));
    case.does(&ida, id, notes).await;
    case.does(&ida, id, equipment("Boiler")).await;
    case.does(&ida, id, photo("north.jpg", None)).await;
    let north = case.inspection(id).await.photos[0].id;
    let caption = edit(Target::Photo(north), Field::Caption, Value::text("Büttress"));
    case.does(&ida, id, caption).await;

    let words = ["damp", "slates", "boiler", "buttress", "north", "slates buttress"];
    let found = async |words: &str| {
        let query = InspectionFilter { words: words.into(), ..InspectionFilter::default() };
        names(&list(case, &ida, &query.to_query()).await).len()
    };
    for it in words {
        assert_eq!(found(it).await, 1, "{it}");
    }
    // Simulates the migration of a database of an earlier version.
    let mut raw = case.raw().await;
    raw.run("delete from search_texts").await.unwrap();
    assert_eq!(found("slates").await, 0);
    case.store.migrate().await.unwrap();
    for it in words {
        assert_eq!(found(it).await, 1, "{it}, brought up to date");
    }
    let moved = edit(Target::Section(roof), Field::Notes, Value::text("All sound"));
    case.does(&ida, id, moved).await;
    case.does(&ida, id, domain::change::Mutation::Remove { target: Target::Photo(north) }).await;
    for (it, number) in [("slates", 0), ("sound", 1), ("buttress", 0), ("river", 1)] {
        assert_eq!(found(it).await, number, "{it}");
    }
    case.does(&ida, id, domain::change::Mutation::RemoveSection { section: roof }).await;
    assert_eq!(found("sound").await, 0);
    case.store.verify(None, std::sync::Arc::new(|_, _, _| ())).await.unwrap();
});

on_both!(inspections_are_found_by_what_they_are_called, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    case.create(&ida, "Riverside House").await;
    let mill = case.create(&ida, "Riverside Mill").await;
    case.does(&ida, mill, edit(Target::Inspection, Field::Client, Value::text("Harbour"))).await;
    let called = |words: &'static str| async {
        let found = case.store.inspections_called(words).await.unwrap();
        found.into_iter().map(|(_, _, name)| name).collect::<Vec<_>>()
    };
    assert_eq!(called("RIVER").await, ["Riverside Mill", "Riverside House"]);
    assert_eq!(called("mill riverside").await, ["Riverside Mill"]);
    assert_eq!(called("0001").await, ["Riverside House"]);
    assert_eq!(called("harbour").await, [""; 0]);
    assert_eq!(called("river%").await, [""; 0]);
});

on_both!(a_row_sums_up_its_inspection, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    for title in ["Roof", "Stairs", "Cellar"] {
        case.does(&ida, id, section(title)).await;
    }
    let boiler = case.does(&ida, id, equipment("Boiler")).await.id;
    let sections = case.inspection(id).await.sections;
    let hazard = || Value::Condition(Condition::Unsafe);
    for target in [
        Target::Section(sections[0].id),
        Target::Section(sections[1].id),
        Target::Equipment(domain::id::EquipmentId(boiler.0)),
    ] {
        case.does(&ida, id, edit(target, Field::Condition, hazard())).await;
    }
    let gone = SectionId(sections[1].id.0);
    case.does(&ida, id, domain::change::Mutation::RemoveSection { section: gone }).await;
    let row = list(case, &ida, "").await.rows.remove(0);
    assert_eq!((row.hazards, row.changed_at), (2, at(1)));
    assert_eq!((row.reference.as_str(), row.inspector), ("BI-2026-0001", Some(ida.person())));
});

on_both!(pages_follow_on_from_each_other_in_every_order, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let page = InspectionFilter::PAGE;
    let mut work = case.store.begin(&ida, uuid::Uuid::now_v7(), at(0)).await.unwrap();
    for number in 0..page + 3 {
        // Some have the same name, and some have no date.
        let day = (number % 3 != 0).then(|| format!("2026-03-{:02}", 1 + number % 20));
        let day = Value::Date(day.map(|day| day.parse().unwrap()));
        let values = named(&format!("Number {:03}", number / 2)).with(Field::ScheduledOn, day);
        work.create(values).await.unwrap();
    }
    work.commit().await.unwrap();
    for sort in Sort::ALL {
        let mut filter = InspectionFilter { sort, ..InspectionFilter::default() };
        let first = list(case, &ida, &filter.to_query()).await;
        assert_eq!(first.rows.len(), page as usize);
        assert_eq!(first.counts[0], (Status::Draft, i64::from(page) + 3));
        filter.after = first.next.clone();
        let second = list(case, &ida, &filter.to_query()).await;
        assert_eq!((second.rows.len(), second.next), (3, None), "{sort:?}");
        let mut ids: Vec<_> = first.rows.iter().chain(&second.rows).map(|row| row.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), page as usize + 3, "{sort:?}");
    }
});

on_both!(nothing_is_shown_twice_because_a_row_moved, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let mut work = case.store.begin(&ida, uuid::Uuid::now_v7(), at(0)).await.unwrap();
    let mut ids = Vec::new();
    for number in 0..InspectionFilter::PAGE + 3 {
        ids.push(work.create(named(&format!("Number {number:03}"))).await.unwrap().inspection_id);
    }
    work.commit().await.unwrap();
    let first = list(case, &ida, "").await;
    let filter = InspectionFilter { after: first.next.clone(), ..InspectionFilter::default() };
    // The oldest is changed, and so moves to the first page.
    case.does(&ida, ids[0], section("Roof")).await;
    let second = list(case, &ida, &filter.to_query()).await;
    assert_eq!(names(&second), ["Number 002", "Number 001"]);
    assert!(second.rows.iter().all(|row| first.rows.iter().all(|shown| shown.id != row.id)));
});
