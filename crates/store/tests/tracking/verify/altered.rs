//! Tests of changes whose content was altered or made unreadable.

use super::*;

on_both!(an_altered_change_is_found, |case| {
    let world = World::new(case).await;
    let witness = world.witness();
    let uuid = if case.is_sqlite() {
        "x'00112233445566778899aabbccddeeff'"
    } else {
        "'00112233-4455-6677-8899-aabbccddeeff'"
    };
    for set in [
        "created_at = created_at + 1",
        "user_id = 3, author_id = 3",
        "user_name = 'Somebody Else'",
        &format!("request_id = {uuid}"),
        "action = 'remove'",
        "kind = 'correct'",
        "ordinal = 70",
        "fields = '[\"name\"]'",
        "fields = '[]'",
        "related_model = 'inspection.Section:2', related_str = 'Roof'",
        "related_data = '{\"after\":{\"client\":\"Other\"},\"before\":{\"client\":\"\"}}'",
        "related_data = '{\"after\":{\"client\":\"Harbour Trust\"},\"before\":{\"client\":\"\"},\"x\":1}'",
        "number = 70",
        "number = 9223372036854775807",
        &format!("hash = {}", case.bytes(7)),
    ] {
        let set = format!("update changes set {set} where id = 8");
        let found = found_after(case, &witness, &[&set]).await;
        assert_names(&found, &["BI-2026-0001", "change 8:", "altered"]);
    }
    for (set, words) in [
        ("user_id = 3", "it names user 3, but user 1 is its author"),
        ("user_id = null", "it names no user, but its author, user 1, has an account"),
    ] {
        let set = format!("update changes set {set} where id = 8");
        let found = found_after(case, &witness, &[&set]).await;
        assert_names(&found, &["BI-2026-0001", "change 8:", words]);
    }
    // The first change of an inspection, the first of an object, and the last change.
    for id in [1, 2, 17] {
        let set = format!("update changes set created_at = created_at - 1 where id = {id}");
        let found = found_after(case, &witness, &[&set]).await;
        assert_names(&found, &["BI-2026-0001", &format!("change {id}:"), "altered"]);
    }
    let set = "update changes set related_str = 'Loft' where id = 2";
    assert_names(&found_after(case, &witness, &[set]).await, &["change 2:", "altered"]);
    let twice = "update changes set related_data = '{\"after\":{\"client\":\"Evil\"},\
         \"after\":{\"client\":\"Harbour Trust\"},\"before\":{\"client\":\"\"}}' where id = 8";
    let found = found_after(case, &witness, &[twice]).await;
    assert_names(&found, &["change 8:", "`after` is named twice"]);
    world.close().await;
});

on_both!(a_hash_of_another_length_is_found, |case| {
    let world = World::new(case).await;
    let witness = world.witness();
    let short = if case.is_sqlite() { "x'00ff'" } else { "'\\x00ff'::bytea" };
    let unchecked = |table: &str| match case.is_sqlite() {
        true => "select 1".to_owned(),
        false => format!("alter table {table} drop constraint {table}_hash_check"),
    };
    for (table, set, words) in [
        ("changes", "where id = 8", "change 8: it cannot be read"),
        ("inspections", "where id = 1", "it cannot be read"),
    ] {
        let set = format!("update {table} set hash = {short} {set}");
        let found = found_after(case, &witness, &[&unchecked(table), &set]).await;
        assert_names(&found, &["BI-2026-0001", words, "2 bytes and not 32"]);
    }
    world.close().await;
});

on_both!(a_change_that_cannot_be_read_is_found, |case| {
    let world = World::new(case).await;
    let witness = world.witness();
    if case.is_sqlite() {
        // SQLite accepts any bytes as text, and its JSON functions reject only some of them.
        for set in [
            "request_id = x'00'",
            "user_name = cast(x'ff' as text)",
            "related_str = cast(x'c328' as text), related_model = 'inspection.Section:2'",
            "fields = '['",
            "fields = cast(x'5b22ff225d' as text)",
            "related_data = 'null and void'",
            "related_data = cast(x'7b2261223a22ff227d' as text)",
        ] {
            let set = format!("update changes set {set} where id = 8");
            let found = found_after(case, &witness, &[&set]).await;
            assert_names(&found, &["BI-2026-0001", "change 8: it cannot be read"]);
        }
    } else {
        for column in ["request_id", "user_name", "hash"] {
            let nothing = [
                format!("alter table changes alter {column} drop not null"),
                format!("update changes set {column} = null where id = 8"),
            ];
            let found = found_after(case, &witness, &nothing.each_ref().map(String::as_str)).await;
            assert_names(&found, &["BI-2026-0001", "change 8: it cannot be read", column]);
        }
    }
    world.close().await;
});
