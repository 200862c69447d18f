//! Word-by-word comparison of two texts.

/// Maximum number of words on either side, apart from the common ends, that are compared one by
/// one, because the work grows with their product.
const COMPARED: usize = 600;

/// A run of text in a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run<'text> {
    /// In both.
    Same(&'text str),
    /// Only in the earlier text.
    Gone(&'text str),
    /// Only in the later text.
    Came(&'text str),
}

/// Returns the runs that lead from one text to another. Without the added runs they are the earlier
/// text, without the removed runs the later. A removed run precedes the added run that replaces it.
pub fn compare_texts<'text>(before: &'text str, after: &'text str) -> Vec<Run<'text>> {
    let (old, new) = (words(before), words(after));
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (head, old) = old.split_at(start);
    let new = &new[start..];
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, tail) = old.split_at(old.len() - end);
    let new = &new[..new.len() - end];

    let mut hunks = Hunks::default();
    hunks.add(true, length(head), length(head));
    if old.len() > COMPARED || new.len() > COMPARED {
        hunks.add(false, length(old), length(new));
    } else {
        middle(&mut hunks, old, new);
    }
    hunks.add(true, length(tail), length(tail));
    hunks.runs(before, after)
}

fn length(words: &[&str]) -> usize {
    words.iter().map(|word| word.len()).sum()
}

/// Returns the share of both texts that the runs have in common, from 0 to 100 percent.
pub fn likeness(runs: &[Run<'_>]) -> usize {
    let (mut same, mut all) = (0, 0);
    for run in runs {
        match run {
            Run::Same(text) => {
                same += 2 * text.len();
                all += 2 * text.len();
            }
            Run::Gone(text) | Run::Came(text) => all += text.len(),
        }
    }
    (100 * same).checked_div(all).unwrap_or(100)
}

/// Splits a text into words, the spaces between them, and every other character by itself.
fn words(text: &str) -> Vec<&str> {
    let kind = |sign: char| match sign {
        sign if sign.is_alphanumeric() => 1,
        sign if sign.is_whitespace() => 2,
        _ => 3,
    };
    let mut words = Vec::new();
    let mut start = 0;
    let mut last = 0;
    for (at, sign) in text.char_indices() {
        let now = kind(sign);
        if at > start && (now != last || now == 3) {
            words.push(&text[start..at]);
            start = at;
        }
        last = now;
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

/// Finds the longest common subsequence of words, and adds the runs between them as removed and
/// added.
fn middle(hunks: &mut Hunks, old: &[&str], new: &[&str]) {
    let width = new.len() + 1;
    let mut longest = vec![0_u16; (old.len() + 1) * width];
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            longest[i * width + j] = if a == b {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            hunks.add(true, old[i].len(), new[j].len());
            (i, j) = (i + 1, j + 1);
        } else if j == new.len()
            || i < old.len() && longest[(i + 1) * width + j] >= longest[i * width + j + 1]
        {
            hunks.add(false, old[i].len(), 0);
            i += 1;
        } else {
            hunks.add(false, 0, new[j].len());
            j += 1;
        }
    }
}

/// Runs that are equal or different, with their lengths in both texts.
#[derive(Default)]
struct Hunks(Vec<(bool, usize, usize)>);

impl Hunks {
    fn add(&mut self, same: bool, before: usize, after: usize) {
        match self.0.last_mut() {
            Some(last) if last.0 == same => *last = (same, last.1 + before, last.2 + after),
            _ if before + after > 0 => self.0.push((same, before, after)),
            _ => {}
        }
    }

    fn runs<'text>(self, before: &'text str, after: &'text str) -> Vec<Run<'text>> {
        // A single space between two replaced words counts as replaced, so that whole phrases are
        // shown.
        let mut whole = Self::default();
        let mut at = 0;
        for (place, &(same, old, new)) in self.0.iter().enumerate() {
            let inner = place > 0 && place + 1 < self.0.len();
            let lone = same && inner && after[at..at + new].trim_matches(' ').is_empty();
            whole.add(same && !lone, old, new);
            at += new;
        }
        let (mut old, mut new) = (before, after);
        let mut runs = Vec::new();
        for (same, gone, came) in whole.0 {
            let (gone, rest) = old.split_at(gone);
            old = rest;
            let (came, rest) = new.split_at(came);
            new = rest;
            match same {
                true => runs.push(Run::Same(came)),
                false => {
                    runs.extend((!gone.is_empty()).then_some(Run::Gone(gone)));
                    runs.extend((!came.is_empty()).then_some(Run::Came(came)));
                }
            }
        }
        runs
    }
}
