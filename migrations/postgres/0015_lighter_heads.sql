-- What stands before an update locks each row first, and writes a record of that to the log. What comes after
-- it refuses as well, and where its condition does not hold nothing is done for it.

drop trigger guard on inspections;

create trigger guard after update on inspections
    for each row when (new.id <> old.id or new.change_id <= old.change_id)
    execute function guard_inspection();
