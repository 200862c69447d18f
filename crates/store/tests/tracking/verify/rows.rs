//! Tests of rows that differ from the fold of the records.

use super::*;
use crate::tamper::{add_twin, take_key};

on_both!(an_altered_row_is_found, |case| {
    let world = World::new(case).await;
    let witness = world.witness();
    let hash = format!("update inspections set hash = {} where id = 1", case.bytes(3));
    let (no, yes) = if case.is_sqlite() { ("0", "1") } else { ("false", "true") };
    let unremoved = format!("update photos set removed = {no} where id = 4");
    let removed = format!("update inspections set removed = {yes} where id = 1");
    let restored = format!("update inspections set removed = {no} where id = 15");
    let stranger = format!(
        "insert into sections (id, inspection_id, change_id, removed, position, title, condition, \
         notes) values (900, 1, 17, {no}, 2, 'Cellar', 'good', '')"
    );
    let nowhere = stranger.replace("(900, 1,", "(900, 77,");
    for (statement, words) in [
        ("update inspections set name = 'Seaside' where id = 1", "the name is “Seaside”"),
        ("update inspections set address = 'x' where id = 6", "the address is “x”"),
        ("update inspections set building_type = 'x' where id = 1", "the building type is “x”"),
        ("update inspections set client = '' where id = 1", "by its record it is “Both”"),
        ("update inspections set scheduled_on = '2026-01-01' where id = 1", "the scheduled on is"),
        ("update inspections set inspector_id = 3 where id = 1", "the inspector id is 3"),
        ("update inspections set inspector_name = 'I' where id = 1", "the inspector name is “I”"),
        ("update inspections set summary = 'Fine.' where id = 1", "the summary is “Fine.”"),
        ("update inspections set status = 'complete' where id = 1", "the status is “complete”"),
        ("update inspections set reference = 'BI-1' where id = 1", "the reference is “BI-1”"),
        ("update inspections set change_id = 14 where id = 1", "head is change 14"),
        ("update inspections set number = 9 where id = 1", "number 9"),
        (&hash, "head is change 17"),
        (&removed, "the removed is true"),
        (&restored, "the removed is false"),
        ("delete from inspections where id = 1", "the inspection itself was deleted"),
        ("update sections set title = 'Loft' where id = 2", "section 2, the title is “Loft”"),
        ("update sections set condition = 'good' where id = 2", "the condition is “good”"),
        ("update sections set notes = 'n' where id = 2", "the notes is “n”"),
        ("update sections set position = 2 where id = 2", "the position is 2"),
        ("update sections set change_id = 8 where id = 2", "section 2 names change 8 as its last"),
        ("update sections set title = 'x' where id = 13", "section 13, the title is “x”"),
        ("delete from sections where id = 13", "section 13 was deleted"),
        ("update sections set inspection_id = 6 where id = 2", "section 2 was deleted"),
        (&stranger, "a section 900 of it, which no change made"),
        (&nowhere, "a section 900 of it, which no change made"),
        ("update equipment set serial = 's' where id = 3", "equipment 3, the serial is “s”"),
        ("delete from equipment", "equipment 3 was deleted"),
        ("update photos set sha256 = 'ff' where id = 4", "photo 4, the sha256 is “ff”"),
        ("update photos set caption = 'c' where id = 4", "photo 4, the caption is “c”"),
        (&unremoved, "photo 4 is there, but by its record it is removed"),
        ("update inspections set altered_by = 16 where id = 1", "the altered by is 16"),
        ("update reports set sha256 = 'ff'", "report 5, the sha256 is “ff”"),
        ("update reports set shows = 3", "report 5, the shows is 3"),
    ] {
        assert_names(&found_after(case, &witness, &[statement]).await, &[words]);
    }
    world.close().await;
});

on_both!(a_cell_that_reads_the_same_but_is_not_is_found, |case| {
    let world = World::new(case).await;
    let nobody = edit(Target::Inspection, Field::Inspector, Value::Person(None));
    case.does(&world.ada, SECOND, nobody).await;
    let day = Value::Date("2026-01-01".parse().ok());
    case.does(&world.ada, SECOND, edit(Target::Inspection, Field::ScheduledOn, day)).await;
    let witness = world.witness();
    for (set, words) in [
        ("inspector_id = 3", "the inspector id is 3, but by its record it is empty"),
        ("inspector_name = 'Ida Example'", "the inspector name is “Ida Example”"),
        ("scheduled_on = '2026-1-1'", "the scheduled on is “2026-1-1”"),
        ("scheduled_on = '+2026-01-01'", "the scheduled on is “+2026-01-01”"),
    ] {
        let set = format!("update inspections set {set} where id = 6");
        assert_names(&found_after(case, &witness, &[&set]).await, &["BI-2026-0002", words]);
    }
    if case.is_sqlite() {
        for (table, id, words) in [
            ("inspections", 1, "the removed is “neither true nor false”"),
            ("sections", 2, "the section 2 is marked as neither there nor removed"),
            ("equipment", 3, "the piece of equipment 3 is marked as neither"),
            ("photos", 4, "the photo 4 is marked as neither"),
            ("reports", 5, "the report 5 is marked as neither"),
        ] {
            let set = format!("update {table} set removed = 2 where id = {id}");
            assert_names(&found_after(case, &witness, &[&set]).await, &["BI-2026-0001", words]);
        }
    }
    world.close().await;
});

on_both!(a_row_that_cannot_be_read_is_found, |case| {
    let world = World::new(case).await;
    let witness = world.witness();
    let grand = "update sections set condition = 'grand' where id = 2";
    let found = found_after(case, &witness, &[grand]).await;
    assert_names(&found, &["BI-2026-0001", "sections 2: the column condition", "`grand`"]);
    if case.is_sqlite() {
        let bytes = "update photos set caption = cast(x'ff' as text) where id = 4";
        let found = found_after(case, &witness, &[bytes]).await;
        assert_names(&found, &["BI-2026-0001", "cannot be read", "caption"]);
        let bytes = "update inspections set summary = cast(x'ff' as text) where id = 6";
        let found = found_after(case, &witness, &[bytes]).await;
        assert_names(&found, &["BI-2026-0002", "cannot be read", "summary"]);
    }
    world.close().await;
});

on_both!(a_second_row_with_the_same_id_is_found, |case| {
    let world = World::new(case).await;
    let witness = world.witness();
    for (table, id, set, words) in [
        ("inspections", 1, "name = 'Seaside'", "two rows of the inspection itself"),
        ("sections", 2, "title = 'Loft'", "two rows of the section 2"),
        ("equipment", 3, "serial = 's'", "two rows of the piece of equipment 3"),
        ("photos", 4, "caption = 'c'", "two rows of the photo 4"),
        ("reports", 5, "pages = 4", "two rows of the report 5"),
        ("sections", 13, "inspection_id = 6", "a section 13 of it, which no change made"),
    ] {
        let twin = async |raw: &mut Raw| add_twin(raw, table, id, set).await;
        let found = found_after_doing(case, &witness, twin).await.unwrap_err();
        assert_names(&found, &["BI-2026-000", words]);
    }
    let no_key = async |raw: &mut Raw| take_key(raw, "sections").await;
    // Its rows say the same, but the foreign keys are gone that it had or that named it.
    let found = found_after_doing(case, &witness, no_key).await.unwrap_err();
    assert_names(&found, &["not guarded", "the foreign key", "is missing"]);
    world.close().await;
});
