//! Whether a browser is known to run scripts. To one that is, a page need not bring along what stands in
//! for them.

use crate::cookie;

/// Remembers that it does, until the browser is closed. Called by the page once scripts took it over.
pub fn remember() {
    cookie::write("scripts=on; Path=/; SameSite=Lax");
}

/// Whether the browser that asks for a page is known to.
#[cfg(feature = "ssr")]
pub(crate) fn run() -> bool {
    cookie::current("scripts").is_some()
}
