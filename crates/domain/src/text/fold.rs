//! Case and accent folding for searches, so that `residence` finds "Résidence" and spellings from
//! different systems match.

/// Folds a text: decomposes compatibility forms (NFKD), removes diacritics and invisible
/// characters, converts to lower case, spells out letters that Unicode does not decompose (`ß` as
/// `ss`, `ł` as `l`), and replaces curly quotes and dashes by straight ones. The result is composed
/// again (NFC), so that Hangul and kana keep their usual form.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    let visible = nfkd(text);
    let visible = visible.chars().filter(|it| !is_mark(*it) && !is_invisible(*it));
    for character in visible.flat_map(char::to_lowercase) {
        match spelled_out(character) {
            Some(spelled) => folded.push_str(spelled),
            None => folded.push(character),
        }
    }
    nfc(&folded)
}

/// Returns the ASCII spelling of a lower-case letter or a sign that Unicode does not decompose, as
/// typed by people without that key.
const fn spelled_out(character: char) -> Option<&'static str> {
    Some(match character {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ŧ' => "t",
        'ŋ' => "n",
        'ı' => "i",
        'ȷ' => "j",
        // The final form of `σ`.
        'ς' => "σ",
        '\u{2bb}'..='\u{2bd}' | '‘' | '’' | '‚' | '‛' | '′' => "'",
        '“' | '”' | '„' | '‟' | '″' => "\"",
        '‐'..='―' | '−' => "-",
        _ => return None,
    })
}

/// Returns whether it is a mark that people omit in searches: accents, and the points of Hebrew and
/// Arabic. Marks of other scripts make a different letter and are kept.
const fn is_mark(character: char) -> bool {
    matches!(
        character,
        '\u{300}'..='\u{36f}'
            | '\u{483}'..='\u{487}'
            | '\u{591}'..='\u{5bd}'
            | '\u{5bf}'
            | '\u{5c1}'..='\u{5c2}'
            | '\u{5c4}'..='\u{5c5}'
            | '\u{5c7}'
            | '\u{610}'..='\u{61a}'
            | '\u{640}'
            | '\u{64b}'..='\u{65f}'
            | '\u{670}'
            | '\u{6d6}'..='\u{6dc}'
            | '\u{6df}'..='\u{6e4}'
            | '\u{6e7}'..='\u{6e8}'
            | '\u{6ea}'..='\u{6ed}'
            | '\u{1ab0}'..='\u{1aff}'
            | '\u{1dc0}'..='\u{1dff}'
            | '\u{20d0}'..='\u{20ff}'
            | '\u{fe20}'..='\u{fe2f}'
    )
}

/// Returns whether it is invisible: soft hyphens, joiners, direction marks, variation selectors.
pub(crate) const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Composes a text (Unicode's normal form C).
pub(crate) fn nfc(text: &str) -> String {
    normal_form(text, Form::C)
}

/// Decomposes a text, including compatibility forms (Unicode's normal form KD).
fn nfkd(text: &str) -> String {
    normal_form(text, Form::Kd)
}

enum Form {
    C,
    Kd,
}

/// Normalises with the tables in the executable.
#[cfg(not(target_arch = "wasm32"))]
fn normal_form(text: &str, form: Form) -> String {
    use unicode_normalization::UnicodeNormalization;
    if text.is_ascii() {
        return text.to_owned();
    }
    match form {
        Form::C => text.nfc().collect(),
        Form::Kd => text.nfkd().collect(),
    }
}

/// Normalises with the browser's tables, so that none need to be sent.
#[cfg(target_arch = "wasm32")]
fn normal_form(text: &str, form: Form) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let form = match form {
        Form::C => "NFC",
        Form::Kd => "NFKD",
    };
    js_sys::JsString::from(text).normalize(form).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_take_for_the_same_is_spelled_the_same() {
        for (written, folded) in [
            ("Résidence", "residence"),
            ("Müller", "muller"),
            ("ŁÓDŹ", "lodz"),
            ("Straße STRAẞE", "strasse strasse"),
            ("İstanbul Iğdır ISTANBUL", "istanbul igdir istanbul"),
            ("Cafe\u{301} Caf\u{e9}", "cafe cafe"),
            ("O’Brien OʼBrien O'Brien", "o'brien o'brien o'brien"),
            ("Ærø Œuvre Þór Đakovo", "aero oeuvre thor dakovo"),
            ("ﬁre ２階 ①", "fire 2階 1"),
            ("ΟΔΟΣ οδός", "οδοσ οδοσ"),
            ("Ёлка й", "елка и"),
            ("東側の屋根 が ｶﾞﾗｽ", "東側の屋根 が ガラス"),
            ("한국", "한국"),
            ("हिन्दी", "हिन्दी"),
            ("שָׁלוֹם مُحَمَّد", "שלום محمد"),
            ("so\u{ad}ft zero\u{200b}width", "soft zerowidth"),
            ("12–14 “B”", "12-14 \"b\""),
        ] {
            assert_eq!(fold(written), folded, "{written}");
            assert_eq!(fold(&fold(written)), folded, "{written} folded twice");
        }
    }
}
