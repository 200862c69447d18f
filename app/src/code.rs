//! The code of the page: how a document says where it is, and when the browser fetches it.

use leptos::{nonce::use_nonce, prelude::*};
use std::{env, fs, path::Path, sync::OnceLock};

/// Fetches the code and begins with it.
const SCRIPT: &str = include_str!("code.js");

/// The paths of the script and of the module.
struct Code {
    script: String,
    module: String,
}

impl Code {
    /// As they are named in the file that the build leaves with the site, which stays as it is for as long
    /// as the server runs.
    fn of(options: &LeptosOptions) -> &'static Self {
        static CODE: OnceLock<Code> = OnceLock::new();
        CODE.get_or_init(|| {
            let beside = env::current_exe().unwrap_or_default();
            let beside = beside.parent().unwrap_or(Path::new(""));
            let hashes = beside.join(options.hash_file.as_ref());
            let hashes = fs::read_to_string(hashes).unwrap_or_default();
            let named = |what: &str| {
                let hash = hashes.lines().find_map(|line| line.strip_prefix(what));
                let hash = hash.map(|hash| format!(".{}", hash.trim())).unwrap_or_default();
                format!("/{}/{}{hash}", options.site_pkg_dir, options.output_name)
            };
            Self {
                script: format!("{}.js", named("js:")),
                module: format!("{}.wasm", named("wasm:")),
            }
        })
    }
}

/// In the head of the document: has the code fetched once something is shown.
#[component]
pub(crate) fn FetchCode(options: LeptosOptions) -> impl IntoView {
    let Code { script, module } = Code::of(&options);
    view! {
        <link rel="modulepreload" href=script.as_str() fetchpriority="low"/>
        <script type="module" async nonce=use_nonce()>
            {format!("{SCRIPT}({script:?}, {module:?})")}
        </script>
    }
}
