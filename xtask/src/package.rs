//! Archive for the machines of a team: the executable, optimised for speed, with the site's files, the
//! licences and the documents for people who operate a server.

use crate::build;
use crate::cargo::{SHIPPED_PROFILE, cargo, root, target};
use crate::finish::Finish;
use crate::process::{output_of, quietly};
use crate::stamp::{files_under, read, remove_file, write};
use crate::step::{Step, Steps};
use anyhow::{Context, Result, bail};
use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Files of the repository that are part of the archive. The licences of the fonts are among them, because the
/// executable contains the fonts.
const DOCUMENTS: [&str; 8] = [
    "README.md",
    "CHANGELOG.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "docs/record.md",
    "docs/upgrading.md",
    "crates/report/fonts/LICENSE-DejaVu.txt",
    "crates/report/fonts/LICENSE-Inter.txt",
];

/// Builds everything and packs it.
pub(crate) fn run() -> Result<()> {
    let mut steps = Steps::of(build::STEPS + 1);
    build::all(&mut steps, Finish::Shipped)?;
    steps.run("Packing", |step| {
        let name = format!("plumbline-{}-{}", env!("CARGO_PKG_VERSION"), host()?);
        let built = target(SHIPPED_PROFILE).join(format!("plumbline{EXE_SUFFIX}"));
        // An executable that does not start is not packed.
        output_of(Command::new(&built).arg("--version"))?;
        let archive = pack(step, &target("package"), &name, &built, &target("site"))?;
        let megabytes = fs::metadata(&archive)?.len() as f64 / 1e6;
        step.remark(format!("{}, {megabytes:.0} MB", archive.strip_prefix(root())?.display()));
        Ok(())
    })
}

/// Returns the platform for which cargo compiles, as in `x86_64-unknown-linux-gnu`.
fn host() -> Result<String> {
    let about = output_of(&mut cargo("-vV"))?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("cargo does not name its platform")
}

/// Packs an executable and a site into `FOLDER/NAME.tar.gz` and returns its path. Its only entry is the folder
/// `NAME`, in which the executable finds the site beside it.
fn pack(step: &Step, folder: &Path, name: &str, executable: &Path, site: &Path) -> Result<PathBuf> {
    let (packed, archive) = (folder.join(name), folder.join(format!("{name}.tar.gz")));
    if packed.exists() {
        fs::remove_dir_all(&packed)?;
    }
    remove_file(&archive)?;
    for document in DOCUMENTS {
        write(&packed.join(document), &read(&root().join(document))?)?;
    }
    let files = files_under(site)?;
    if files.is_empty() {
        bail!("{} has no files of the site", site.display());
    }
    for file in files {
        write(&packed.join("site").join(file.strip_prefix(site)?), &read(&file)?)?;
    }
    // Copied rather than written, because its permissions are part of the archive.
    let place = packed.join(executable.file_name().unwrap_or_default());
    fs::copy(executable, &place)
        .with_context(|| format!("{} cannot be copied", executable.display()))?;

    let mut tar = Command::new("tar");
    tar.arg("--create").arg("--gzip").arg("--file").arg(&archive);
    quietly(step, tar.arg("--directory").arg(folder).arg(name))?;
    Ok(archive)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_platform_is_cargos() {
        assert!(host().unwrap().contains(std::env::consts::ARCH));
    }

    #[cfg(unix)]
    #[test]
    fn an_archive_has_the_executable_beside_its_site_and_the_documents() {
        use std::os::unix::fs::PermissionsExt;
        let folder = std::env::temp_dir().join(format!("plumbline-package-{}", std::process::id()));
        let (site, executable) = (folder.join("built/site"), folder.join("built/plumbline"));
        let step = Step::start(String::new());
        let packed = || pack(&step, &folder, "plumbline-1", &executable, &site);
        write(&executable, b"code").unwrap();
        fs::set_permissions(&executable, fs::Permissions::from_mode(0o755)).unwrap();
        assert!(packed().unwrap_err().to_string().contains("no files of the site"));

        write(&site.join("pkg/plumbline.js"), b"//").unwrap();
        // A file of an earlier package.
        write(&folder.join("plumbline-1/stale"), b"").unwrap();
        let archive = packed().unwrap();
        assert_eq!(archive, folder.join("plumbline-1.tar.gz"));
        let list = output_of(Command::new("tar").arg("-tvf").arg(&archive)).unwrap();
        let has = |name: &str| list.lines().any(|line| line.ends_with(&format!(" {name}")));
        for file in ["plumbline", "site/pkg/plumbline.js", "README.md", "docs/upgrading.md"] {
            assert!(has(&format!("plumbline-1/{file}")), "{file} is not in\n{list}");
        }
        assert!(!has("plumbline-1/stale"), "{list}");
        assert!(
            list.lines().any(|line| line.starts_with("-rwxr-xr-x") && line.ends_with("/plumbline"))
        );
        fs::remove_dir_all(&folder).unwrap();
    }
}
