-- Reports that are current by their content, final reports that are made by themselves, and the organisation
-- that reports are from.

-- The hash of the content that a report prints, by which it is known to be current. Empty for reports that are
-- there already, so that their rows stay as their records make them.
alter table reports add column content text not null default '';
alter table reports add column is_final integer not null default 0 check (is_final in (0, 1));

-- Final reports that are still to be made: one for each inspection that was completed and has none. A row is added
-- by the transaction that completes the inspection, and removed by the one that records the report.
create table final_report_queue (
    inspection_id integer primary key references inspections (id),
    -- The person who completed it, in whose name the report is made; the user may be gone since.
    user_id integer references users (id) on delete set null,
    request_id blob not null,
    tries integer not null default 0,
    -- When it is made, or tried again; null once it is left to people.
    due_at integer,
    -- Why it could not be made; empty until it failed.
    problem text not null default ''
) strict;

create index final_report_queue_by_due on final_report_queue (due_at);
create index final_report_queue_by_user on final_report_queue (user_id);

-- The organisation, a row for each time it was changed: the last one holds, and together they say who changed what.
create table organisation_versions (
    id integer primary key autoincrement,
    changed_at integer not null,
    -- Who it was, by the name they had; the user may be gone since.
    user_id integer references users (id) on delete set null,
    user_name text not null,
    name text not null,
    address text not null,
    -- The picture among the objects; null without a logo.
    logo_sha256 text,
    logo_width integer,
    logo_height integer,
    check ((logo_sha256 is null) = (logo_width is null)),
    check ((logo_sha256 is null) = (logo_height is null))
) strict;

create index organisation_versions_by_user on organisation_versions (user_id);
