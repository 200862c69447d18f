//! Tests that filters survive the conversion to a URL and back.

use chrono::NaiveDate;
use domain::{
    change::Action,
    feed::{
        ChangeFilter, EntryKey, Facets, FilterKey, FilterNames, FilterProblem, Group, ReviewState,
    },
    id::{ChangeId, InspectionId, UserId},
    inspection::{Field, InspectionFilter, PageKey, Sort, Status},
};
use proptest::{prelude::*, sample::subsequence};
use std::slice;
use uuid::Uuid;

fn ids() -> impl Strategy<Value = Vec<i64>> {
    prop::collection::btree_set(any::<i64>(), 0..4).prop_map(|ids| ids.into_iter().collect())
}

/// Generates trimmed words with characters that need escaping in a URL.
fn words() -> impl Strategy<Value = String> {
    "[a-z&=+%?#;é✓ \"'<>]{0,20}".prop_map(|text| text.trim().to_owned())
}

fn day() -> impl Strategy<Value = Option<NaiveDate>> {
    prop::option::of((0i32..40_000).prop_filter_map("a day", NaiveDate::from_epoch_days))
}

prop_compose! {
    fn facets()(
        actions in subsequence(Action::ALL.to_vec(), 0..=Action::ALL.len()),
        users in ids(),
        inspections in ids(),
        fields in subsequence(Field::ALL.to_vec(), 0..=5),
        states in subsequence(ReviewState::ALL.to_vec(), 0..=3),
    ) -> Facets {
        Facets {
            actions,
            users: users.into_iter().map(UserId).collect(),
            inspections: inspections.into_iter().map(InspectionId).collect(),
            fields,
            states,
        }
    }
}

prop_compose! {
    fn change_filter()(
        with in facets(),
        without in facets(),
        request in prop::option::of(any::<u128>()),
        words in words(),
        from in day(),
        to in day(),
        group in prop::sample::select(Group::ALL.to_vec()),
        before in prop::option::of(any::<i64>()),
    ) -> ChangeFilter {
        let Facets { actions, users, inspections, fields, states } = with;
        ChangeFilter {
            actions,
            users,
            inspections,
            fields,
            states,
            without,
            request: request.map(Uuid::from_u128),
            words,
            from,
            to,
            group,
            before: before.map(ChangeId),
        }
    }
}

proptest! {
    #[test]
    fn a_change_filter_survives_its_query(filter in change_filter()) {
        let (read, problems) = ChangeFilter::from_query(&filter.to_query());
        prop_assert_eq!(&read, &filter);
        prop_assert_eq!(problems.is_empty(), !read.is_without_words());
    }

    #[test]
    fn any_query_is_read_without_loss_of_what_can_be(text in "\\PC{0,60}") {
        let (filter, _) = ChangeFilter::from_query(&text);
        prop_assert_eq!(ChangeFilter::from_query(&filter.to_query()).0, filter);
    }

    #[test]
    fn an_inspection_filter_survives_its_query(
        words in words(),
        status in prop::option::of(prop::sample::select(Status::ALL.to_vec())),
        sort in prop::sample::select(Sort::ALL.to_vec()),
        after in prop::option::of((0i64.., prop::option::of("\\PC{0,20}"))),
    ) {
        let after = after.map(|(id, by)| PageKey { id, by });
        let filter = InspectionFilter { words, status, sort, after };
        prop_assert_eq!(InspectionFilter::from_query(&filter.to_query()), (filter, None));
    }
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_holds() {
    let (filter, problems) = ChangeFilter::from_query(
        "?action=edit&action=fly&from=yesterday&user=&q=+roof+&page=3&-state=x",
    );
    assert_eq!(filter.actions, [Action::Edit]);
    assert_eq!(filter.words, "roof");
    let said: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "“fly” is not a known action. Use one such as edit or add-photo.",
            "“yesterday” is not a known from. Use a date such as 2026-03-31.",
            "“x” is not a known -state. Use unreviewed, reviewed or flagged.",
        ]
    );
}

#[test]
fn a_filter_takes_a_hundred_values_and_says_so() {
    let query: String = (1..=6_000).map(|id| format!("&inspection={id}&-user={id}")).collect();
    let (filter, problems) = ChangeFilter::from_query(&query);
    assert_eq!(filter.inspections.len() + filter.without.users.len(), ChangeFilter::MAX_VALUES);
    assert_eq!(problems, [FilterProblem::TooMany(ChangeFilter::MAX_VALUES)]);
    let unreadable: String = (0..6_000).map(|id| format!("&field=x{id}")).collect();
    assert_eq!(ChangeFilter::from_query(&unreadable).1.len(), ChangeFilter::MAX_VALUES + 1);
}

