//! The page's code: compiled, cut into what every page needs and what some fetch later, bound to
//! JavaScript by wasm-bindgen, made small by Binaryen.

use crate::build::Finish;
use crate::cargo::{kept, target};
use crate::npm;
use crate::process::quietly;
use crate::stamp::{digest, files_under, read, unless_same, write};
use crate::step::Step;
use crate::unused;
use crate::wasm_toolchain::{TARGET, Toolchain};
use anyhow::{Context, Result, anyhow};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::available_parallelism;
use wasm_bindgen_cli_support::Bindgen;

/// The name of the page's files, which Leptos is told at compile time.
pub(crate) const NAME: &str = "plumbline";

/// The script that fetches what some pages need, without its ending.
pub(crate) const SPLIT: &str = "__wasm_split";

/// The name of the file that tells Leptos which parts each of those pages needs.
pub(crate) const MANIFEST: &str = "__wasm_split_manifest.json";

/// The workspace's manifest pins wasm-bindgen: when it changes, the page is bound anew.
const BINDGEN: &str = include_str!("../../Cargo.toml");

/// What makes the modules small: when it changes, they are made anew.
const SHRINK: &str = include_str!("../tools/shrink.mjs");

/// Cargo's profile for the page.
pub(crate) fn profile(finish: Finish) -> &'static str {
    match finish {
        Finish::Served => "wasm-release",
        Finish::Quick => "dev",
    }
}

/// Compiles the page and gives the path of the module.
pub(crate) fn compile(step: &Step, toolchain: &Toolchain, finish: Finish) -> Result<PathBuf> {
    let profile = profile(finish);
    let mut build = toolchain.cargo("rustc");
    build.args(["--package", "frontend", "--lib", "--profile", profile]);
    // The server is built beside it, takes longer, and so has more need of the cores.
    let half = available_parallelism().map_or(1, |cores| cores.get().div_ceil(2));
    build.arg(format!("--jobs={half}"));
    // Whoever cuts the module must know what refers to what.
    build.args(["--", "-C", "link-arg=--emit-relocs"]);
    quietly(step, &mut build).context("The page could not be built. Mend what is named above.")?;
    let folder = if profile == "dev" { "debug" } else { profile };
    Ok(target("wasm").join(TARGET).join(folder).join("frontend.wasm"))
}

/// Where the bound page is: `plumbline.js`, `plumbline_bg.wasm`, the parts that come later, and
/// perhaps `snippets/`.
pub(crate) fn bound(finish: Finish) -> PathBuf {
    kept(&format!("page-{}", profile(finish)))
}

/// Cuts the compiled page, binds it to JavaScript and shrinks all of it.
pub(crate) fn bind(step: &Step, compiled: &Path, finish: Finish) -> Result<()> {
    let tools = match finish {
        Finish::Served => Some(npm::install(step, "xtask/tools")?),
        Finish::Quick => None,
    };
    let folder = bound(finish);
    let made = [format!("{NAME}_bg.wasm"), format!("{NAME}.js"), MANIFEST.to_owned()];
    let made = made.map(|name| folder.join(name));

    let tool_lock = match &tools {
        Some(folder) => read(&folder.join("package-lock.json"))?,
        None => Vec::new(),
    };
    let source = read(compiled)?;
    let inputs = digest([&source, BINDGEN.as_bytes(), &tool_lock, SHRINK.as_bytes()]);

    unless_same(&format!("page-{}", profile(finish)), &inputs, &made, || {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        step.note("cutting");
        let first = compiled.with_file_name("first.wasm");
        cut(&source, &first, &folder)?;
        for part in modules(&folder)?.iter().chain([&first]) {
            write(part, &unused::taken_out(&read(part)?)?)?;
        }
        step.note("wasm-bindgen");
        Bindgen::new()
            .input_path(&first)
            .web(true)?
            .out_name(NAME)
            .typescript(false)
            .omit_default_module_path(true)
            // The later parts refer to the first by its names.
            .keep_lld_exports(true)
            .demangle(false)
            .remove_name_section(matches!(finish, Finish::Served))
            .remove_producers_section(true)
            .generate(&folder)
            .context("wasm-bindgen could not bind the page")?;
        match &tools {
            Some(tools) => shrink(step, tools, &folder),
            None => Ok(()),
        }
    })
}

/// Writes what every page needs to `first`, and to the folder the parts that come later, the script
/// that fetches them, and which of them each page needs.
fn cut(source: &[u8], first: &Path, folder: &Path) -> Result<()> {
    let (main, link) = (format!("./{NAME}.js"), format!("./{SPLIT}.js"));
    let mut options = wasm_split_cli_support::Options::new(source);
    options.output_dir = folder;
    options.main_out_path = first;
    options.main_module = &main;
    options.link_name = &link;
    let cut = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("The page could not be cut: {error:#}"))?;
    let manifest: BTreeMap<_, _> = cut.prefetch_map.into_iter().collect();
    write(&folder.join(MANIFEST), &serde_json::to_vec_pretty(&manifest)?)
}

fn modules(folder: &Path) -> Result<Vec<PathBuf>> {
    let is_module = |file: &PathBuf| file.extension().is_some_and(|ending| ending == "wasm");
    Ok(files_under(folder)?.into_iter().filter(is_module).collect())
}

fn shrink(step: &Step, tools: &Path, folder: &Path) -> Result<()> {
    step.note("shrinking");
    let first = folder.join(format!("{NAME}_bg.wasm"));
    let before = fs::metadata(&first)?.len();
    let mut shrink = Command::new("node");
    shrink.arg(tools.join("shrink.mjs")).args(modules(folder)?);
    quietly(step, &mut shrink).context("Binaryen could not shrink the page")?;
    let after = fs::metadata(&first)?.len();
    step.remark(format!("{} kB to {} kB", before / 1000, after / 1000));
    Ok(())
}
