//! The file with the frontier of the tree, which is stored beside the checkpoints so that a start need
//! not read the hashes of all changes.
//!
//! ```text
//! plumbline frontier 1
//! 1234
//! bx5p…44 characters of base64
//! …
//! ```
//!
//! The lines are the version of the format, the number of changes, and the roots of the full subtrees
//! from left to right. It is not signed: its root has to be that of a signed checkpoint.

use super::{CheckpointError, Frontier, note};

/// The name of the file.
pub(super) const NAME: &str = "frontier";

const VERSION: &str = "plumbline frontier 1";

/// Formats a frontier.
pub(super) fn format(frontier: &Frontier) -> String {
    let peaks = frontier.peaks().iter().map(|peak| format!("{}\n", note::base64(peak)));
    format!("{VERSION}\n{}\n{}", frontier.size(), peaks.collect::<String>())
}

/// Parses a frontier.
///
/// # Errors
/// [`CheckpointError::Frontier`] if it is damaged.
pub(super) fn parse(text: &str) -> Result<Frontier, CheckpointError> {
    read(text).ok_or(CheckpointError::Frontier { problem: "it cannot be read".into() })
}

fn read(text: &str) -> Option<Frontier> {
    let mut lines = text.strip_suffix('\n')?.split('\n');
    lines.next().filter(|line| *line == VERSION)?;
    let size = note::decimal(lines.next()?)?;
    let peaks = lines.map(note::hash).collect::<Option<Vec<_>>>()?;
    Frontier::from_peaks(size, peaks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frontier_is_read_as_it_was_written_and_a_damaged_one_refused() {
        let mut frontier = Frontier::default();
        for leaf in 0..11 {
            frontier.push(&[leaf; 32]);
        }
        let text = format(&frontier);
        assert_eq!(parse(&text).unwrap(), frontier);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 5, "{text}");
        for damaged in [
            String::new(),
            text.trim_end().to_owned(),
            text.replace("frontier 1", "frontier 2"),
            text.replace("\n11\n", "\n12\n"),
            text.replace(lines[4], ""),
            text.replace(lines[4], "x"),
        ] {
            assert!(matches!(parse(&damaged), Err(CheckpointError::Frontier { .. })), "{damaged}");
        }
    }
}
