//! Installed typefaces, with which reports print other scripts.

use crate::embedded_fonts::are_embedded_for;
use serde::{Deserialize, Serialize};
use std::{
    cell::OnceCell,
    env, fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};
use typst::text::FontInfo;
use unicode_script::{Script, UnicodeScript};

/// A group of scripts that one typeface covers.
struct Writing {
    /// Its name in English.
    name: &'static str,
    scripts: &'static [Script],
    /// Characters that a typeface must have to be accepted for the group.
    sample: &'static str,
    /// File names that are tried first, without extensions.
    files: &'static [&'static str],
    /// Families in those files by the script they are drawn for, if a file has several.
    families: &'static [(Script, &'static str)],
    /// The Debian package with such a typeface.
    package: &'static str,
    /// Whether the embedded typefaces cover it as well, in a lower quality.
    embedded: bool,
}

const NOTO: &str = "fonts-noto-core";

const fn writing(
    name: &'static str,
    scripts: &'static [Script],
    sample: &'static str,
    files: &'static [&'static str],
) -> Writing {
    Writing { name, scripts, sample, files, families: &[], package: NOTO, embedded: false }
}

/// The supported groups of scripts: those in use today, and emoji.
const WRITINGS: &[Writing] = &[
    Writing {
        embedded: true,
        ..writing(
            "Arabic",
            &[Script::Arabic],
            "ابجسي",
            &["NotoSansArabic-Regular", "NotoNaskhArabic-Regular"],
        )
    },
    Writing {
        embedded: true,
        ..writing("Hebrew", &[Script::Hebrew], "אבגם", &["NotoSansHebrew-Regular"])
    },
    Writing {
        families: &[
            (Script::Hiragana, "Noto Sans CJK JP"),
            (Script::Katakana, "Noto Sans CJK JP"),
            (Script::Hangul, "Noto Sans CJK KR"),
            (Script::Bopomofo, "Noto Sans CJK TC"),
            (Script::Han, "Noto Sans CJK SC"),
        ],
        package: "fonts-noto-cjk",
        ..writing(
            "Chinese, Japanese and Korean",
            &[Script::Han, Script::Hiragana, Script::Katakana, Script::Bopomofo, Script::Hangul],
            "漢字かなカナ한글",
            &["NotoSansCJK-Regular", "NotoSansCJKsc-Regular", "DroidSansFallbackFull"],
        )
    },
    writing("Thai", &[Script::Thai], "กขคำ", &["NotoSansThai-Regular", "NotoLoopedThai-Regular"]),
    writing("Devanagari", &[Script::Devanagari], "अकदि", &["NotoSansDevanagari-Regular"]),
    writing("Bengali", &[Script::Bengali], "অকি", &["NotoSansBengali-Regular"]),
    writing("Gurmukhi", &[Script::Gurmukhi], "ਅਕਿ", &["NotoSansGurmukhi-Regular"]),
    writing("Gujarati", &[Script::Gujarati], "અકિ", &["NotoSansGujarati-Regular"]),
    writing("Odia", &[Script::Oriya], "ଅକି", &["NotoSansOriya-Regular"]),
    writing("Tamil", &[Script::Tamil], "அகி", &["NotoSansTamil-Regular"]),
    writing("Telugu", &[Script::Telugu], "అకి", &["NotoSansTelugu-Regular"]),
    writing("Kannada", &[Script::Kannada], "ಅಕಿ", &["NotoSansKannada-Regular"]),
    writing("Malayalam", &[Script::Malayalam], "അകി", &["NotoSansMalayalam-Regular"]),
    writing("Sinhala", &[Script::Sinhala], "අකි", &["NotoSansSinhala-Regular"]),
    writing("Burmese", &[Script::Myanmar], "ကခိ", &["NotoSansMyanmar-Regular"]),
    writing("Khmer", &[Script::Khmer], "កខិ", &["NotoSansKhmer-Regular"]),
    writing("Lao", &[Script::Lao], "ກຂິ", &["NotoSansLao-Regular", "NotoLoopedLao-Regular"]),
    writing("Tibetan", &[Script::Tibetan], "ཀཁི", &["NotoSerifTibetan-Regular"]),
    writing("Ethiopic", &[Script::Ethiopic], "አበገ", &["NotoSansEthiopic-Regular"]),
    writing("Syriac", &[Script::Syriac], "ܐܒܓ", &["NotoSansSyriac-Regular"]),
    writing("Thaana", &[Script::Thaana], "ހށނ", &["NotoSansThaana-Regular"]),
    writing("Cherokee", &[Script::Cherokee], "ᎠᎡᎢ", &["NotoSansCherokee-Regular"]),
    writing(
        "Canadian Aboriginal",
        &[Script::Canadian_Aboriginal],
        "ᐁᐂᐃ",
        &["NotoSansCanadianAboriginal-Regular"],
    ),
    Writing {
        package: "fonts-noto-color-emoji",
        ..writing(
            "emoji",
            &[],
            "👍🏠🔥",
            &["NotoEmoji-Regular", "NotoColorEmoji", "Symbola_hint", "Symbola"],
        )
    },
    Writing {
        embedded: true,
        ..writing("symbols", &[], "🞀🠀", &["NotoSansSymbols2-Regular", "Symbola_hint", "Symbola"])
    },
];

