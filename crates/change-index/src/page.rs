//! Pages of posting lists. The posting lists of a segment are stored in the order of their tokens,
//! many to a row, so that the overhead of a row hardly counts.

use crate::IndexError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Size limit of a page with its first token, in bytes; a single larger posting list gets a page of
/// its own. SQLite moves the part of a row above 1,002 bytes to overflow pages (its file format,
/// 1.6), and PostgreSQL the part above 2,000.
const SIZE: usize = 960;

/// Some posting lists of a segment, in the order of their tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostingsPage {
    /// Its first token.
    pub first_token: String,
    /// Its tokens and posting lists, encoded.
    pub postings: Vec<u8>,
}

/// A posting list in stored form, encoded by postcard.
#[derive(Serialize, Deserialize)]
struct StoredList<'a> {
    /// Number of leading bytes shared with the token before it, or with the page's first token if
    /// it is the first of its page.
    shared: usize,
    rest: &'a str,
    /// See [`encode`](crate::bitmap::encode).
    positions: &'a [u8],
}

impl<'a> StoredList<'a> {
    fn new(before: &str, token: &'a str, positions: &'a [u8]) -> Self {
        let same = before.chars().zip(token.chars()).take_while(|(a, b)| a == b);
        let shared = same.map(|(letter, _)| letter.len_utf8()).sum();
        Self { shared, rest: &token[shared..], positions }
    }

    fn bytes(&self) -> Result<Vec<u8>, IndexError> {
        let encoded = postcard::to_extend(self, Vec::new());
        encoded.map_err(|error| IndexError::Encode(error.to_string()))
    }
}

impl PostingsPage {
    /// Packs the posting lists of a segment, each token with its positions in stored form, into
    /// pages.
    pub(crate) fn pack(postings: &BTreeMap<String, Vec<u8>>) -> Result<Vec<Self>, IndexError> {
        let mut pages: Vec<Self> = Vec::new();
        let mut before = "";
        for (token, positions) in postings {
            let next = StoredList::new(before, token, positions).bytes()?;
            match pages.last_mut() {
                Some(page) if page.size() + next.len() <= SIZE => page.postings.extend(next),
                _ => pages.push(Self {
                    first_token: token.clone(),
                    postings: StoredList::new(token, token, positions).bytes()?,
                }),
            }
            before = token;
        }
        Ok(pages)
    }

    fn size(&self) -> usize {
        self.first_token.len() + self.postings.len()
    }

    /// Returns the error about this page of a segment.
    pub(crate) fn error(&self, segment_id: i64, problem: String) -> IndexError {
        IndexError::Page { segment_id, first_token: self.first_token.clone(), problem }
    }

    /// Calls `take` with each token and its positions in stored form. The segment's row id is for
    /// errors.
    pub(crate) fn each(
        &self,
        segment_id: i64,
        mut take: impl FnMut(&str, &[u8]) -> Result<(), String>,
    ) -> Result<(), IndexError> {
        let malformed = |problem: String| self.error(segment_id, problem);
        let mut token = self.first_token.clone();
        let mut left = &self.postings[..];
        while !left.is_empty() {
            let (list, after) = postcard::take_from_bytes::<StoredList<'_>>(left)
                .map_err(|error| malformed(error.to_string()))?;
            if !token.is_char_boundary(list.shared) {
                return Err(malformed("a token shares half a character".into()));
            }
            token.truncate(list.shared);
            token.push_str(list.rest);
            take(&token, list.positions).map_err(malformed)?;
            left = after;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(pages: &[PostingsPage]) -> BTreeMap<String, Vec<u8>> {
        let mut read = BTreeMap::new();
        for page in pages {
            page.each(1, |token, positions| {
                assert!(*token >= *page.first_token);
                assert_eq!(read.insert(token.to_owned(), positions.to_vec()), None);
                Ok(())
            })
            .unwrap();
        }
        read
    }

    proptest! {
        #[test]
        fn posting_lists_are_read_as_they_were_packed(
            postings in prop::collection::btree_map(
                "[ab]{0,4}[aäß🏠]{0,3}",
                prop::collection::vec(any::<u8>(), 0..600),
                0..60,
            )
        ) {
            let pages = PostingsPage::pack(&postings).unwrap();
            prop_assert_eq!(read(&pages), postings);
            prop_assert!(pages.is_sorted_by(|a, b| a.first_token < b.first_token));
            prop_assert!(pages.iter().all(|page| page.size() <= SIZE));
        }

        #[test]
        fn malformed_pages_are_errors_at_worst(postings in prop::collection::vec(any::<u8>(), 0..60)) {
            let page = PostingsPage { first_token: "wäsche".into(), postings };
            if let Err(error) = page.each(1, |_, _| Ok(())) {
                let begins = "segment 1: the page of postings from \"wäsche\" cannot be read";
                prop_assert!(error.to_string().starts_with(begins));
            }
        }
    }

    #[test]
    fn a_large_posting_list_has_a_page_of_its_own() {
        let positions = |number| vec![7; number];
        let postings = [("*", 8_192), ("aedit", 2), ("aremove", 4), ("d2026-03-02", 8_192)];
        let postings = postings.map(|(token, number)| (token.to_owned(), positions(number))).into();
        let pages = PostingsPage::pack(&postings).unwrap();
        let first: Vec<&str> = pages.iter().map(|page| page.first_token.as_str()).collect();
        assert_eq!(first, ["*", "aedit", "d2026-03-02"]);
        assert_eq!(read(&pages), postings);
    }
}
