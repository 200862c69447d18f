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
    /// The rows of the JSON array of objects bound as `$bind`, as a table called `name`. Columns are
    /// given with PostgreSQL's types; SQLite takes the values as they are.
    pub(crate) fn records(self, name: &str, bind: usize, columns: &[(&str, &str)]) -> String {
        let each = |form: &dyn Fn(&(&str, &str)) -> String| {
            columns.iter().map(form).collect::<Vec<_>>().join(", ")
        };
        match self {
            Self::Sqlite => {
                let columns = each(&|(column, kind)| match *kind {
                    // PostgreSQL reads bytes from hexadecimal after `\x`.
                    "bytea" => format!("unhex(substr(value ->> '{column}', 3)) as {column}"),
                    _ => format!("value ->> '{column}' as {column}"),
                });
                // As JSONB each object is read once, and not again for each of its members.
                format!("(select {columns} from jsonb_each(${bind})) as {name}")
            }
            Self::Postgres => {
                let columns = each(&|(column, kind)| format!("{column} {kind}"));
                // How many there are, the plan depends on: else it is made for a hundred.
                format!(
                    "(select * from jsonb_to_recordset(${bind}) as {name} ({columns}) \
                     limit jsonb_array_length(${bind})) as {name}"
                )
            }
        }
    }

    /// Whether a column of whole numbers is in the JSON array bound as `$bind`.
    pub(crate) fn any_number(self, column: &str, bind: usize) -> String {
        match self {
            Self::Sqlite => format!("{column} in (select value from json_each(${bind}))"),
            Self::Postgres => format!(
                "{column} = any(array(select value::bigint from jsonb_array_elements_text(${bind})))"
            ),
        }
    }

    /// Whether a column of text is in the JSON array bound as `$bind`.
    pub(crate) fn any_text(self, column: &str, bind: usize) -> String {
        match self {
            Self::Sqlite => format!("{column} in (select value from json_each(${bind}))"),
            Self::Postgres => {
                format!("{column} = any(array(select jsonb_array_elements_text(${bind})))")
            }
        }
    }

    /// The bytes that a text in hexadecimal stands for.
    pub(crate) fn bytes(self, text: &str) -> String {
        match self {
            Self::Sqlite => format!("unhex({text})"),
            Self::Postgres => format!("decode({text}, 'hex')"),
        }
    }

    /// The bytes of a column in all rows of a group, in hexadecimal and with commas in between.
    pub(crate) fn all_bytes(self, column: &str) -> String {
        match self {
            Self::Sqlite => format!("group_concat(hex({column}))"),
            Self::Postgres => format!("string_agg(encode({column}, 'hex'), ',')"),
        }
    }

    /// The whole numbers of the JSON array bound as `$bind`, as a table called `name` with one column,
    /// `value`.
    pub(crate) fn numbers(self, name: &str, bind: usize) -> String {
        match self {
            Self::Sqlite => format!("(select value from json_each(${bind})) as {name}"),
            Self::Postgres => format!(
                "(select number::bigint as value from jsonb_array_elements_text(${bind}) as number) \
                 as {name}"
            ),
        }
    }

    /// Whether a column of text is like the pattern bound as `$bind`, whatever the case. SQLite folds
    /// ASCII alone, so [`patterns`](Self::patterns) of a word gives it the rest.
    pub(crate) fn like(self, column: &str, bind: usize) -> String {
        match self {
            Self::Sqlite => format!(r"{column} like ${bind} escape '\'"),
            Self::Postgres => format!(r"{column} ilike ${bind} escape '\'"),
        }
    }

    /// The patterns that together find a word within a text, whatever its case.
    pub(crate) fn patterns(self, word: &str) -> Vec<String> {
        let pattern = |word: &str| {
            let mut pattern = String::from("%");
            for character in word.chars() {
                if matches!(character, '%' | '_' | '\\') {
                    pattern.push('\\');
                }
                pattern.push(character);
            }
            pattern.push('%');
            pattern
        };
        match self {
            Self::Sqlite if !word.is_ascii() => {
                vec![pattern(&word.to_lowercase()), pattern(&word.to_uppercase())]
            }
            _ => vec![pattern(word)],
        }
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

    /// What goes before statements with thousands of records each, up to the end of the transaction.
    /// PostgreSQL would read them all to make a plan, and then once more.
    pub(crate) const fn expect_many(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("set local plan_cache_mode = force_generic_plan"),
        }
    }

    /// What ends a SELECT whose rows nobody else may change before the transaction ends. SQLite's
    /// writing transactions exclude each other from their beginning.
    pub(crate) const fn for_update(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " for update",
        }
    }
}