impl Writing {
    fn has(&self, character: char) -> bool {
        match self.scripts {
            // Characters of the embedded typefaces need no other typeface.
            [] => {
                let is_sign = !character.is_alphanumeric() && u32::from(character) >= 0x2000;
                is_sign && !are_embedded_for(character)
            }
            scripts => scripts.contains(&character.script()),
        }
    }

    /// Returns the family for a text, in a file that has several.
    fn family(&self, text: &str) -> Option<&'static str> {
        let occurs = |script| text.chars().any(|character| character.script() == script);
        self.families.iter().find(|(script, _)| occurs(*script)).map(|(_, family)| *family)
    }
}

/// An installed typeface for one group of scripts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Typeface {
    /// The name of the group.
    writing: String,
    /// Its files, the upright one of normal weight first.
    pub(crate) files: Vec<PathBuf>,
    /// Its family.
    pub(crate) family: String,
}

/// The installed typefaces, at most one for each group of scripts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typefaces(Vec<Typeface>);

impl Typefaces {
    /// Returns the typefaces of this system. They are searched for once in the life of a process,
    /// which takes up to some seconds.
    pub fn installed() -> &'static Self {
        static INSTALLED: OnceLock<Typefaces> = OnceLock::new();
        INSTALLED.get_or_init(|| Self::find(&folders()))
    }

    /// Searches folders and their subfolders for typefaces.
    pub fn find(folders: &[PathBuf]) -> Self {
        let mut files = Vec::new();
        for folder in folders {
            gather(folder, 0, &mut files);
        }
        files.sort();
        let files: Vec<_> = files.into_iter().map(TypefaceFile::new).collect();
        let found = WRITINGS.iter().filter_map(|writing| Typeface::find(writing, &files));
        Self(found.collect())
    }

    /// Returns the typefaces that a text needs, each with the family that suits the text best.
    pub(crate) fn needed_for(&self, text: &str) -> Vec<Typeface> {
        let mut needed = Vec::new();
        for typeface in &self.0 {
            let writing = WRITINGS.iter().find(|writing| writing.name == typeface.writing);
            let Some(writing) = writing else { continue };
            if text.chars().any(|character| writing.has(character)) {
                let mut typeface = typeface.clone();
                let one_file = typeface.family.starts_with("Noto Sans CJK");
                if let Some(family) = writing.family(text).filter(|_| one_file) {
                    typeface.family = family.to_owned();
                }
                needed.push(typeface);
            }
        }
        needed
    }

    /// Returns the scripts that reports can print besides Latin, Greek and Cyrillic.
    pub fn printable(&self) -> Vec<&'static str> {
        let found = |writing: &&Writing| writing.embedded || self.has(writing);
        WRITINGS.iter().filter(found).map(|writing| writing.name).collect()
    }

    /// Returns the scripts that reports cannot print, each with the Debian package to install.
    pub fn lacking(&self) -> Vec<(&'static str, &'static str)> {
        let lacking = WRITINGS.iter().filter(|writing| !writing.embedded && !self.has(writing));
        lacking.map(|writing| (writing.name, writing.package)).collect()
    }

    fn has(&self, writing: &Writing) -> bool {
        self.0.iter().any(|typeface| typeface.writing == writing.name)
    }
}

impl Typeface {
    /// Returns the first of the known files that exists, otherwise the first of all files that has
    /// the characters.
    fn find(writing: &Writing, files: &[TypefaceFile]) -> Option<Self> {
        let named = |name: &&str| files.iter().find(|file| file.stem() == Some(name));
        let known = writing.files.iter().filter_map(named);
        known.chain(files).find_map(|file| {
            let family = file.family_with(writing.sample)?;
            let files = file.with_bold();
            Some(Self { writing: writing.name.to_owned(), files, family })
        })
    }
}

