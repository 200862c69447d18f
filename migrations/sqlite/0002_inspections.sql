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
    id integer primary key,
    change_id integer not null,
    -- The last change that altered what a report shows: a report of an older state is out of date.
    altered_by integer not null,
    removed integer not null check (removed in (0, 1)),
    reference text not null unique,
    name text not null,
    address text not null,
    building_type text not null,
    client text not null,
    scheduled_on text,
    -- As the last change named them; the user may be gone since.
    inspector_id integer,
    inspector_name text,
    summary text not null,
    status text not null check (status in ('draft', 'review', 'complete')),
    number integer not null,
    hash blob not null check (length(hash) = 32),
    check ((inspector_id is null) = (inspector_name is null)),
    foreign key (id, change_id) references changes (inspection_id, id)
        deferrable initially deferred
) strict;

create index inspections_by_change on inspections (change_id);
create index inspections_by_inspector on inspections (inspector_id, change_id);
create index inspections_by_status on inspections (status, change_id);

create table changes (
    id integer primary key,
    inspection_id integer not null references inspections (id),
    created_at integer not null,
    user_id integer references users (id) on delete set null,
    user_name text not null,
    request_id blob not null,
    action text not null check (action in (
        'create-pdf', 'download-pdf', 'status-review', 'status-complete', 'status-draft',
        'edit', 'add-photo', 'remove', 'add-section', 'remove-section'
    )),
    fields text not null check (json_type(fields) = 'array'),
    related_model text,
    related_str text,
    related_data text not null check (json_type(related_data) = 'object'),
    -- Who did it, for good: user_id becomes null when that user is deleted.
    author_id integer not null,
    number integer not null,
    hash blob not null check (length(hash) = 32),
    check (user_id is null or user_id = author_id),
    check ((related_model is null) = (related_str is null)),
    unique (inspection_id, id)
) strict;

create index changes_by_user on changes (user_id, id);
create index changes_by_action on changes (action, id);
create index changes_by_request on changes (request_id);

create table sections (
    id integer primary key,
    inspection_id integer not null,
    change_id integer not null,
    removed integer not null check (removed in (0, 1)),
    position integer not null,
    title text not null,
    condition text not null check (condition in (
        'not-inspected', 'good', 'fair', 'poor', 'unsafe'
    )),
    notes text not null,
    foreign key (inspection_id, change_id) references changes (inspection_id, id)
        deferrable initially deferred
) strict;

create index sections_by_inspection on sections (inspection_id);

create table equipment (
    id integer primary key,
    inspection_id integer not null,
    change_id integer not null,
    removed integer not null check (removed in (0, 1)),
    kind text not null,
    make text not null,
    model text not null,
    serial text not null,
    condition text not null check (condition in (
        'not-inspected', 'good', 'fair', 'poor', 'unsafe'
    )),
    foreign key (inspection_id, change_id) references changes (inspection_id, id)
        deferrable initially deferred
) strict;

create index equipment_by_inspection on equipment (inspection_id);

create table photos (
    id integer primary key,
    inspection_id integer not null,
    change_id integer not null,
    removed integer not null check (removed in (0, 1)),
    section integer references sections (id) deferrable initially deferred,
    name text not null,
    caption text not null,
    sha256 text not null,
    media_type text not null,
    bytes integer not null,
    width integer not null,
    height integer not null,
    foreign key (inspection_id, change_id) references changes (inspection_id, id)
        deferrable initially deferred
) strict;

create index photos_by_inspection on photos (inspection_id);

create table reports (
    id integer primary key,
    inspection_id integer not null,
    change_id integer not null,
    removed integer not null check (removed in (0, 1)),
    name text not null,
    shows integer not null,
    sha256 text not null,
    bytes integer not null,
    pages integer not null,
    foreign key (inspection_id, change_id) references changes (inspection_id, id)
        deferrable initially deferred
) strict;

create index reports_by_inspection on reports (inspection_id);

-- The last number given to an inspection of a year, for references such as BI-2026-0001.
create table reference_counters (
    year integer primary key,
    last integer not null
) strict;
