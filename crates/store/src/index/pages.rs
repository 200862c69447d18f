//! Pages of postings. A posting is a token with its positions in a block. The postings of a block
//! are stored in the order of their tokens, many to a row, so that the overhead of a row hardly
//! counts.

use crate::Error;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Size limit of a page with its first token, in bytes; a single larger posting gets a page of its
/// own. SQLite moves what exceeds 1,002 bytes of a row to overflow pages (its file format, 1.6),
/// and PostgreSQL what exceeds 2,000.
const SIZE: usize = 960;

/// A row of `index_pages`.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Page {
    pub(super) block_id: i64,
    pub(super) first_token: String,
    pub(super) postings: Vec<u8>,
}

/// A posting in stored form, encoded by postcard.
#[derive(Serialize, Deserialize)]
struct Posting<'a> {
    /// Number of leading bytes shared with the token before it, or with the page's first token if
    /// it is the first of its page.
    shared: usize,
    rest: &'a str,
    /// See [`encode`](super::bitmap::encode).
    places: &'a [u8],
}

impl<'a> Posting<'a> {
    fn new(before: &str, token: &'a str, places: &'a [u8]) -> Self {
        let same = before.chars().zip(token.chars()).take_while(|(a, b)| a == b);
        let shared = same.map(|(letter, _)| letter.len_utf8()).sum();
        Self { shared, rest: &token[shared..], places }
    }

    fn bytes(&self) -> Result<Vec<u8>, Error> {
        let encoded = postcard::to_extend(self, Vec::new());
        encoded.map_err(|error| Error::Database(sqlx::Error::Encode(error.to_string().into())))
    }
}

impl Page {
    /// Packs the postings of a block, each token with its positions in stored form, into pages.
    ///
    /// # Errors
    /// If a posting cannot be encoded.
    pub(super) fn of(
        block_id: i64,
        postings: &BTreeMap<String, Vec<u8>>,
    ) -> Result<Vec<Self>, Error> {
        let mut pages: Vec<Self> = Vec::new();
        let mut before = "";
        for (token, places) in postings {
            let next = Posting::new(before, token, places).bytes()?;
            match pages.last_mut() {
                Some(page) if page.size() + next.len() <= SIZE => page.postings.extend(next),
                _ => pages.push(Self {
                    block_id,
                    first_token: token.clone(),
                    postings: Posting::new(token, token, places).bytes()?,
                }),
            }
            before = token;
        }
        Ok(pages)
    }

    fn size(&self) -> usize {
        self.first_token.len() + self.postings.len()
    }

    /// Calls `take` with each token and its positions in stored form.
    ///
    /// # Errors
    /// If the page is malformed.
    pub(super) fn each(&self, mut take: impl FnMut(&str, &[u8])) -> Result<(), Error> {
        let unreadable = |error: postcard::Error| Error::Unreadable {
            table: "index_pages",
            column: "postings",
            id: self.block_id,
            problem: error.to_string(),
        };
        let mut token = self.first_token.clone();
        let mut left = &self.postings[..];
        while !left.is_empty() {
            let (posting, after) =
                postcard::take_from_bytes::<Posting<'_>>(left).map_err(unreadable)?;
            if !token.is_char_boundary(posting.shared) {
                return Err(unreadable(postcard::Error::DeserializeBadEncoding));
            }
            token.truncate(posting.shared);
            token.push_str(posting.rest);
            take(&token, posting.places);
            left = after;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(pages: &[Page]) -> BTreeMap<String, Vec<u8>> {
        let mut read = BTreeMap::new();
        for page in pages {
            page.each(|token, places| {
                assert!(*token >= *page.first_token);
                assert_eq!(read.insert(token.to_owned(), places.to_vec()), None);
            })
            .unwrap();
        }
        read
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(
            postings in prop::collection::btree_map(
                "[ab]{0,4}[aäß🏠]{0,3}",
                prop::collection::vec(any::<u8>(), 0..600),
                0..60,
            )
        ) {
            let pages = Page::of(1, &postings).unwrap();
            prop_assert_eq!(read(&pages), postings);
            prop_assert!(pages.is_sorted_by(|a, b| a.first_token < b.first_token));
            prop_assert!(pages.iter().all(|page| page.size() <= SIZE));
        }

        #[test]
        fn whatever_is_read_is_an_error_at_worst(postings in prop::collection::vec(any::<u8>(), 0..60)) {
            let page = Page { block_id: 1, first_token: "wäsche".into(), postings };
            if let Err(error) = page.each(|_, _| {}) {
                prop_assert!(error.to_string().starts_with("index_pages 1: the column postings"));
            }
        }
    }

    #[test]
    fn a_large_posting_has_a_page_of_its_own() {
        let places = |number| vec![7; number];
        let postings = [("*", 8_192), ("aedit", 2), ("aremove", 4), ("d2026-03-02", 8_192)];
        let postings = postings.map(|(token, number)| (token.to_owned(), places(number))).into();
        let pages = Page::of(1, &postings).unwrap();
        let first: Vec<&str> = pages.iter().map(|page| page.first_token.as_str()).collect();
        assert_eq!(first, ["*", "aedit", "d2026-03-02"]);
        assert_eq!(read(&pages), postings);
    }
}
