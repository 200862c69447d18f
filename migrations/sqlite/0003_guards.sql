-- Nothing about an inspection changes without a change record. In a transaction that changes one,
--
--   1. rows of sections, equipment, photos and reports are written, each naming a change newer than
--      the inspection's head;
--   2. the inspection is written, its head moved to that change, with its number and hash;
--   3. the change itself is written: it must be the head.
--
-- The foreign keys to changes are checked at commit, so a row that names no change never gets that
-- far. Once the change is written, step 1 refuses any more rows in its name; and a change cannot be
-- written ahead for rows to name later, since step 3 refuses it. Rows are never deleted, and a change
-- never altered, but for the user it names: that becomes null when the user is deleted.

create trigger sections_insert before insert on sections
when new.change_id <= coalesce(
    (select change_id from inspections where id = new.inspection_id), 0
)
begin
    select raise(abort, 'untracked: sections are added only with a change newer than the head');
end;

create trigger sections_update before update on sections
when new.id <> old.id
    or new.inspection_id <> old.inspection_id
    or new.change_id <= (select change_id from inspections where id = new.inspection_id)
begin
    select raise(abort, 'untracked: sections change only with a change newer than the head');
end;

create trigger sections_delete before delete on sections
begin
    select raise(abort, 'untracked: sections are removed by a change, never deleted');
end;

create trigger equipment_insert before insert on equipment
when new.change_id <= coalesce(
    (select change_id from inspections where id = new.inspection_id), 0
)
begin
    select raise(abort, 'untracked: equipment are added only with a change newer than the head');
end;

create trigger equipment_update before update on equipment
when new.id <> old.id
    or new.inspection_id <> old.inspection_id
    or new.change_id <= (select change_id from inspections where id = new.inspection_id)
begin
    select raise(abort, 'untracked: equipment change only with a change newer than the head');
end;

create trigger equipment_delete before delete on equipment
begin
    select raise(abort, 'untracked: equipment are removed by a change, never deleted');
end;

create trigger photos_insert before insert on photos
when new.change_id <= coalesce(
    (select change_id from inspections where id = new.inspection_id), 0
)
begin
    select raise(abort, 'untracked: photos are added only with a change newer than the head');
end;

create trigger photos_update before update on photos
when new.id <> old.id
    or new.inspection_id <> old.inspection_id
    or new.change_id <= (select change_id from inspections where id = new.inspection_id)
begin
    select raise(abort, 'untracked: photos change only with a change newer than the head');
end;

create trigger photos_delete before delete on photos
begin
    select raise(abort, 'untracked: photos are removed by a change, never deleted');
end;

create trigger reports_insert before insert on reports
when new.change_id <= coalesce(
    (select change_id from inspections where id = new.inspection_id), 0
)
begin
    select raise(abort, 'untracked: reports are added only with a change newer than the head');
end;

create trigger reports_update before update on reports
when new.id <> old.id
    or new.inspection_id <> old.inspection_id
    or new.change_id <= (select change_id from inspections where id = new.inspection_id)
begin
    select raise(abort, 'untracked: reports change only with a change newer than the head');
end;

create trigger reports_delete before delete on reports
begin
    select raise(abort, 'untracked: reports are removed by a change, never deleted');
end;

create trigger inspections_insert before insert on inspections
when exists (select 1 from inspections where id = new.id and change_id >= new.change_id)
begin
    select raise(abort, 'untracked: an inspection is replaced only with a newer change');
end;

create trigger inspections_update before update on inspections
when new.id <> old.id or new.change_id <= old.change_id
begin
    select raise(abort, 'untracked: an inspection changes only with a change newer than its head');
end;

create trigger inspections_delete before delete on inspections
begin
    select raise(abort, 'untracked: inspections are removed by a change, never deleted');
end;

create trigger changes_insert before insert on changes
when not exists (
        select 1 from inspections
        where id = new.inspection_id
            and change_id = new.id and number = new.number and hash = new.hash
    )
    or exists (select 1 from changes where id = new.id)
begin
    select raise(abort, 'a change is recorded once, as the head of its inspection');
end;

create trigger changes_update before update on changes
when not (
    old.user_id is not null
    and new.user_id is null
    and not exists (select 1 from users where id = old.user_id)
    and new.id = old.id
    and new.inspection_id = old.inspection_id
    and new.created_at = old.created_at
    and new.user_name = old.user_name
    and new.request_id = old.request_id
    and new.action = old.action
    and new.fields = old.fields
    and new.related_model is old.related_model
    and new.related_str is old.related_str
    and new.related_data = old.related_data
    and new.author_id = old.author_id
    and new.number = old.number
    and new.hash = old.hash
)
begin
    select raise(abort, 'a change is never altered');
end;

create trigger changes_delete before delete on changes
begin
    select raise(abort, 'a change is never deleted');
end;
