//! How the page's modules are fetched: handed to the browser's compiler piece by piece, and the later ones
//! asked for again where the network fails.

use anyhow::{Result, ensure};

/// What does both. The page's script gets it for all.
pub(crate) const FETCH: &str = include_str!("fetch.js");

/// The script that fetches the later parts, which hands over each of them whole and asks for it once, with
/// both mended.
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
