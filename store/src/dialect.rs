//! Where the two databases' SQL truly differs: each difference is one named function.

/// Which SQL a database speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Dialect {
    /// Whether a column is among the values bound as `$bind` in one.
    pub(crate) fn any(self, column: &str, bind: usize) -> String {
        match self {
            Self::Sqlite => format!("{column} in (select value from json_each(${bind}))"),
            Self::Postgres => format!("{column} = any(${bind})"),
        }
    }

    /// What is bound as text, as the JSON that it is.
    pub(crate) fn json(self, text: &str) -> String {
        match self {
            Self::Sqlite => text.to_owned(),
            Self::Postgres => format!("cast({text} as json)"),
        }
    }

    /// The values bound as `$bind` in one, as a table called `name` with one column, `value`.
    pub(crate) fn values(self, name: &str, bind: usize) -> String {
        match self {
            Self::Sqlite => format!("(select value from json_each(${bind})) as {name}"),
            Self::Postgres => format!("unnest(${bind}) as {name} (value)"),
        }
    }

    /// Whether a column of text holds a word, whatever its case, with the word's
    /// [`pattern`](Self::pattern) bound as `$bind`.
    pub(crate) fn holds(self, column: &str, word: &str, bind: usize) -> String {
        match self {
            Self::Sqlite if word.is_ascii() => format!(r"{column} like ${bind} escape '\'"),
            Self::Sqlite => format!("{column} glob ${bind}"),
            Self::Postgres => format!(r"{column} ilike ${bind} escape '\'"),
        }
    }

    /// The pattern of a word for [`holds`](Self::holds). SQLite's LIKE folds ASCII alone, so for any
    /// other word it is asked by GLOB, whose pattern says each letter's cases itself.
    pub(crate) fn pattern(self, word: &str) -> String {
        if self == Self::Sqlite && !word.is_ascii() {
            let letters: String = word.chars().map(any_case).collect();
            return format!("*{letters}*");
        }
        let mut pattern = String::from("%");
        for character in word.chars() {
            if matches!(character, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(character);
        }
        pattern.push('%');
        pattern
    }

    /// What takes the next `$1` ids of changes, where others may take some at the same time. On SQLite
    /// whoever records has the database alone, and goes on from the newest.
    pub(crate) const fn next_change_ids(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("select next_change_ids($1)"),
        }
    }

    /// What waits until no change with a smaller id than those that are there can come any more. On
    /// SQLite none can: changes are committed in the order of their ids.
    pub(crate) const fn settle_changes(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Sqlite => None,
            // Whoever holds back the others for long is not waited for: next time, then.
            Self::Postgres => {
                Some(&["set local lock_timeout = '2s'", "select settle_change_ids()"])
            }
        }
    }

    /// What goes before statements with thousands of values each, up to the end of the transaction.
    /// PostgreSQL would read them all to make a plan, and then once more.
    pub(crate) const fn expect_many(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("set local plan_cache_mode = force_generic_plan"),
        }
    }
}

/// What stands for a character of any case in a GLOB pattern: the set of its cases, where it has more
/// than one of a single character each.
fn any_case(character: char) -> String {
    let single = |mut cases: Box<dyn Iterator<Item = char>>| {
        let first = cases.next().unwrap_or(character);
        if cases.next().is_none() { first } else { character }
    };
    let upper = single(Box::new(character.to_uppercase()));
    let lower = single(Box::new(upper.to_lowercase()));
    let mut cases = vec![character, lower, upper];
    cases.sort_unstable();
    cases.dedup();
    match cases[..] {
        [alone] if !matches!(alone, '*' | '?' | '[') => alone.to_string(),
        _ => format!("[{}]", String::from_iter(cases)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_says_each_case_and_takes_signs_as_they_are() {
        let pattern = |word| Dialect::Sqlite.pattern(word);
        assert_eq!(pattern("Üb*ß"), "*[Üü][Bb][*]ß*");
        assert_eq!(pattern("ς"), "*[Σςσ]*");
        assert_eq!(pattern("100%_"), r"%100\%\_%");
        assert_eq!(Dialect::Postgres.pattern("Über"), "%Über%");
    }
}
