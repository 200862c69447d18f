//! The code of the page: how a document says where it is, and when the browser fetches it.

use leptos::{nonce::use_nonce, prelude::*};
use std::fs;

/// Fetches the code and begins with it.
const SCRIPT: &str = include_str!("code.js");

/// The paths of the script and of the module, as the file that the build leaves with the site names them. A
/// build beside a running server names them anew.
fn paths(options: &LeptosOptions) -> (String, String) {
    let hashes = fs::read_to_string(&*options.hash_file).unwrap_or_else(|error| {
        tracing::error!(file = %options.hash_file, %error, "the site's names cannot be read");
        String::new()
    });
    let named = |what: &str| {
        let hash = hashes.lines().find_map(|line| line.strip_prefix(what)).unwrap_or_default();
        format!("/{}/{}.{}", options.site_pkg_dir, options.output_name, hash.trim())
    };
    (format!("{}.js", named("js:")), format!("{}.wasm", named("wasm:")))
}

/// In the head of the document: has the code fetched once something is shown.
#[component]
pub(crate) fn FetchCode(options: LeptosOptions) -> impl IntoView {
    let (script, module) = paths(&options);
    let begin = format!("{SCRIPT}({script:?}, {module:?})");
    view! {
        <link rel="modulepreload" href=script fetchpriority="low"/>
        <script type="module" async nonce=use_nonce()>
            {begin}
        </script>
    }
}
