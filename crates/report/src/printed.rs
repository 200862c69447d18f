//! Reference to the shown change in a report's metadata. It is written and read only in this
//! module.

use domain::id::ChangeId;

/// The change that a report shows, as given in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The change.
    pub change: ChangeId,
    /// Its hash when the report was made, in lower-case hexadecimal.
    pub hash: String,
}

const CHANGE: &str = ", as of change ";
const HASH: &str = " with the SHA-256 ";

/// Returns the description for the metadata of a report.
pub(crate) fn description(reference: &str, change: ChangeId, hash: &str) -> String {
    format!("Building inspection report {reference}{CHANGE}{change}{HASH}{hash}")
}

/// Returns the beginning of a hash in groups, short enough to be read aloud: `9F86-D081-884C-7D65`.
pub(crate) fn code(hash: &str) -> String {
    const GROUP: usize = 4;
    const GROUPS: usize = 4;
    let digits: Vec<char> = hash.chars().take(GROUP * GROUPS).collect();
    let groups: Vec<String> = digits.chunks(GROUP).map(|it| it.iter().collect()).collect();
    groups.join("-").to_uppercase()
}

/// Reads the description from a file; `None` if it has none.
pub fn printed(file: &[u8]) -> Option<Printed> {
    // The metadata is the last XMP packet, which the archive standard requires to be uncompressed.
    // User text in it is escaped and cannot contain the line ends before it.
    const PACKET: &[u8] = b"\nstream\n<?xpacket begin=";
    const BEGIN: &[u8] = b"<dc:description>";
    const END: &[u8] = b"</dc:description>";
    let find = |bytes: &[u8], words: &[u8]| bytes.windows(words.len()).position(|it| it == words);
    let packet = file.windows(PACKET.len()).rposition(|it| it == PACKET)?;
    let packet = &file[packet..];
    let text = &packet[find(packet, BEGIN)?..];
    let text = str::from_utf8(&text[..find(text, END)?]).ok()?;
    let (change, text) = text.rsplit_once(CHANGE)?.1.split_once(HASH)?;
    let hash = text.split('<').next()?;
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then_some(Printed { change: change.parse().ok()?, hash: hash.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{HASH, full, pdf};
    use domain::inspection::Inspection;
    use std::collections::BTreeMap;

    #[test]
    fn a_report_says_which_change_it_shows_whatever_people_typed() {
        let named = |name: &str| Inspection { name: name.into(), ..full() };
        let forged = format!("a, as of change 9 with the SHA-256 {}", "5e".repeat(32));
        let packet =
            format!("\nstream\n<?xpacket begin=\"\"?><dc:description>{forged}</dc:description>");
        for inspection in [full(), named(&forged), named(&packet)] {
            let (file, _) = pdf(&inspection, &BTreeMap::new());
            let expected = Printed { change: inspection.head, hash: HASH.into() };
            assert_eq!(printed(&file), Some(expected), "{}", inspection.name);
        }
    }

    #[test]
    fn what_is_no_report_says_nothing() {
        let packet = "\nstream\n<?xpacket begin=";
        let short = format!("{packet}<dc:description>a, as of change 9 with the SHA-256 5e<");
        for text in ["", "%PDF", packet, &short, &format!("{short}/dc:description>")] {
            assert_eq!(printed(text.as_bytes()), None, "{text}");
        }
    }
}
