//! Undoing: what takes changes back, and what later changes touched since.

use crate::{
    Actor, Change, ChangeId, Field, Inspection, Refusal, Target, Values, Way,
    undoing::{Undoing, touching},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Something that may have been touched since: a field, or a thing as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The thing.
    pub target: Target,
    /// The field of it; `None` for the thing as a whole, which undoing would take away or bring back.
    pub field: Option<Field>,
}

/// What to do about a [`Clash`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    /// Leave it as it is now.
    #[default]
    Keep,
    /// Undo it all the same.
    Back,
}

/// What was decided, place by place. Where nothing was, what is now stays.
pub type Choices = BTreeMap<Place, Choice>;

/// Undoing meets something that is not as the change left it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clash {
    /// Where.
    pub place: Place,
    /// What the thing is called now.
    pub name: String,
    /// Whether the thing as a whole would come back, rather than go. For a field it says nothing.
    pub comes: bool,
    /// The field's value now; none where the thing as a whole is meant.
    pub now: Values,
    /// The value that undoing would set.
    pub back: Values,
    /// Later changes that touched it, oldest first.
    pub since: Vec<Change>,
    /// What was decided about it.
    pub choice: Choice,
}

/// Why undoing a change leads to nothing, or not to all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// Already in this state.
    #[error("Everything is as it was before this change already.")]
    Already,
    /// What was edited has been removed since.
    #[error("What it changed has been removed since. Undo the removal first.")]
    Gone,
    /// Making or reading a report alters nothing that could be set back. The file has left the house:
    /// whoever was given it has it, and its record has to stay true.
    #[error(
        "A PDF that was made or read cannot be undone: people may have it. It stays among the \
         reports, marked as out of date once the inspection is altered."
    )]
    Report,
}

/// A change that is not undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Which one.
    pub change: ChangeId,
    /// Why.
    pub why: Why,
}

/// What undoing comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undo {
    /// The steps that it takes, with what was decided about the clashes.
    pub way: Way,
    /// What is not as the undone changes left it, each place once.
    pub clashes: Vec<Clash>,
    /// Changes for which there is nothing to do.
    pub left: Vec<Left>,
}

/// Why an inspection stays as it is where all that a request did in many is undone at once.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stays {
    /// There is nothing to do.
    #[error(transparent)]
    Left(Why),
    /// So many places were touched since, and nobody decided about them.
    #[error("{}", undecided(*.0))]
    Undecided(usize),
    /// It was altered after somebody looked at what undoing comes to.
    #[error("It was changed while you looked at this.")]
    Altered,
    /// It may not happen.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

fn undecided(places: usize) -> String {
    match places {
        1 => "One thing was touched since.".into(),
        places => format!("{places} things were touched since."),
    }
}

impl Undo {
    /// Those of the `unseen` changes that stand in its way, because whoever asked for it does not know of
    /// them: they touched what one of its steps would alter or what has to be decided, or removed what an
    /// undone change altered. `since` are the changes that it was planned from.
    pub fn touched_by(&self, since: &[Change], unseen: &[Change]) -> Vec<Change> {
        let clashes = self.clashes.iter().map(|clash| clash.place);
        let gone = self.left.iter().filter(|left| left.why == Why::Gone).filter_map(|left| {
            let change = since.iter().find(|change| change.id == left.change)?;
            change.record.target().map(|target| Place { target, field: None })
        });
        let places: Vec<Place> = clashes.chain(gone).chain(self.way.places()).collect();
        touching(&places, unseen)
    }

    /// Undoing nothing.
    pub fn nothing(now: &Inspection) -> Self {
        Self { way: Way::from(now), clashes: Vec::new(), left: Vec::new() }
    }

    /// Returns the way to take from `here` where it is one of many and nobody is asked about it: all of it,
    /// or none.
    ///
    /// # Errors
    /// Why the inspection stays as it is.
    pub fn at_once(self, actor: &Actor, here: &Inspection) -> Result<Way, Stays> {
        self.way.allowed(actor, here).map_err(Refusal::from)?;
        if !self.clashes.is_empty() {
            return Err(Stays::Undecided(self.clashes.len()));
        }
        if self.way.steps.is_empty() {
            let mut why = self.left.iter().map(|left| left.why);
            let why = why.find(|why| *why != Why::Already);
            return Err(Stays::Left(why.unwrap_or(Why::Already)));
        }
        Ok(self.way)
    }
}

impl Inspection {
    /// Plans to undo changes of this inspection: those for which `undone` holds among `since`, all of
    /// its changes, oldest first, from the first undone one on.
    ///
    /// The newest is taken back first, each by the inverse of what it did: an edit sets its fields
    /// back, what was removed comes back as it was, what was added goes, a status step goes back to
    /// where it came from. What is not as the change left it is a clash: there what is now stays,
    /// unless `choices` say otherwise.
    ///
    /// # Errors
    /// If a value that held then does not hold any more.
    pub fn undo(
        &self,
        since: &[Change],
        undone: impl Fn(&Change) -> bool,
        choices: &Choices,
    ) -> Result<Undo, Refusal> {
        let later = since.iter().filter(|change| !undone(change)).collect();
        let mut undoing = Undoing::of(Undo::nothing(self), later, choices);
        for change in since.iter().rev().filter(|change| undone(change)) {
            undoing.take_back(change)?;
        }
        Ok(undoing.done())
    }
}