/// A file with one or more typefaces, read on first use.
struct TypefaceFile {
    path: PathBuf,
    faces: OnceCell<Vec<FontInfo>>,
}

impl TypefaceFile {
    fn new(path: PathBuf) -> Self {
        Self { path, faces: OnceCell::new() }
    }

    fn stem(&self) -> Option<&str> {
        self.path.file_stem()?.to_str()
    }

    /// Returns the family of the first face that has all of the characters.
    fn family_with(&self, sample: &str) -> Option<String> {
        let faces = self.faces.get_or_init(|| {
            let bytes = fs::read(&self.path).unwrap_or_default();
            FontInfo::iter(&bytes).collect()
        });
        let has = |info: &&FontInfo| sample.chars().all(|it| info.coverage.contains(it.into()));
        faces.iter().find(has).map(|info| info.family.clone())
    }

    /// Returns this file and the bold one beside it, if there is one.
    fn with_bold(&self) -> Vec<PathBuf> {
        let mut files = vec![self.path.clone()];
        let name = self.path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.contains("Regular") {
            let bold = self.path.with_file_name(name.replace("Regular", "Bold"));
            files.extend(bold.is_file().then_some(bold));
        }
        files
    }
}

/// Collects the typeface files in a folder and its subfolders.
fn gather(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    // Symbolic links may form a cycle.
    const DEEPEST: usize = 8;
    // Far more than an ordinary system has.
    const MAX_CHARACTERS: usize = 20_000;
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            if depth < DEEPEST {
                gather(&path, depth + 1, files);
            }
        } else if files.len() < MAX_CHARACTERS && is_typeface(&path) {
            files.push(path);
        }
    }
}

fn is_typeface(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ["ttf", "otf", "ttc", "otc"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// Returns the folders in which systems keep typefaces.
fn folders() -> Vec<PathBuf> {
    let fixed = [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "/Library/Fonts",
        "/System/Library/Fonts",
        "C:\\Windows\\Fonts",
    ];
    let mut folders: Vec<_> = fixed.into_iter().map(PathBuf::from).collect();
    if let Some(home) = env::home_dir() {
        folders.extend([".local/share/fonts", ".fonts", "Library/Fonts"].map(|it| home.join(it)));
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::Fonts;

    #[test]
    fn a_typeface_is_known_by_its_characters_and_is_loaded_for_texts_that_need_it() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts");
        let found = Typefaces::find(&[folder]);
        // DejaVu Sans has Arabic and Hebrew, but neither Thai nor Chinese.
        assert!(found.printable().contains(&"Arabic"));
        let lacking = found.lacking();
        assert!(lacking.contains(&("Thai", "fonts-noto-core")), "{lacking:?}");
        assert!(lacking.contains(&("Chinese, Japanese and Korean", "fonts-noto-cjk")));
        assert!(found.needed_for("Roof, Größe ½ m²").is_empty());
        let needed = found.needed_for("سقف");
        assert_eq!(needed.iter().map(|it| it.family.as_str()).collect::<Vec<_>>(), ["DejaVu Sans"]);
        let fonts = Fonts::for_text("سقف", &found);
        assert_eq!(fonts.families, ["Inter", "DejaVu Sans"]);
    }

    #[test]
    fn a_system_without_typefaces_prints_what_is_embedded() {
        let none = Typefaces::find(&["/nowhere".into()]);
        assert_eq!(none, Typefaces::default());
        assert_eq!(none.printable(), ["Arabic", "Hebrew", "symbols"]);
        for writing in WRITINGS.iter().filter(|writing| writing.embedded) {
            let first = writing.sample.chars().next().expect("a sample");
            let shown = writing.scripts.is_empty() || are_embedded_for(first);
            assert!(shown, "{}", writing.name);
        }
    }

    #[test]
    fn chinese_characters_are_drawn_for_the_language_of_the_text() {
        let writing = WRITINGS.iter().find(|it| it.package == "fonts-noto-cjk").expect("it");
        assert_eq!(writing.family("屋根の点検"), Some("Noto Sans CJK JP"));
        assert_eq!(writing.family("屋顶检查"), Some("Noto Sans CJK SC"));
        assert_eq!(writing.family("지붕 屋根"), Some("Noto Sans CJK KR"));
        assert_eq!(writing.family("Roof"), None);
    }
}
