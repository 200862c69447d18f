//! Changes to the loading of the modules: they are passed to the browser's compiler in small chunks, and
//! failed downloads are retried.

use anyhow::{Result, ensure};

/// JavaScript functions for both, which are appended to the main script.
pub(crate) const FETCH: &str = include_str!("fetch.js");

/// Rewrites the loader script, which by default passes each module to the compiler as a whole and downloads
/// it only once.
pub(crate) fn later(script: &str) -> Result<String> {
    let (import, load) = ("import { initSync }", "await callee();");
    let (before, after) = ("const src = fetch(", ", import.meta.url));");
    ensure!(
        script.starts_with(import) && script.contains(load) && script.contains(before),
        "The script of the later parts is not as it was known"
    );
    let lines = script.replacen(import, "import { initSync, insistent, paced }", 1).replacen(
        load,
        "await insistent(callee);",
        1,
    );
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
    fn later_parts_are_paced_and_insisted_on() {
        let script = "import { initSync } from \"./a.js\";\n\
                      await callee();\n\
                      const url = new URL(\"./b.wasm\", import.meta.url));\n\
                      const src = fetch(new URL(\"./b.wasm\", import.meta.url));\n";
        let paced = "import { initSync, insistent, paced } from \"./a.js\";\n\
                     await insistent(callee);\n\
                     const url = new URL(\"./b.wasm\", import.meta.url));\n\
                     const src = paced(fetch(new URL(\"./b.wasm\", import.meta.url)));\n";
        assert_eq!(later(script).unwrap(), paced);
        assert!(FETCH.contains("export async function paced(fetched)"));
        assert!(FETCH.contains("export async function insistent(load)"));
    }

    #[test]
    fn a_script_of_another_make_is_refused() {
        assert!(later("import { initSync } from \"./a.js\";").is_err());
        assert!(later("const src = fetch(path);").is_err());
    }
}
