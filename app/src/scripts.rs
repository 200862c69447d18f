//! Detection of browsers that run scripts. A page for such a browser can omit the fallbacks for
//! browsers without scripts.

use crate::cookie;

/// Sets a session cookie that says the browser runs scripts. The page calls it after hydration.
pub fn remember() {
    cookie::write("scripts=on; Path=/; SameSite=Lax");
}

/// Returns whether the browser of the current request is known to run scripts.
#[cfg(feature = "ssr")]
pub(crate) fn run() -> bool {
    cookie::current("scripts").is_some()
}
