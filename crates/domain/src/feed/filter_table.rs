//! Table of the dashboard's filters: each row declares how one of them is parsed, labelled and
//! matched, and which control and chip it has.

use crate::{
    change::{Action, Change},
    day::{day_in_words, parse_day},
    feed::{FilterNames, Group, ReviewState, filter_member::FilterMember, words::has_words},
    id::{ChangeId, InspectionId, UserId},
    inspection::Field,
    text::isolate,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Control of a filter in the form on the dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterControl {
    /// The search field, whose chip comes first.
    Search,
    /// A control in the menus, whose values are counted there.
    Menu,
    /// A visible control that is not counted.
    Setting,
    /// Hidden inputs, because the value is chosen elsewhere on the page.
    Hidden,
    /// No control, because the value does not apply to another filter.
    Omitted,
}

/// Chips of a filter, which show its values and remove them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterChip {
    /// A chip for each value.
    Each,
    /// One chip for all included values, because a tab shows most of them.
    Joined,
    /// No chip.
    Omitted,
}

/// A change that a filter is compared with.
struct Candidate<'change> {
    change: &'change Change,
    /// The change's [words](Change::words).
    words: &'change BTreeSet<String>,
    state: ReviewState,
}

/// Part of a filter: one value of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterPart {
    /// The key.
    pub key: FilterKey,
    /// Whether changes with the value are excluded.
    pub is_excluded: bool,
    /// The value, as in a query string.
    pub value: String,
    /// The value, as people read it.
    pub label: String,
}

