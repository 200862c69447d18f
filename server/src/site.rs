//! Static files of the site: scripts, styles, fonts and the icon, with copies compressed at build
//! time.

use anyhow::{Context, bail};
use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::map_response,
    response::{IntoResponse, Response},
};
use leptos::config::LeptosOptions;
use std::{
    convert::Infallible,
    env, fs, io,
    path::{Path, PathBuf},
};
use tower::service_fn;
use tower_http::services::{ServeDir, ServeFile};

/// File that lists the hashes in file names.
const HASHES: &str = "hash.txt";

/// Time for which a browser may cache a file.
#[derive(Clone, Copy, Debug)]
enum Keep {
    /// A year, for files whose name changes with their content or that never change.
    Forever,
    /// A day.
    Day,
}

impl Keep {
    const fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Forever => "public, max-age=31536000, immutable",
            Self::Day => "public, max-age=86400",
        })
    }
}

/// Folder with the site's files.
#[derive(Clone, Debug)]
pub struct Site {
    folder: PathBuf,
    /// Names of files at the top level that browsers request, such as the icon.
    names: Vec<String>,
}

impl Site {
    /// Finds the site: in the given folder, otherwise in `site` beside the executable or one folder
    /// up. The build uses the former place, an installation may use the latter.
    ///
    /// # Errors
    /// The folder does not exist or contains no site.
    pub fn find(given: Option<&Path>) -> anyhow::Result<Self> {
        if let Some(folder) = given {
            return Self::open(folder);
        }
        let executable = env::current_exe().context("cannot tell where the executable is")?;
        Self::beside(executable.parent().unwrap_or(Path::new(".")))
    }

    fn beside(executable: &Path) -> anyhow::Result<Self> {
        let places = [executable.join("site"), executable.join("../site")];
        match places.iter().find(|folder| folder.join(HASHES).is_file()) {
            Some(folder) => Self::open(folder),
            None => bail!(
                "the site's files are neither in {} nor in {}. Build them with `cargo xtask \
                 build`, or say where they are with --site",
                places[0].display(),
                places[1].display()
            ),
        }
    }

    /// Opens the site in a folder.
    ///
    /// # Errors
    /// The folder does not exist or contains no site.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        if !folder.join(HASHES).is_file() {
            bail!(
                "{} does not hold the site's files. Build them with `cargo xtask build`",
                folder.display()
            );
        }
        let unreadable = || format!("{} cannot be read", folder.display());
        let folder = folder.canonicalize().with_context(unreadable)?;
        let names = names(&folder).with_context(unreadable)?;
        Ok(Self { folder, names })
    }

    /// Returns the options with which Leptos names the files in a page.
    pub(crate) fn leptos_options(&self) -> LeptosOptions {
        let path = |path: &Path| path.to_string_lossy().into_owned();
        LeptosOptions::builder()
            .output_name("plumbline")
            .site_root(path(&self.folder))
            .site_pkg_dir("pkg")
            .hash_files(true)
            .hash_file(path(&self.folder.join(HASHES)).into())
            .build()
    }

    /// Returns the routes that serve the files.
    pub(crate) fn routes(&self) -> Router {
        let folder = |name| {
            let files = ServeDir::new(self.folder.join(name))
                .append_index_html_on_directories(false)
                .precompressed_br()
                .precompressed_gzip();
            service_fn(move |request: Request| {
                let mut files = files.clone();
                async move {
                    let file = files.try_call(request).await;
                    Ok::<_, Infallible>(file.map_or_else(unreadable, IntoResponse::into_response))
                }
            })
        };
        let forever = Router::new()
            .nest_service("/pkg", folder("pkg"))
            .nest_service("/fonts", folder("fonts"))
            .layer(map_response(|response| async { keep(response, Keep::Forever) }));
        let mut day = Router::new();
        for name in &self.names {
            let file = ServeFile::new(self.folder.join(name));
            let file = file.precompressed_br().precompressed_gzip();
            day = day.route_service(&format!("/{name}"), file);
        }
        forever.merge(day.layer(map_response(|response| async { keep(response, Keep::Day) })))
    }
}

/// Lists the files at the top level of a folder, without compressed copies.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // The build makes no other names.
        let Ok(name) = entry.file_name().into_string() else { continue };
        let is_copy = name.ends_with(".br") || name.ends_with(".gz");
        if entry.path().is_file() && name != HASHES && !is_copy {
            names.push(name);
        }
    }
    Ok(names)
}

/// Responds to a read error. A name that is too long for the system cannot exist, so it is a 404.
fn unreadable(error: io::Error) -> Response {
    if error.kind() == io::ErrorKind::InvalidFilename {
        return StatusCode::NOT_FOUND.into_response();
    }
    tracing::error!(%error, "a file of the site cannot be read");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// Sets the cache header on files that exist; a 404 must not be cached.
fn keep(mut response: Response, keep: Keep) -> Response {
    let status = response.status();
    if status.is_success() || status == StatusCode::NOT_MODIFIED {
        response.headers_mut().insert(header::CACHE_CONTROL, keep.header());
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(folder: &Path) -> PathBuf {
        fs::create_dir_all(folder).expect("a folder");
        fs::write(folder.join(HASHES), "js: a\nwasm: b\ncss: c\n").expect("a file");
        folder.canonicalize().expect("a path")
    }

    #[test]
    fn the_site_is_beside_the_executable_or_one_folder_up() {
        let folder = tempfile::tempdir().expect("a folder");
        let executable = folder.path().join("release");
        fs::create_dir(&executable).expect("a folder");
        let error = Site::beside(&executable).expect_err("there is none").to_string();
        assert!(error.contains("cargo xtask build") && error.contains("--site"), "{error}");
        // A folder of that name is not sufficient.
        fs::create_dir(executable.join("site")).expect("a folder");
        assert!(Site::beside(&executable).is_err());

        let above = site(&folder.path().join("site"));
        assert_eq!(Site::beside(&executable).expect("one up").folder, above);
        let beside = site(&executable.join("site"));
        assert_eq!(Site::beside(&executable).expect("beside").folder, beside);
    }

    #[test]
    fn what_is_named_goes_before_all_else_and_must_be_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let named = folder.path().join("elsewhere");
        let error = Site::find(Some(&named)).expect_err("there is none").to_string();
        assert!(error.contains("elsewhere does not hold the site's files"), "{error}");
        let known = site(&named);
        assert_eq!(Site::find(Some(&named)).expect("there").folder, known);
    }
}