#[test]
fn a_search_without_a_word_is_a_problem() {
    for typed in ["!!!", "🔥", "…"] {
        let (filter, problems) = ChangeFilter::from_query(&format!("q={typed}"));
        assert!(filter.is_without_words() && !filter.is_empty(), "{typed}");
        assert_eq!(problems, [FilterProblem::NoWords(typed.into())]);
    }
    let (filter, problems) = ChangeFilter::from_query("q=roof+!!!");
    assert_eq!((filter.is_without_words(), problems), (false, Vec::new()));
    let far = ChangeFilter::from_query("from=0026-03-31").1;
    assert_eq!(far.len(), 1, "{far:?}");
}

#[test]
fn a_filter_of_a_later_page_alone_is_empty() {
    let page = ChangeFilter { before: Some(ChangeId(9)), ..ChangeFilter::default() };
    assert!(page.is_empty());
    assert!(ChangeFilter { group: Group::Day, ..page.clone() }.is_empty());
    assert!(!ChangeFilter { words: "roof".into(), ..page.clone() }.is_empty());
    assert_eq!(page.first_page(), ChangeFilter::default());
}

#[test]
fn words_are_what_stands_between_everything_else() {
    let found: Vec<_> = domain::feed::words("BI-2026-0001, Größe: 12\" (eaves_board)");
    assert_eq!(found, ["bi", "2026", "0001", "grosse", "12", "eaves", "board"]);
    assert_eq!(domain::feed::words(&"x".repeat(99)), ["x".repeat(32)]);
    assert!(domain::feed::words(" -- ").is_empty());
}

#[test]
fn an_entry_is_what_of_it_the_filter_lets_through() {
    let read = |text: &str| ChangeFilter::from_query(text).0;
    let within = |key: EntryKey, text: &str| key.within(&read(text)).map(|it| it.to_query());
    let (twelve, day) = (InspectionId(12), "2026-03-31".parse().expect("a day"));
    let (inspection, day) = (EntryKey::Inspection(twelve), EntryKey::Day(day));
    let narrowed = |text: &str| Some(text.to_owned());
    assert_eq!(within(inspection, "q=roof&before=9"), narrowed("inspection=12&q=roof"));
    assert_eq!(within(inspection, "inspection=7&inspection=12"), narrowed("inspection=12"));
    assert_eq!(within(inspection, "inspection=7"), None);
    assert_eq!(
        within(day, "from=2026-03-01&group=day"),
        narrowed("from=2026-03-31&to=2026-03-31&group=day")
    );
    // The day is outside the filter's range, so nothing matches.
    assert_eq!(within(day, "from=2026-04-02"), narrowed("from=2026-04-02&to=2026-03-31"));
    let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    assert_eq!(within(EntryKey::Request(one), &format!("request={other}")), None);
    let of_request = EntryKey::Request(one).within(&ChangeFilter::default()).expect("all of it");
    assert_eq!(of_request.request, Some(one));
    assert!(of_request.shown() > ChangeFilter::default().shown());
}

proptest! {
    #[test]
    fn a_part_can_be_removed_and_the_rest_stays(filter in change_filter()) {
        let parts = filter.parts(&FilterNames::default());
        prop_assert_eq!(
            filter.without_parts(&[]),
            filter.first_page(),
            "every value can be read again"
        );
        for part in &parts {
            let rest = filter.without_parts(slice::from_ref(part)).parts(&FilterNames::default());
            let others = parts.iter().filter(|it| *it != part && it.key != FilterKey::Before);
            prop_assert_eq!(rest.iter().collect::<Vec<_>>(), others.collect::<Vec<_>>());
        }
        let all = filter.without_parts(&parts);
        prop_assert_eq!(all, ChangeFilter::default());
    }
}

#[test]
fn keys_are_told_apart() {
    for key in FilterKey::ALL {
        let alike = FilterKey::ALL.iter().filter(|it| it.slug() == key.slug());
        assert_eq!(alike.count(), 1, "{key:?}");
        let (filter, problems) = ChangeFilter::from_query(&format!("-{}=edit", key.slug()));
        let is_read = filter != ChangeFilter::default() || !problems.is_empty();
        assert_eq!(is_read, key.is_list(), "only a list has excluded values: {key:?}");
    }
}
