-- Inspections, what is in them, and the record of every change to them.
--
-- Each tracked row names in change_id the change that last touched it; an inspection's own change_id
-- is its head. A row that goes stays, marked as removed. How none of this can be written without a
-- record is said in 0003_guards.sql.
--
-- Each change bears its number within its inspection, from 1, and a SHA-256 over itself and over the
-- hash of the one before it; the inspection bears the number and the hash of its head. What exactly is
-- hashed is said in docs/record.md.

create table inspections (
    id bigint primary key,
    change_id bigint not null,
    -- The last change that altered what a report shows: a report of an older state is out of date.
    altered_by bigint not null,
    removed boolean not null,
    reference text not null unique,
    name text not null,
    address text not null,
    building_type text not null,
    client text not null,
    scheduled_on text,
    -- As the last change named them; the user may be gone since.
    inspector_id bigint,
    inspector_name text,
    summary text not null,
    status text not null check (status in ('draft', 'review', 'complete')),
    number bigint not null,
    hash bytea not null check (length(hash) = 32),
    check ((inspector_id is null) = (inspector_name is null))
);

create index inspections_by_change on inspections (change_id);
create index inspections_by_inspector on inspections (inspector_id, change_id);
create index inspections_by_status on inspections (status, change_id);

create sequence change_ids;

-- Ids for changes, in the order of which they are to be committed as far as checkpoints can tell:
-- whoever holds an id of a change not yet committed holds this lock in common with others.
create function next_change_ids(how_many bigint) returns setof bigint
language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(hashtext('change_ids'));
    return query select nextval('change_ids') from generate_series(1, how_many);
end;
$$;

-- Waits, until the end of the transaction, that nobody holds the id of a change not yet committed: all
-- ids up to the greatest that is there are then settled, and every later change gets a greater one.
create function settle_change_ids() returns void
language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtext('change_ids'));
end;
$$;

create table changes (
    id bigint primary key,
    inspection_id bigint not null references inspections (id),
    created_at bigint not null,
    user_id bigint references users (id) on delete set null,
    user_name text not null,
    request_id uuid not null,
    action text not null check (action in (
        'create-pdf', 'download-pdf', 'status-review', 'status-complete', 'status-draft',
        'edit', 'add-photo', 'remove', 'add-section', 'remove-section'
    )),
    fields jsonb not null check (jsonb_typeof(fields) = 'array'),
    related_model text,
    related_str text,
    related_data jsonb not null check (jsonb_typeof(related_data) = 'object'),
    -- Who did it, for good: user_id becomes null when that user is deleted.
    author_id bigint not null,
    number bigint not null,
    hash bytea not null check (length(hash) = 32),
    check (user_id is null or user_id = author_id),
    check ((related_model is null) = (related_str is null)),
    unique (inspection_id, id)
);

create index changes_by_user on changes (user_id, id);
create index changes_by_action on changes (action, id);
create index changes_by_request on changes (request_id);

alter table inspections
    add foreign key (id, change_id) references changes (inspection_id, id)
    deferrable initially deferred;

create table sections (
    id bigint primary key,
    inspection_id bigint not null,
    change_id bigint not null,
    removed boolean not null,
    position bigint not null,
    title text not null,
    condition text not null check (condition in (
        'not-inspected', 'good', 'fair', 'poor', 'unsafe'
    )),
    notes text not null,
    foreign key (inspection_id, change_id) references changes (inspection_id, id)
        deferrable initially deferred
);

create index sections_by_inspection on sections (inspection_id);

create table equipment (
    id bigint primary key,
    inspection_id bigint not null,
    change_id bigint not null,
    removed boolean not null,
    kind text not null,
    make text not null,
    model text not null,
    serial text not null,
    condition text not null check (condition in (
        'not-inspected', 'good', 'fair', 'poor', 'unsafe'
    )),
    foreign key (inspection_id, change_id) references changes (inspection_id, id)
        deferrable initially deferred
);

create index equipment_by_inspection on equipment (inspection_id);

create table photos (
    id bigint primary key,
    inspection_id bigint not null,
    change_id bigint not null,
    removed boolean not null,
    section bigint references sections (id) deferrable initially deferred,
    name text not null,
    caption text not null,
    sha256 text not null,
    media_type text not null,
    bytes bigint not null,
    width bigint not null,
    height bigint not null,
    foreign key (inspection_id, change_id) references changes (inspection_id, id)
        deferrable initially deferred
);

create index photos_by_inspection on photos (inspection_id);

create table reports (
    id bigint primary key,
    inspection_id bigint not null,
    change_id bigint not null,
    removed boolean not null,
    name text not null,
    shows bigint not null,
    sha256 text not null,
    bytes bigint not null,
    pages bigint not null,
    foreign key (inspection_id, change_id) references changes (inspection_id, id)
        deferrable initially deferred
);

create index reports_by_inspection on reports (inspection_id);

-- The last number given to an inspection of a year, for references such as BI-2026-0001.
create table reference_counters (
    year bigint primary key,
    last bigint not null
);
