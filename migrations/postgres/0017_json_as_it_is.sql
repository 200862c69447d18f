-- Nothing looks for anything within the JSON of changes, and of what was recorded all of it is read: then JSON
-- as it was written is shorter than JSONB and read sooner. All nodes of a version before are stopped for this:
-- they would read the columns as what they were.

alter table changes
    drop constraint changes_fields_check,
    drop constraint changes_related_data_check;

drop index changes_by_undone;

alter table changes
    alter column fields type json using cast(fields as json),
    alter column related_data type json using cast(related_data as json),
    add check (json_typeof(fields) = 'array'),
    add check (json_typeof(related_data) = 'object');

create index changes_by_undone on changes ((cast((related_data ->> 'undoes') as bigint)))
    where cast((related_data ->> 'undoes') as bigint) is not null;

-- JSON has no equality, so rows are compared as text.

create or replace function guard_old_change() returns trigger language plpgsql as $$
declare
    kept changes := new;
begin
    kept.user_id := old.user_id;
    if old.user_id is null
        or new.user_id is not null
        or exists (select 1 from users where id = old.user_id)
        or cast(kept as text) is distinct from cast(old as text)
    then
        raise 'a change is never altered';
    end if;
    return new;
end;
$$;
