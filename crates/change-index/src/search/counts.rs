//! Numbers of matches.

use domain::{change::Action, feed::Count};

/// Numbers of matches in the segments evaluated so far.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Matches.
    pub matching: u64,
    /// Changes that match in everything but their review state.
    pub all_states: u64,
    /// The unreviewed ones among `all_states`.
    pub unreviewed: u64,
    /// The flagged ones among `all_states`.
    pub flagged: u64,
    /// Changes of each action that match in everything but their action.
    pub actions: [u64; Action::ALL.len()],
}

impl Counts {
    /// Returns whether evaluating more segments could change nothing that is shown.
    pub(super) fn are_settled(&self) -> bool {
        self.are_states_settled()
            && is_plenty(self.matching)
            && is_plenty(self.all_states)
            && self.actions.iter().all(|number| is_plenty(*number))
    }

    /// Returns whether the numbers by review state are settled.
    pub(super) const fn are_states_settled(&self) -> bool {
        is_plenty(self.unreviewed) && is_plenty(self.flagged)
    }

    /// Returns the actions whose numbers are not settled, with their indices.
    pub(super) fn unsettled_actions(&self) -> impl Iterator<Item = (usize, Action)> {
        let actions = Action::ALL.into_iter().enumerate();
        actions.filter(|(index, _)| !is_plenty(self.actions[*index]))
    }
}

/// Returns whether a number is above those that are shown exactly.
pub(super) const fn is_plenty(number: u64) -> bool {
    number > Count::MAX_EXACT as u64
}
