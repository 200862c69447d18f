//! Plumbline's only executable. Everything is in the library, so that tests can drive it.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::run()
}
