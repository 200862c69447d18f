-- By what changes are found.
--
-- The index keeps, for each block of 256, 4,096 or 65,536 ids, which of its changes have which token:
-- a word, the beginning of one, an action, a person, a field, a day. A block is written once, when it
-- is full, and later becomes a part of a greater one. Until then its changes are fresh, and looked
-- through one by one. What a token is says store/src/index/tokens.rs.

-- Changes that are in no block yet, with what the inspection was called once each was made.
create table fresh_changes (
    change_id integer primary key,
    name text not null
) strict;

create trigger changes_are_fresh after insert on changes
begin
    insert into fresh_changes (change_id, name)
    select new.id, name from inspections where id = new.inspection_id;
end;

-- A block: the ids from number * size on, where size is 256 * 16 ^ level. Days are those of its
-- changes, UTC, as they are written: 2026-03-31.
create table index_blocks (
    id integer primary key,
    level integer not null,
    number integer not null,
    first_day text not null,
    last_day text not null,
    unique (level, number)
) strict;

-- The changes of a block that have a token: their places in the block, as 16-bit numbers with the low
-- byte first, or where that is shorter, a bit for each place.
create table index_postings (
    block_id integer not null,
    token text not null,
    places blob not null,
    primary key (block_id, token)
) strict, without rowid;

-- Which changes are reviewed and which are flagged: a bit for each of the 4,096 ids from
-- number * 4096 on. Those of neither are unreviewed. It follows from reviews and reviewed_changes.
create table review_states (
    number integer primary key,
    reviewed blob not null,
    flagged blob not null
) strict;
