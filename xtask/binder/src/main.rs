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
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    fs::create_dir_all(&cli.folder)
        .with_context(|| format!("{} cannot be made", cli.folder.display()))?;
    let (module, replaced) = unused::taken_out(&read(&cli.module)?)?;
    eprintln!("{} functions that are never called are replaced by a trap", replaced.number()?);
    eprintln!("cutting");
    let first = cli.module.with_file_name("first.wasm");
    cut(&cli, &module, &first)?;
    let script = cli.folder.join(format!("{}.js", cli.split));
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
        // The names are needed to order the functions, and for debugging.
        .remove_name_section(false)
        .remove_producers_section(true)
        .generate(&cli.folder)
        .context("wasm-bindgen could not bind the page")?;
    rewrite(&cli.folder.join(format!("{}.js", cli.name)), |page| Ok(page.to_owned() + FETCH))?;
    rewrite(&script, fetch::later)
}

/// Splits the module: writes the part for all pages to `first`, and the other parts with their loader script
/// to the folder.
fn cut(cli: &Cli, source: &[u8], first: &Path) -> Result<()> {
    let (main, link) = (format!("./{}.js", cli.name), format!("./{}.js", cli.split));
    let mut options = wasm_split_cli_support::Options::new(source);
    options.output_dir = &cli.folder;
    options.main_out_path = first;
    options.main_module = &main;
    options.link_name = &link;
    wasm_split_cli_support::transform(options)
        .map(drop)
        .map_err(|error| anyhow!("The page could not be cut: {error:#}"))
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
