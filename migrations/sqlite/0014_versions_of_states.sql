-- Whoever keeps review_states in memory asks for what is newer than the version they know. The database
-- counts, so that nobody who writes a state need think of it. Rows are never deleted or replaced.

alter table review_states add column version integer not null default 1;

create index review_states_by_version on review_states (version);

create trigger new_states_are_newer after insert on review_states
begin
    update review_states set version = 1 + (select max(version) from review_states)
    where number = new.number;
end;

create trigger states_are_newer after update of reviewed, flagged on review_states
begin
    update review_states set version = 1 + (select max(version) from review_states)
    where number = new.number;
end;
