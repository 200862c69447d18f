-- A row for each token of a block held a few bytes of places and many of its own. Postings are kept in pages
-- instead, of as many tokens in their order as make some 960 bytes: store/src/index/pages.rs. All blocks are
-- made anew from the changes by whoever serves next. All nodes of a version before are stopped for this: with
-- no blocks, they would hold all changes in memory.

drop table index_postings;

delete from index_blocks;

create table index_pages (
    block_id bigint not null,
    first_token text collate "C" not null,
    postings bytea not null,
    primary key (block_id, first_token)
);
