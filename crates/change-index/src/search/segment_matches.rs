//! Evaluation of a query over one segment.

use crate::{
    Query, ReviewStates,
    bitmap::Bitmap,
    postings::Postings,
    segment::Segment,
    tokens::{ANY, TokenQuery},
};
use domain::feed::ReviewState;
use std::borrow::Cow;

/// Result of evaluating a query over a segment.
#[derive(Debug, Default)]
pub(super) struct Matches {
    /// All changes of the segment, or none if the segment lies outside the days asked for.
    pub(super) all: Bitmap,
    pub(super) matching: Bitmap,
    /// Matches that were not returned yet.
    pub(super) remaining: Bitmap,
}

/// Changes of a segment by the conditions that they meet.
pub(super) struct Conditions {
    pub(super) all: Bitmap,
    /// Changes that meet all conditions but the one on actions.
    pub(super) in_state: Bitmap,
    /// Changes that meet all conditions but the one on review states.
    pub(super) of_action: Bitmap,
    /// The changes in each review state, if they were asked for.
    pub(super) by_state: Option<[Bitmap; 3]>,
}

/// Extent to which a segment lies within the days asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coverage {
    None,
    Part,
    Whole,
}

impl Query {
    /// Returns how much of a segment lies within the days asked for.
    pub(super) fn coverage(&self, segment: &Segment) -> Coverage {
        let (first, last) = (self.days.0.to_string(), self.days.1.to_string());
        if segment.last_day < first || segment.first_day > last {
            Coverage::None
        } else if segment.first_day >= first && segment.last_day <= last {
            Coverage::Whole
        } else {
            Coverage::Part
        }
    }

    fn day_range(&self) -> TokenQuery {
        TokenQuery::days(self.days.0, self.days.1)
    }

    /// Returns the posting lists that the evaluation needs, those of the days only if a segment lies
    /// partly within them.
    pub(super) fn needed_lists(&self, with_days: bool) -> Vec<TokenQuery> {
        let mut needed = vec![TokenQuery::One(ANY.into())];
        needed.extend(self.with.iter().flatten().cloned());
        needed.extend(self.without.iter().cloned());
        needed.extend(self.actions.iter().chain(&self.without_actions).cloned());
        needed.extend(with_days.then(|| self.day_range()));
        needed
    }

    /// Evaluates the query over a segment that does not lie outside the days asked for.
    pub(super) fn evaluate(
        &self,
        segment: &Segment,
        postings: &Postings,
        states: Option<&ReviewStates>,
    ) -> Conditions {
        let any = |queries: &[TokenQuery]| any(segment, postings, queries);
        let all = segment.matching(postings, &TokenQuery::One(ANY.into())).into_owned();
        let mut base = all.clone();
        for queries in &self.with {
            base &= &*any(queries);
        }
        if !self.without.is_empty() {
            base -= &*any(&self.without);
        }
        if let Some(ids) = &self.ids {
            base &= segment.of(ids);
        }
        if self.coverage(segment) == Coverage::Part {
            base &= &*segment.matching(postings, &self.day_range());
        }
        let mut of_action = base.clone();
        if !self.actions.is_empty() {
            of_action &= &*any(&self.actions);
        }
        if !self.without_actions.is_empty() {
            of_action -= &*any(&self.without_actions);
        }
        let by_state = states.map(|states| segment.states(states, &all));
        let mut in_state = base;
        if let Some(by_state) = &by_state {
            let any = |states: &[ReviewState]| {
                let bitmaps = states.iter().map(|state| &by_state[*state as usize]);
                bitmaps.fold(Bitmap::new(), |bits, in_state| bits | in_state)
            };
            if !self.states.is_empty() {
                in_state &= any(&self.states);
            }
            in_state -= any(&self.without_states);
        }
        Conditions { all, in_state, of_action, by_state }
    }
}

/// Returns the changes of a segment that match one of the queries.
fn any<'p>(segment: &Segment, postings: &'p Postings, queries: &[TokenQuery]) -> Cow<'p, Bitmap> {
    match queries {
        [query] => segment.matching(postings, query),
        _ => Cow::Owned(
            queries
                .iter()
                .fold(Bitmap::new(), |bits, query| bits | &*segment.matching(postings, query)),
        ),
    }
}