macro_rules! filters {
    (
        lists {$(
            $(#[$list_doc:meta])*
            $list_key:ident = $list_slug:literal, $list:ident: Vec<$item:ty> {
                title: $list_title:literal,
                hint: $list_hint:literal,
                control: $list_control:ident,
                chip: $list_chip:ident,
                label: $list_label:expr,
                matches: $list_matches:expr,
            }
        )*}
        singles {$(
            $(#[$doc:meta])*
            $key:ident = $slug:literal, $single:ident: $member:ty {
                title: $title:literal,
                hint: $hint:literal,
                control: $control:ident,
                chip: $chip:ident,
                parse: $parse:expr,
                label: $label:expr,
                matches: $matches:expr,
            }
        )*}
    ) => {
        /// Key of a filter in a query string.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum FilterKey {
            $($(#[$list_doc])* $list_key,)*
            $($(#[$doc])* $key,)*
        }

        impl FilterKey {
            /// All keys, in the order of a query string.
            pub const ALL: &'static [Self] = &[$(Self::$list_key,)* $(Self::$key,)*];

            /// Returns the name in a query string, as in `action`.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$list_key => $list_slug,)* $(Self::$key => $slug,)* }
            }

            /// Returns the name people read, as in "Action".
            pub const fn title(self) -> &'static str {
                match self { $(Self::$list_key => $list_title,)* $(Self::$key => $title,)* }
            }

            /// Returns a sentence about valid values.
            pub const fn hint(self) -> &'static str {
                match self { $(Self::$list_key => $list_hint,)* $(Self::$key => $hint,)* }
            }

            /// Returns its control in the form.
            pub const fn control(self) -> FilterControl {
                match self {
                    $(Self::$list_key => FilterControl::$list_control,)*
                    $(Self::$key => FilterControl::$control,)*
                }
            }

            /// Returns its chips.
            pub const fn chip(self) -> FilterChip {
                match self {
                    $(Self::$list_key => FilterChip::$list_chip,)*
                    $(Self::$key => FilterChip::$chip,)*
                }
            }

            /// Returns whether it may be repeated, and negated with a leading `-`.
            pub const fn is_list(self) -> bool {
                match self { $(Self::$list_key => true,)* $(Self::$key => false,)* }
            }
        }

        /// Lists of values that changes can be filtered by. A change matches a list if it has any
        /// of its values; an empty list is ignored.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub struct Facets {
            $($(#[$list_doc])* pub $list: Vec<$item>,)*
        }

        /// Filter for changes. Within one list any value may match. All lists must match, and no
        /// excluded value may.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub struct ChangeFilter {
            $($(#[$list_doc])* pub $list: Vec<$item>,)*
            /// Excluded values: each key is written in the query with a leading `-`, as in
            /// `-action`.
            pub without: Facets,
            $($(#[$doc])* pub $single: $member,)*
        }

        impl ChangeFilter {
            /// Parses a value of a key and adds it. Returns whether it could be read.
            pub(crate) fn read(&mut self, key: FilterKey, is_excluded: bool, text: &str) -> bool {
                match key {
                    $(FilterKey::$list_key => {
                        let list = match is_excluded {
                            false => &mut self.$list,
                            true => &mut self.without.$list,
                        };
                        text.parse::<$item>().is_ok_and(|value| {
                            list.put(value);
                            true
                        })
                    })*
                    $(FilterKey::$key => {
                        let parse: fn(&str) -> Option<<$member as FilterMember>::Value> = $parse;
                        parse(text).is_some_and(|value| {
                            self.$single.put(value);
                            true
                        })
                    })*
                }
            }

            /// Returns all parts, in the order of [`FilterKey::ALL`].
            pub fn parts(&self, names: &FilterNames<'_>) -> Vec<FilterPart> {
                let mut parts = Vec::new();
                $({
                    let label: fn(&$item, &FilterNames<'_>) -> String = $list_label;
                    let lists = [(false, &self.$list), (true, &self.without.$list)];
                    for (is_excluded, value) in
                        lists.into_iter().flat_map(|(not, list)| list.iter().map(move |it| (not, it)))
                    {
                        parts.push(FilterPart {
                            key: FilterKey::$list_key,
                            is_excluded,
                            value: value.to_string(),
                            label: label(value, names),
                        });
                    }
                })*
                $({
                    let label: fn(&<$member as FilterMember>::Value, &FilterNames<'_>) -> String =
                        $label;
                    parts.extend(self.$single.values().iter().map(|value| FilterPart {
                        key: FilterKey::$key,
                        is_excluded: false,
                        value: value.to_string(),
                        label: label(value, names),
                    }));
                })*
                parts
            }

            /// Returns whether a change matches, regardless of the page. `words` are the change's
            /// [words](Change::words), and `state` is its review state.
            pub fn matches(
                &self,
                change: &Change,
                words: &BTreeSet<String>,
                state: ReviewState,
            ) -> bool {
                let it = Candidate { change, words, state };
                $({
                    let is: fn(&Candidate<'_>, &$item) -> bool = $list_matches;
                    let is_any = |list: &[$item]| list.iter().any(|value| is(&it, value));
                    let is_included = self.$list.is_empty() || is_any(&self.$list);
                    if !is_included || is_any(&self.without.$list) {
                        return false;
                    }
                })*
                $({
                    let is: fn(&Candidate<'_>, &<$member as FilterMember>::Value) -> bool =
                        $matches;
                    if !self.$single.values().iter().all(|value| is(&it, value)) {
                        return false;
                    }
                })*
                true
            }
        }
    };
}

filters! {
    lists {
        /// Changes with any of these actions.
        Action = "action", actions: Vec<Action> {
            title: "Action",
            hint: "Use one such as edit or add-photo.",
            control: Menu,
            chip: Each,
            label: |action, _| action.label().into(),
            matches: |it, action| it.change.record.action == *action,
        }
        /// Changes by any of these users.
        User = "user", users: Vec<UserId> {
            title: "Person",
            hint: "Use a user's number.",
            control: Menu,
            chip: Each,
            label: |user, names| names.person(*user),
            matches: |it, user| it.change.user_id == Some(*user),
        }
        /// Changes of any of these inspections.
        Inspection = "inspection", inspections: Vec<InspectionId> {
            title: "Inspection",
            hint: "Use an inspection's number.",
            control: Menu,
            chip: Each,
            label: |inspection, names| names.inspection(*inspection),
            matches: |it, inspection| it.change.inspection_id == *inspection,
        }
        /// Changes of any of these fields.
        Field = "field", fields: Vec<Field> {
            title: "Field",
            hint: "Use one such as status or notes.",
            control: Menu,
            chip: Each,
            label: |field, _| field.label().into(),
            matches: |it, field| it.change.record.fields.contains(field),
        }
        /// Changes in any of these states of review.
        State = "state", states: Vec<ReviewState> {
            title: "State",
            hint: "Use unreviewed, reviewed or flagged.",
            control: Hidden,
            chip: Joined,
            label: |state, _| state.label().into(),
            matches: |it, state| it.state == *state,
        }
    }
    singles {
        /// Changes of this request.
        Request = "request", request: Option<Uuid> {
            title: "One action",
            hint: "Use the UUID of a request.",
            control: Hidden,
            chip: Each,
            parse: |text| text.parse().ok(),
            label: |_, _| "what it did".into(),
            matches: |it, request| it.change.request_id == *request,
        }
        /// Search text, each word of which must begin a [word](Change::words) of the change.
        Words = "q", words: String {
            title: "Words",
            hint: "Use words.",
            control: Search,
            chip: Each,
            parse: |text| Some(text.into()),
            label: |words, _| isolate(words).into_owned(),
            matches: |it, words| has_words(words, it.words),
        }
        /// Changes on or after this day, UTC.
        From = "from", from: Option<NaiveDate> {
            title: "From",
            hint: "Use a date such as 2026-03-31.",
            control: Menu,
            chip: Each,
            parse: |text| parse_day(text).ok(),
            label: |day, _| day_in_words(*day),
            matches: |it, day| it.change.created_at.date_naive() >= *day,
        }
        /// Changes on or before this day, UTC.
        To = "to", to: Option<NaiveDate> {
            title: "To",
            hint: "Use a date such as 2026-03-31.",
            control: Menu,
            chip: Each,
            parse: |text| parse_day(text).ok(),
            label: |day, _| day_in_words(*day),
            matches: |it, day| it.change.created_at.date_naive() <= *day,
        }
        /// Grouping into entries.
        Group = "group", group: Group {
            title: "Group by",
            hint: "Use request, inspection or day.",
            control: Setting,
            chip: Omitted,
            parse: |text| text.parse().ok(),
            label: |group, _| group.label().into(),
            matches: |_, _| true,
        }
        /// Start of a following page: only entries whose newest match is older than this change.
        Before = "before", before: Option<ChangeId> {
            title: "Page",
            hint: "Use a change's number.",
            control: Omitted,
            chip: Omitted,
            parse: |text| text.parse().ok(),
            label: |change, _| change.to_string(),
            matches: |_, _| true,
        }
    }
}
