-- Whoever is named by what is recorded is looked up once for all that a statement records, since a request
-- may record thousands for one person. Their row is held until the transaction ends, as by a foreign key,
-- so that nobody deletes it meanwhile.

alter table changes drop constraint changes_user_id_fkey;

create function guard_users_of_changes() returns trigger language plpgsql as $$
begin
    perform 1 from users where id in (select user_id from added) for key share;
    if exists (select 1 from added where user_id not in (select id from users)) then
        raise 'a change is made by a user who is there';
    end if;
    return null;
end;
$$;

create trigger guard_users after insert on changes referencing new table as added
    for each statement execute function guard_users_of_changes();

create function forget_deleted_user() returns trigger language plpgsql as $$
begin
    update changes set user_id = null where user_id = old.id;
    return null;
end;
$$;

create trigger forget_deleted after delete on users
    for each row execute function forget_deleted_user();

-- What else the foreign key would have refused: another id for a user whom changes name, and to empty the
-- table without a trigger for each of them.

create function guard_named_users() returns trigger language plpgsql as $$
begin
    raise 'changes name users by their ids: these stay, and users are deleted one by one';
end;
$$;

create trigger guard_update before update on users
    for each row when (new.id <> old.id) execute function guard_named_users();
create trigger guard_truncate before truncate on users
    for each statement execute function guard_named_users();
