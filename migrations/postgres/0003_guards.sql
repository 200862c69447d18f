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

create function guard_tracked() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and (new.id <> old.id or new.inspection_id <> old.inspection_id)
        or new.change_id <= coalesce(
            (select change_id from inspections where id = new.inspection_id), 0
        )
    then
        raise 'untracked: % change only with a change newer than the head', tg_table_name;
    end if;
    return new;
end;
$$;

create function guard_inspection() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and (new.id <> old.id or new.change_id <= old.change_id) then
        raise 'untracked: an inspection changes only with a change newer than its head';
    end if;
    return new;
end;
$$;

create function guard_new_change() returns trigger language plpgsql as $$
begin
    if not exists (
        select 1 from inspections
        where id = new.inspection_id
            and change_id = new.id and number = new.number and hash = new.hash
    ) then
        raise 'a change is recorded once, as the head of its inspection';
    end if;
    return new;
end;
$$;

create function guard_old_change() returns trigger language plpgsql as $$
declare
    kept changes := new;
begin
    kept.user_id := old.user_id;
    if old.user_id is null
        or new.user_id is not null
        or exists (select 1 from users where id = old.user_id)
        or kept is distinct from old
    then
        raise 'a change is never altered';
    end if;
    return new;
end;
$$;

create function guard_from_deletion() returns trigger language plpgsql as $$
begin
    raise 'untracked: % are never deleted', tg_table_name;
end;
$$;

create trigger guard before insert or update on sections
    for each row execute function guard_tracked();

create trigger guard before insert or update on equipment
    for each row execute function guard_tracked();

create trigger guard before insert or update on photos
    for each row execute function guard_tracked();

create trigger guard before insert or update on reports
    for each row execute function guard_tracked();

create trigger guard before insert or update on inspections
    for each row execute function guard_inspection();

create trigger guard before insert on changes
    for each row execute function guard_new_change();

create trigger guard_update before update on changes
    for each row execute function guard_old_change();

create trigger guard_delete before delete on sections
    for each row execute function guard_from_deletion();
create trigger guard_truncate before truncate on sections
    for each statement execute function guard_from_deletion();

create trigger guard_delete before delete on equipment
    for each row execute function guard_from_deletion();
create trigger guard_truncate before truncate on equipment
    for each statement execute function guard_from_deletion();

create trigger guard_delete before delete on photos
    for each row execute function guard_from_deletion();
create trigger guard_truncate before truncate on photos
    for each statement execute function guard_from_deletion();

create trigger guard_delete before delete on reports
    for each row execute function guard_from_deletion();
create trigger guard_truncate before truncate on reports
    for each statement execute function guard_from_deletion();

create trigger guard_delete before delete on inspections
    for each row execute function guard_from_deletion();
create trigger guard_truncate before truncate on inspections
    for each statement execute function guard_from_deletion();

create trigger guard_delete before delete on changes
    for each row execute function guard_from_deletion();
create trigger guard_truncate before truncate on changes
    for each statement execute function guard_from_deletion();
