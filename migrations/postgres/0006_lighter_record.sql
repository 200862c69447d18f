-- Every change moves its inspection's head, so each index with the head in it is written twice by each
-- change. One is enough: those of a status are found newest first through it, and those of an inspector
-- are few.

drop index inspections_by_status;
drop index inspections_by_inspector;
create index inspections_by_inspector on inspections (inspector_id);

-- Nothing asks for the changes of a user by this one: the index of tokens answers that. Deleting a user
-- is rare enough to look through all changes.

drop index changes_by_user;

-- What is recorded is checked once for all that a statement records, since a request may record
-- thousands: that each is the head of its inspection, which so is there, and that its action is known.

drop trigger guard on changes;
drop function guard_new_change;
alter table changes drop constraint changes_inspection_id_fkey;
alter table changes drop constraint changes_action_fkey;

create function guard_new_changes() returns trigger language plpgsql as $$
begin
    if exists (
        select 1 from added
        left join inspections as i
            on i.id = added.inspection_id
                and i.change_id = added.id and i.number = added.number and i.hash = added.hash
        where i.id is null
    ) then
        raise 'a change is recorded once, as the head of its inspection';
    end if;
    if exists (select 1 from added where action not in (select slug from actions)) then
        raise 'a change is one of the known actions';
    end if;
    return null;
end;
$$;

create trigger guard after insert on changes referencing new table as added
    for each statement execute function guard_new_changes();

-- The same of inspections, where a condition is asked much sooner than a function.

drop trigger guard on inspections;

create or replace function guard_inspection() returns trigger language plpgsql as $$
begin
    raise 'untracked: an inspection changes only with a change newer than its head';
end;
$$;

create trigger guard before update on inspections
    for each row when (new.id <> old.id or new.change_id <= old.change_id)
    execute function guard_inspection();
