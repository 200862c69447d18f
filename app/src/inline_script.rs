//! Scripts within pages.

/// Returns a script without its comments and indentation, which are half of it. A comment is a line
/// of its own, and no text of the script contains a line break.
pub(crate) fn without_comments(script: &str) -> String {
    let lines = script.lines().map(str::trim);
    let code = lines.filter(|line| !line.is_empty() && !line.starts_with("//"));
    code.fold(String::with_capacity(script.len()), |code, line| code + line + "\n")
}

#[cfg(test)]
mod tests {
    use super::without_comments;

    #[test]
    fn the_code_stays_line_by_line() {
        let script = "// Says so.\n(() => {\n\n  // Twice.\n  say(\"//\");\n})()\n";
        assert_eq!(without_comments(script), "(() => {\nsay(\"//\");\n})()\n");
    }
}
