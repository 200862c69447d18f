-- Words are folded before changes are indexed by them, so that accents, case and composition no longer
-- matter, and scripts without spaces are found by any two characters: domain/src/words.rs. All blocks are
-- made anew from the changes by whoever serves next. All nodes of a version before are stopped for this: they
-- would write blocks of words that are not folded.

delete from index_pages;

delete from index_blocks;
