//! Standard output and standard error of the commands.
//!
//! Commands write through these functions instead of `println!`, which panics when the reader has
//! closed the pipe, as `head` does. A closed pipe is not an error: a command does its work whether
//! or not its output is read.

use std::{
    fmt::Display,
    io::{self, ErrorKind, Write, stderr, stdout},
};

/// Writes a line to standard output.
///
/// # Errors
/// Writing failed for a reason other than a closed pipe, such as a full disk.
pub(crate) fn line(text: impl Display) -> io::Result<()> {
    let mut out = stdout().lock();
    unless_closed(writeln!(out, "{text}").and_then(|()| out.flush()))
}

/// Writes text to standard output unchanged.
///
/// # Errors
/// As for [`line()`].
pub(crate) fn text(text: impl Display) -> io::Result<()> {
    let mut out = stdout().lock();
    unless_closed(write!(out, "{text}").and_then(|()| out.flush()))
}

/// Writes a line to standard error. A failure is ignored, because there is nowhere left to report
/// it.
pub(crate) fn error_line(text: impl Display) {
    let _ = writeln!(stderr().lock(), "{text}");
}

/// Writes text to standard error without a line break. A failure is ignored, as in [`error_line`].
pub(crate) fn error_text(text: impl Display) {
    let mut out = stderr().lock();
    let _ = write!(out, "{text}").and_then(|()| out.flush());
}

/// Converts a closed pipe to success.
pub(crate) fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_closed_pipe_is_no_failure() {
        assert!(unless_closed(Ok(())).is_ok());
        assert!(unless_closed(Err(ErrorKind::BrokenPipe.into())).is_ok());
        let full = unless_closed(Err(ErrorKind::StorageFull.into()));
        assert_eq!(full.unwrap_err().kind(), ErrorKind::StorageFull);
    }
}
