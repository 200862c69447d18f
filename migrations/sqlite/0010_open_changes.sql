-- Changes that are in no block of the index yet are those after its last one: each process reads them
-- where they are and keeps in memory by what they are found, so that recording a change writes nothing
-- more than the change.

drop trigger changes_are_fresh;
drop table fresh_changes;

-- Blocks of 256 are too small to be worth writing. What is in them is open again.

delete from index_postings where block_id in (select id from index_blocks where level = 0);
delete from index_blocks where level = 0;
update index_blocks set level = level - 1;
