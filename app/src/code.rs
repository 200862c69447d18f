//! Loading of the page's JavaScript and WebAssembly.

use crate::inline_script::without_comments;
use leptos::{nonce::use_nonce, prelude::*};
use std::{fs, sync::LazyLock};

/// Script that loads the module and starts it.
static SCRIPT: LazyLock<String> = LazyLock::new(|| without_comments(include_str!("code.js")));

/// Reads the paths of the script and the module from the file of hashes that the build writes
/// beside the site. It is read for each page, because a build beside a running server changes the
/// names.
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

/// Head element that starts loading the code once the page has been painted.
#[component]
pub(crate) fn FetchCode(options: LeptosOptions) -> impl IntoView {
    let (script, module) = paths(&options);
    let begin = format!("{}({script:?}, {module:?})", SCRIPT.trim_end());
    view! {
        <link rel="modulepreload" href=script fetchpriority="low"/>
        <script type="module" async nonce=use_nonce()>
            {begin}
        </script>
    }
}
