//! Style sheet: `style/main.css` with its imports, bundled and minified.

use crate::cargo::{kept, root};
use crate::npm;
use crate::process::quietly;
use crate::step::Step;
use anyhow::{Context, Result};
use std::fs;
use std::process::Command;

/// Browsers of the last two years; newer CSS features are rewritten for them.
const BROWSERS: &str = "chrome 131, edge 131, firefox 132, safari 18.1, ios_saf 18.1, samsung 27";

/// Bundles and minifies the style.
pub(crate) fn bundle(step: &Step) -> Result<String> {
    let tools = npm::install(step, "xtask/tools")?;
    let bundled = kept("style.css");
    let mut bundle = Command::new(tools.join("node_modules/.bin/lightningcss"));
    bundle.current_dir(root());
    bundle.args(["--bundle", "--minify", "--targets", BROWSERS]);
    bundle.arg("style/main.css").arg("--output-file").arg(&bundled);
    quietly(step, &mut bundle)
        .context("The style could not be bundled. Mend the file named above.")?;
    fs::read_to_string(&bundled).with_context(|| format!("{} cannot be read", bundled.display()))
}
