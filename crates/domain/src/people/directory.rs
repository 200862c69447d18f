//! Lookup of people on the command line, by name or by e-mail address.

use crate::{
    people::{Person, normal_email},
    text::fold,
};

/// A person who can be looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Their id and their name.
    pub person: Person,
    /// The address with which they sign in; `None` once their account is deleted.
    pub email: Option<String>,
    /// Whether they can sign in, and so may be given an inspection.
    pub is_active: bool,
}

/// All people who can be looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory(Vec<Listed>);

impl Directory {
    /// Returns a directory of these people. One person may occur several times under different names.
    pub fn new(entries: Vec<Listed>) -> Self {
        Self(entries)
    }

    /// Returns all people with this name or e-mail address, ignoring case; at least one.
    ///
    /// # Errors
    /// A message that refers to `plumbline user list`, if there is nobody.
    pub fn find(&self, text: &str) -> Result<Vec<&Listed>, String> {
        let (name, email) = (normal_name(text), normal_email(text));
        let is_meant = |entry: &&Listed| {
            entry.email.as_deref() == Some(&*email) || normal_name(&entry.person.name) == name
        };
        let found: Vec<&Listed> = self.0.iter().filter(is_meant).collect();
        if found.is_empty() {
            let text = text.trim();
            return Err(format!(
                "nobody has the name or e-mail address “{text}”; see plumbline user list."
            ));
        }
        Ok(found)
    }

    /// Returns the one person with this name or e-mail address who can be assigned an inspection.
    ///
    /// # Errors
    /// A message if there is nobody, or one that lists the addresses to choose from.
    pub fn find_one(&self, text: &str) -> Result<&Person, String> {
        let found = self.find(text)?;
        let active: Vec<&Listed> = found.into_iter().filter(|entry| entry.is_active).collect();
        match *active {
            [] => Err(format!("{} can sign in no longer; name somebody who can.", text.trim())),
            [entry] => Ok(&entry.person),
            _ => {
                let emails: Vec<&str> =
                    active.iter().filter_map(|entry| entry.email.as_deref()).collect();
                Err(format!(
                    "several people have the name {}; give one of the e-mail addresses {}.",
                    text.trim(),
                    emails.join(", ")
                ))
            }
        }
    }
}

fn normal_name(name: &str) -> String {
    fold(&name.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::UserId;

    fn entry(id: i64, name: &str, email: Option<&str>, is_active: bool) -> Listed {
        let person = Person { id: UserId(id), name: name.into() };
        Listed { person, email: email.map(str::to_owned), is_active }
    }

    #[test]
    fn people_are_found_by_name_or_address_and_told_apart() {
        let directory = Directory::new(vec![
            entry(1, "Ida Example", Some("ida@example.org"), true),
            entry(2, "Ida Example", Some("ida.2@example.org"), true),
            entry(3, "Ola Example", Some("ola@example.org"), false),
            entry(4, "Gone Example", None, false),
            entry(5, "Una Example", Some("una@example.org"), true),
        ]);
        let ids = |text: &str| -> Vec<i64> {
            directory.find(text).unwrap().iter().map(|entry| entry.person.id.0).collect()
        };
        assert_eq!(ids("ida example"), [1, 2]);
        assert_eq!(ids(" Ida.2@example.org "), [2]);
        assert_eq!(ids("Gone  Example"), [4]);
        assert!(directory.find("").unwrap_err().contains("plumbline user list"));
        assert_eq!(directory.find_one("UNA EXAMPLE").unwrap().id, UserId(5));
        assert_eq!(directory.find_one("una@example.org").unwrap().id, UserId(5));
        let several = directory.find_one("Ida Example").unwrap_err();
        assert!(several.contains("ida@example.org, ida.2@example.org"), "{several}");
        for gone in ["Ola Example", "ola@example.org", "Gone Example"] {
            assert!(directory.find_one(gone).unwrap_err().contains("no longer"), "{gone}");
        }
    }
}
