//! The page's code: compiled, bound to JavaScript by wasm-bindgen, made small by wasm-opt.

use crate::build::Finish;
use crate::cargo::{kept, target};
use crate::npm;
use crate::process::quietly;
use crate::stamp::{digest, read, unless_same};
use crate::step::Step;
use crate::wasm_toolchain::{TARGET, Toolchain};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

/// The name of the page's files, which Leptos is told at compile time.
pub(crate) const NAME: &str = "plumbline";

/// The workspace's manifest pins wasm-bindgen: when it changes, the page is bound anew.
const BINDGEN: &str = include_str!("../../Cargo.toml");

/// What the compiler may use, so wasm-opt may read and write it: all of it is in every browser of
/// the last years. More than this and wasm-opt could write what some browsers cannot read.
const FEATURES: [&str; 8] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

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
    let mut build = toolchain.cargo("build");
    build.args(["--package", "frontend", "--profile", profile]);
    quietly(step, &mut build).context("The page could not be built. Mend what is named above.")?;
    let folder = if profile == "dev" { "debug" } else { profile };
    Ok(target("wasm").join(TARGET).join(folder).join("frontend.wasm"))
}

/// Where the bound page is: `plumbline.js`, `plumbline_bg.wasm`, and perhaps `snippets/`.
pub(crate) fn bound(finish: Finish) -> PathBuf {
    kept(&format!("page-{}", profile(finish)))
}

/// Binds the compiled page to JavaScript and shrinks it.
pub(crate) fn bind(step: &Step, compiled: &Path, finish: Finish) -> Result<()> {
    let tools = match finish {
        Finish::Served => Some(npm::install(step, "xtask/tools")?),
        Finish::Quick => None,
    };
    let folder = bound(finish);
    let module = folder.join(format!("{NAME}_bg.wasm"));
    let script = folder.join(format!("{NAME}.js"));

    let tool_lock = match &tools {
        Some(folder) => read(&folder.join("package-lock.json"))?,
        None => Vec::new(),
    };
    let source = read(compiled)?;
    let features = FEATURES.concat();
    let inputs = digest([&source, BINDGEN.as_bytes(), &tool_lock, features.as_bytes()]);

    unless_same(&format!("page-{}", profile(finish)), &inputs, &[module.clone(), script], || {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        step.note("wasm-bindgen");
        Bindgen::new()
            .input_path(compiled)
            .web(true)?
            .out_name(NAME)
            .typescript(false)
            .omit_default_module_path(true)
            .remove_name_section(matches!(finish, Finish::Served))
            .remove_producers_section(true)
            .generate(&folder)
            .context("wasm-bindgen could not bind the page")?;
        match &tools {
            Some(tools) => shrink(step, tools, &module),
            None => Ok(()),
        }
    })
}

fn shrink(step: &Step, tools: &Path, module: &Path) -> Result<()> {
    step.note("wasm-opt");
    let before = fs::metadata(module)?.len();
    let smaller = module.with_extension("smaller");
    let mut optimise = Command::new("node");
    optimise.arg(tools.join("node_modules/binaryen/bin/wasm-opt"));
    optimise.arg("-Oz").args(FEATURES).arg(module).arg("-o").arg(&smaller);
    quietly(step, &mut optimise).context("wasm-opt could not shrink the page")?;
    fs::rename(&smaller, module)?;
    let after = fs::metadata(module)?.len();
    step.remark(format!("{} kB to {} kB", before / 1000, after / 1000));
    Ok(())
}
