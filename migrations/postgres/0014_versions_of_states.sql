-- Whoever keeps review_states in memory asks for what is newer than the version they know. The database
-- counts, so that nobody who writes a state need think of it. All who do take the table's lock first, so
-- that what is committed later is newer. Rows are never deleted.

create sequence review_states_versions;

alter table review_states add column version bigint not null default nextval('review_states_versions');

create index review_states_by_version on review_states (version);

create function state_is_newer() returns trigger language plpgsql as $$
begin
    new.version := nextval('review_states_versions');
    return new;
end;
$$;

create trigger states_are_newer before update on review_states
    for each row execute function state_is_newer();
