//! Evaluation of a filter over parts of the changes, as bitmaps and counts.

use super::{
    bitmap::Bits,
    search::{Search, is_plenty},
    segment::{Matches, Segment},
    tokens::{self, ANY, TokenQuery},
};
use crate::Error;
use domain::{change::Action, feed::ReviewState};

impl Search<'_> {
    /// Evaluates the filter over these parts, and counts the matches if `counting` is set.
    pub(super) async fn look_at(&mut self, parts: &[usize], counting: bool) -> Result<(), Error> {
        let new = |index: &usize| self.parts[*index].found.is_none();
        let parts: Vec<usize> = parts.iter().copied().filter(new).collect();
        if parts.is_empty() {
            return Ok(());
        }
        let conditions = &self.conditions;
        let (first, last) = conditions.days;
        let days = TokenQuery::days(first, last);
        let (first, last) = (first.to_string(), last.to_string());
        // Some parts lie entirely within the days asked for, others entirely outside.
        let outside = |part: &Segment| part.days.1 < first || part.days.0 > last;
        let inside = |part: &Segment| part.days.0 >= first && part.days.1 <= last;
        let mut asked = vec![TokenQuery::One(ANY.into())];
        asked.extend(conditions.with.iter().flatten().cloned());
        asked.extend(conditions.without.iter().cloned());
        asked.extend(conditions.actions.iter().chain(&conditions.without_actions).cloned());
        if parts.iter().any(|index| {
            let part = &self.parts[*index];
            !outside(part) && !inside(part)
        }) {
            asked.push(days.clone());
        }
        let actions: Vec<(usize, TokenQuery)> = Action::ALL
            .into_iter()
            .enumerate()
            .filter(|(index, _)| counting && !is_plenty(self.counts.actions[*index]))
            .map(|(index, action)| (index, TokenQuery::One(tokens::action(action))))
            .collect();
        asked.extend(actions.iter().map(|(_, action)| action.clone()));
        let worth = |index: &&usize| !outside(&self.parts[**index]);
        let worthwhile: Vec<usize> = parts.iter().filter(worth).copied().collect();
        let postings = self.postings(&worthwhile, &asked).await?;
        let conditions = &self.conditions;
        let of_states = !conditions.states.is_empty() || !conditions.without_states.is_empty();
        let tabs =
            counting && !(is_plenty(self.counts.unreviewed) && is_plenty(self.counts.flagged));
        let states = if of_states || tabs { Some(self.states().await?) } else { None };

        for index in parts {
            let part = &self.parts[index];
            if outside(part) {
                let none = Bits::none(part.len());
                let found = Matches { all: none.clone(), matching: none.clone(), rest: none };
                self.parts[index].found = Some(found);
                continue;
            }
            let conditions = &self.conditions;
            let any = |asked: &[TokenQuery]| {
                let mut bits = Bits::none(part.len());
                asked.iter().for_each(|asked| bits.or(&part.with(&postings, asked)));
                bits
            };
            let all = part.with(&postings, &TokenQuery::One(ANY.into()));
            let mut base = all.clone();
            for asked in &conditions.with {
                base.and(&any(asked));
            }
            base.and_not(&any(&conditions.without));
            if let Some(ids) = &conditions.ids {
                base.and(&part.of(ids));
            }
            if !inside(part) {
                base.and(&part.with(&postings, &days));
            }
            let mut of_action = base.clone();
            if !conditions.actions.is_empty() {
                of_action.and(&any(&conditions.actions));
            }
            of_action.and_not(&any(&conditions.without_actions));
            let by_state = states.as_ref().map(|states| part.states(states, &all));
            let mut in_state = base;
            if let Some(by_state) = &by_state {
                let any = |states: &[ReviewState]| {
                    let mut bits = Bits::none(part.len());
                    states.iter().for_each(|state| bits.or(&by_state[*state as usize]));
                    bits
                };
                if !conditions.states.is_empty() {
                    in_state.and(&any(&conditions.states));
                }
                in_state.and_not(&any(&conditions.without_states));
            }
            let mut matching = in_state.clone();
            matching.and(&of_action);
            if counting {
                self.counts.matching += matching.count();
                self.counts.all_states += of_action.count();
                if let Some([unreviewed, _, flagged]) = &by_state {
                    self.counts.unreviewed += of_action.count_and(unreviewed);
                    self.counts.flagged += of_action.count_and(flagged);
                }
                for (index, action) in &actions {
                    self.counts.actions[*index] +=
                        in_state.count_and(&part.with(&postings, action));
                }
            }
            let found = Matches { all, rest: matching.clone(), matching };
            self.parts[index].found = Some(found);
        }
        Ok(())
    }
}
