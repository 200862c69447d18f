-- A trigger before an update has each row locked first, which is written to the log. One after it refuses
-- as well, and costs nothing where its condition does not hold.

drop trigger guard on inspections;

create trigger guard after update on inspections
    for each row when (new.id <> old.id or new.change_id <= old.change_id)
    execute function guard_inspection();
