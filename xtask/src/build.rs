//! Build of everything that `plumbline serve` needs, in order.

use crate::background_step::BackgroundStep;
use crate::cargo::{SHIPPED_PROFILE, cargo, native, selection};
use crate::finish::Finish;
use crate::process::quietly;
use crate::step::{Step, Steps};
use crate::wasm_toolchain::{self, Toolchain};
use crate::{frontend, site, style};
use anyhow::{Context, Result};

/// Number of steps of [`all`].
pub(crate) const STEPS: usize = 6;
/// Number of steps of [`style_and_site`].
pub(crate) const STYLE_STEPS: usize = 2;

/// Builds the release, as a command of its own.
pub(crate) fn release() -> Result<()> {
    all(&mut Steps::of(STEPS), Finish::Served)
}

/// Builds everything. The server's build starts first, because it does not need the toolchain of the
/// first step.
pub(crate) fn all(steps: &mut Steps, finish: Finish) -> Result<()> {
    let server = begin_server(finish);
    let toolchain = set_up(steps)?;
    beside(steps, &toolchain, finish, server)
}

/// Runs all steps after the first.
pub(crate) fn with(steps: &mut Steps, toolchain: &Toolchain, finish: Finish) -> Result<()> {
    beside(steps, toolchain, finish, begin_server(finish))
}

/// Builds the page, the site and the server. Page and server are built concurrently, because each
/// build ends with a single-core phase.
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

/// Runs the steps that need no compiler, when the page is already built.
pub(crate) fn style_and_site(steps: &mut Steps, finish: Finish) -> Result<()> {
    let style = steps.run("Bundling the style", style::bundle)?;
    steps.run("Naming and compressing the site", |step| {
        site::assemble(step, &frontend::bound(finish), &style, finish)
    })
}

/// Runs the first step: finds or installs a compiler for WebAssembly.
pub(crate) fn set_up(steps: &mut Steps) -> Result<Toolchain> {
    steps.run("Setting up the compiler for the browser", wasm_toolchain::set_up)
}

/// Builds the server.
fn server(step: &Step, finish: Finish) -> Result<()> {
    let mut build = match finish {
        Finish::Served => native("build"),
        Finish::Shipped => {
            let mut build = cargo("build");
            build.args(["--profile", SHIPPED_PROFILE, "--bin", "plumbline"]).args(selection());
            build
        }
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
