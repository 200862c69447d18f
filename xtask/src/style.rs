//! The style: `style/main.css` and what it imports, in one small file.

use crate::cargo::root;
use anyhow::{Context, Result, anyhow};
use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions};
use lightningcss::targets::{Browsers, Targets};

/// The browsers of the last two years: what they lack is written in a way that they know.
fn browsers() -> Targets {
    const fn version(major: u32, minor: u32) -> Option<u32> {
        Some((major << 16) | (minor << 8))
    }
    Targets::from(Browsers {
        chrome: version(131, 0),
        edge: version(131, 0),
        firefox: version(132, 0),
        safari: version(18, 1),
        ios_saf: version(18, 1),
        samsung: version(27, 0),
        ..Browsers::default()
    })
}

/// Bundles and minifies the style.
pub(crate) fn bundle() -> Result<String> {
    let entry = root().join("style/main.css");
    let files = FileProvider::new();
    let mut bundler = Bundler::new(&files, None, ParserOptions::default());
    let mut sheet = bundler
        .bundle(&entry)
        .map_err(|error| anyhow!("{error}"))
        .context("The style could not be read. Mend the file named above.")?;
    sheet
        .minify(MinifyOptions { targets: browsers(), ..MinifyOptions::default() })
        .map_err(|error| anyhow!("{error}"))
        .context("The style could not be minified")?;
    let printer = PrinterOptions { minify: true, targets: browsers(), ..PrinterOptions::default() };
    Ok(sheet.to_css(printer).context("The style could not be printed")?.code)
}
