//! Program that splits the compiled WebAssembly module into one for all pages and others that are loaded
//! later, and generates their JavaScript bindings. It is a separate program because it is large: `cargo
//! xtask` starts without it and compiles it while the server is built.

mod fetch;
mod unused;

use anyhow::{Context, Result, anyhow};
use clap::Parser;
use fetch::FETCH;
use std::fs;
use std::path::{Path, PathBuf};
use unused::Replaced;
use wasm_bindgen_cli_support::Bindgen;

/// Splits a compiled module and generates its JavaScript bindings.
#[derive(Parser)]
struct Cli {
    /// Module from the compiler, with relocations.
    module: PathBuf,
    /// Folder for all output files.
    folder: PathBuf,
    /// Name of the main module's files, without extensions.
    #[arg(long)]
    name: String,
    /// Name of the script that loads the other modules, without its extension.
    #[arg(long)]
    split: String,
    /// Keep the names of functions, for debugging.
    #[arg(long)]
    keep_names: bool,
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    fs::create_dir_all(&cli.folder)
        .with_context(|| format!("{} cannot be made", cli.folder.display()))?;
    eprintln!("cutting");
    let first = cli.module.with_file_name("first.wasm");
    cut(&cli, &first)?;
    let mut replaced = Replaced::default();
    for part in modules(&cli.folder)?.iter().chain([&first]) {
        let (module, in_part) = unused::taken_out(&read(part)?)?;
        write(part, &module)?;
        replaced += in_part;
    }
    eprintln!("{} functions that are never called are replaced by a trap", replaced.number()?);
    eprintln!("wasm-bindgen");
    Bindgen::new()
        .input_path(&first)
        .web(true)?
        .out_name(&cli.name)
        .typescript(false)
        .omit_default_module_path(true)
        // The other modules refer to the main module by these names.
        .keep_lld_exports(true)
        .demangle(false)
        .remove_name_section(!cli.keep_names)
        .remove_producers_section(true)
        .generate(&cli.folder)
        .context("wasm-bindgen could not bind the page")?;
    rewrite(&cli.folder.join(format!("{}.js", cli.name)), |page| Ok(page.to_owned() + FETCH))?;
    rewrite(&cli.folder.join(format!("{}.js", cli.split)), fetch::later)
}

/// Splits the module: writes the part for all pages to `first`, and the other parts with their loader script
/// to the folder.
fn cut(cli: &Cli, first: &Path) -> Result<()> {
    let source = read(&cli.module)?;
    let (main, link) = (format!("./{}.js", cli.name), format!("./{}.js", cli.split));
    let mut options = wasm_split_cli_support::Options::new(&source);
    options.output_dir = &cli.folder;
    options.main_out_path = first;
    options.main_module = &main;
    options.link_name = &link;
    wasm_split_cli_support::transform(options)
        .map(drop)
        .map_err(|error| anyhow!("The page could not be cut: {error:#}"))
}

fn modules(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "wasm") {
            found.push(path);
        }
    }
    Ok(found)
}

fn rewrite(script: &Path, anew: impl FnOnce(&str) -> Result<String>) -> Result<()> {
    write(script, anew(&String::from_utf8(read(script)?)?)?.as_bytes())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).with_context(|| format!("{} cannot be written", path.display()))
}
