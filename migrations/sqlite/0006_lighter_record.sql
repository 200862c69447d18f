-- Every change moves its inspection's head, so each index with the head in it is written twice by each
-- change. One is enough: those of a status are found newest first through it, and those of an inspector
-- are few.

drop index inspections_by_status;
drop index inspections_by_inspector;
create index inspections_by_inspector on inspections (inspector_id);

-- Nothing asks for the changes of a user by this one: the index of tokens answers that. Deleting a user
-- is rare enough to look through all changes.

drop index changes_by_user;
