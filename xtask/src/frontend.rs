//! Build of the page's code: compiled, split into the initial module and modules loaded on demand,
//! bound to JavaScript (`binder/`), and shrunk by Binaryen (`tools/shrink.mjs`).

use crate::cargo::{kept, root, target, tool};
use crate::finish::Finish;
use crate::npm;
use crate::process::quietly;
use crate::stamp::{digest, files_under, read, unless_same};
use crate::step::Step;
use crate::wasm_toolchain::{TARGET, Toolchain};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::available_parallelism;

/// Base name of the page's files, which Leptos gets at compile time.
pub(crate) const NAME: &str = "plumbline";

/// Base name of the script that loads modules on demand.
pub(crate) const SPLIT: &str = "__wasm_split";

/// Script that shrinks the modules.
const SHRINK: &str = "shrink.mjs";

/// Returns cargo's profile for the page.
pub(crate) fn profile(finish: Finish) -> &'static str {
    match finish {
        Finish::Served | Finish::Shipped => "wasm-release",
        Finish::Quick => "dev",
    }
}

/// Compiles the page and returns the path of the module.
pub(crate) fn compile(step: &Step, toolchain: &Toolchain, finish: Finish) -> Result<PathBuf> {
    let profile = profile(finish);
    let mut build = toolchain.cargo("rustc");
    build.args(["--package", "frontend", "--lib", "--profile", profile]);
    // The server is built at the same time and takes longer, so the page gets only half of the
    // cores. With Debian's toolchain, the server's build has a head start while the standard
    // library is built.
    if matches!(toolchain, Toolchain::Own) {
        let half = available_parallelism().map_or(1, |cores| cores.get().div_ceil(2));
        build.arg(format!("--jobs={half}"));
    }
    // The splitter needs the relocations.
    build.args(["--", "-C", "link-arg=--emit-relocs"]);
    quietly(step, &mut build).context("The page could not be built. Mend what is named above.")?;
    let folder = if profile == "dev" { "debug" } else { profile };
    Ok(target("wasm").join(TARGET).join(folder).join("frontend.wasm"))
}

/// Returns the folder of the bound page: `plumbline.js`, `plumbline_bg.wasm`, the modules loaded on
/// demand, and possibly `snippets/`.
pub(crate) fn bound(finish: Finish) -> PathBuf {
    kept(&format!("page-{}", profile(finish)))
}

/// Splits the compiled page, binds it to JavaScript and shrinks the result.
pub(crate) fn bind(step: &Step, compiled: &Path, finish: Finish) -> Result<()> {
    let tools = match finish {
        Finish::Served | Finish::Shipped => Some(npm::install(step, "xtask/tools")?),
        Finish::Quick => None,
    };
    let folder = bound(finish);
    let made = [format!("{NAME}_bg.wasm"), format!("{NAME}.js"), format!("{SPLIT}.js")];
    let made = made.map(|name| folder.join(name));

    let mut inputs = vec![compiled.to_owned(), root().join("Cargo.lock")];
    inputs.extend(files_under(&root().join("xtask/binder"))?);
    if let Some(tools) = &tools {
        inputs.extend(["package-lock.json", SHRINK].map(|name| tools.join(name)));
    }
    let inputs = inputs.iter().map(|path| read(path)).collect::<Result<Vec<_>>>()?;
    let inputs = digest(inputs.iter().map(Vec::as_slice));

    unless_same(&format!("page-{}", profile(finish)), &inputs, &made, || {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let mut binder = tool("run", "binder");
        binder.arg("--").arg(compiled).arg(&folder);
        binder.args(["--name", NAME, "--split", SPLIT]);
        quietly(step, &mut binder).context("The page could not be bound to JavaScript.")?;
        match &tools {
            Some(tools) => shrink(step, tools, &folder),
            None => Ok(()),
        }
    })
}

fn shrink(step: &Step, tools: &Path, folder: &Path) -> Result<()> {
    step.note("shrinking");
    let first = folder.join(format!("{NAME}_bg.wasm"));
    let before = fs::metadata(&first)?.len();
    let mut shrink = Command::new("node");
    shrink.arg(tools.join(SHRINK)).arg(folder);
    quietly(step, &mut shrink).context("Binaryen could not shrink the page")?;
    let after = fs::metadata(&first)?.len();
    step.remark(format!("{} kB to {} kB", before / 1000, after / 1000));
    Ok(())
}
