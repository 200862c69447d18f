//! Has the page's modules handed to the browser's compiler piece by piece.

use anyhow::{Result, ensure};

/// What does it. The page's script gets it for all.
pub(crate) const PACED: &str = include_str!("paced.js");

/// The script that fetches the later parts, which hands over each of them whole, with that mended.
pub(crate) fn later(script: &str) -> Result<String> {
    let import = "import { initSync }";
    let (before, after) = ("const src = fetch(", ", import.meta.url));");
    ensure!(
        script.starts_with(import) && script.contains(before),
        "The script of the later parts is not as it was known"
    );
    let lines = script.replacen(import, "import { initSync, paced }", 1);
    let lines = lines.split_inclusive('\n').map(|line| match line.contains(before) {
        true => {
            line.replace(before, "const src = paced(fetch(").replace(after, ", import.meta.url)));")
        }
        false => line.to_owned(),
    });
    Ok(lines.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_parts_are_paced() {
        let script = "import { initSync } from \"./a.js\";\n\
                      const url = new URL(\"./b.wasm\", import.meta.url));\n\
                      const src = fetch(new URL(\"./b.wasm\", import.meta.url));\n";
        let paced = "import { initSync, paced } from \"./a.js\";\n\
                     const url = new URL(\"./b.wasm\", import.meta.url));\n\
                     const src = paced(fetch(new URL(\"./b.wasm\", import.meta.url)));\n";
        assert_eq!(later(script).unwrap(), paced);
        assert!(PACED.contains("export async function paced(fetched)"));
    }

    #[test]
    fn a_script_of_another_make_is_refused() {
        assert!(later("import { initSync } from \"./a.js\";").is_err());
        assert!(later("const src = fetch(path);").is_err());
    }
}
