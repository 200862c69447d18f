//! Everything that `plumbline serve` needs, in the order in which it is made.

use crate::background_step::BackgroundStep;
use crate::cargo::{cargo, native, selection};
use crate::finish::Finish;
use crate::process::quietly;
use crate::step::{Step, Steps};
use crate::wasm_toolchain::{self, Toolchain};
use crate::{frontend, site, style};
use anyhow::{Context, Result};

/// How many steps [`all`] takes.
pub(crate) const STEPS: usize = 6;
/// How many steps [`style_and_site`] takes.
pub(crate) const STYLE_STEPS: usize = 2;

/// Builds what is served, as a command of its own.
pub(crate) fn release() -> Result<()> {
    all(&mut Steps::of(STEPS))
}

/// Builds what is served. The server needs nothing that the first step sets up, and begins with it.
pub(crate) fn all(steps: &mut Steps) -> Result<()> {
    let server = begin_server(Finish::Served);
    let toolchain = set_up(steps)?;
    beside(steps, &toolchain, Finish::Served, server)
}

/// All steps but the first.
pub(crate) fn with(steps: &mut Steps, toolchain: &Toolchain, finish: Finish) -> Result<()> {
    beside(steps, toolchain, finish, begin_server(finish))
}

/// The page and the site, and the rest of the server. The two are built beside each other: each alone ends
/// on a single core.
fn beside(
    steps: &mut Steps,
    toolchain: &Toolchain,
    finish: Finish,
    server: BackgroundStep,
) -> Result<()> {
    let module =
        steps.run("Building the page", |step| frontend::compile(step, toolchain, finish))?;
    steps.run("Binding and shrinking the page", |step| frontend::bind(step, &module, finish))?;
    style_and_site(steps, finish)?;
    steps.run("Building the server, begun before", |step| server.wait(step))
}

fn begin_server(finish: Finish) -> BackgroundStep {
    BackgroundStep::start(move |step| server(step, finish))
}

/// The steps that need no compiler, when the page is there already.
pub(crate) fn style_and_site(steps: &mut Steps, finish: Finish) -> Result<()> {
    let style = steps.run("Bundling the style", style::bundle)?;
    steps.run("Naming and compressing the site", |step| {
        site::assemble(step, &frontend::bound(finish), &style, finish)
    })
}

/// The first step: a compiler for the browser.
pub(crate) fn set_up(steps: &mut Steps) -> Result<Toolchain> {
    steps.run("Setting up the compiler for the browser", wasm_toolchain::set_up)
}

/// Builds the server.
fn server(step: &Step, finish: Finish) -> Result<()> {
    let mut build = match finish {
        Finish::Served => native("build"),
        Finish::Quick => {
            let mut build = cargo("build");
            build.args(selection());
            build
        }
    };
    quietly(step, &mut build)
        .map(drop)
        .context("The server could not be built. Mend what is named above.")
}
