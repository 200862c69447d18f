-- The schema of Plumbline's database.
--
-- Moments are whole microseconds of UTC, and days are written like 2026-03-31.

-- People and their sessions.

create table users (
    -- AUTOINCREMENT: the id of a deleted user is never given to another.
    id integer primary key autoincrement,
    email text not null unique,
    name text not null,
    role text not null check (role in ('inspector', 'reviewer', 'admin')),
    password_hash text not null,
    created_at integer not null,
    disabled_at integer,
    last_seen_at integer
) strict;

create table sessions (
    token_hash blob primary key,
    user_id integer not null references users (id) on delete cascade,
    created_at integer not null,
    last_seen_at integer not null,
    expires_at integer not null
) strict;

create index sessions_by_user on sessions (user_id);
create index sessions_by_expiry on sessions (expires_at);

-- Failed sign-ins, which slow down guessing. Neither column names a person: account is a hash, because people
-- type passwords into the wrong field, and address is a network.
create table sign_in_failures (
    id integer primary key,
    account text not null,
    address text not null,
    at integer not null
) strict;

create index sign_in_failures_by_account on sign_in_failures (account, at);
create index sign_in_failures_by_address on sign_in_failures (address, at);
create index sign_in_failures_by_time on sign_in_failures (at);

-- The networks that each person has signed in from before. Failures elsewhere never slow them down there.
create table known_addresses (
    user_id integer not null references users (id) on delete cascade,
    address text not null,
    last_at integer not null,
    primary key (user_id, address)
) strict, without rowid;

-- Inspections, the things in them, and the record of every change to them.
--
-- Each tracked row names in change_id the change that last touched it; an inspection's own change_id is its
-- head. A removed row stays, marked as removed. The guards below refuse any write without a record.
--
-- Each change has its number within its inspection, from 1, and a SHA-256 over itself and over the hash of the
-- change before it; the inspection has the number and the hash of its head. docs/record.md says what is hashed.

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
    -- As the last change named them. The user may be deleted since.
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

create index inspections_by_inspector on inspections (inspector_id);

-- The actions that each kind of mutation is recorded as. A new kind or action is a new row.
create table mutation_kinds (
    kind text not null,
    action text not null,
    primary key (kind, action)
) strict, without rowid;

insert into mutation_kinds (kind, action) values
    ('create', 'edit'), ('edit', 'edit'), ('correct', 'edit'), ('add-equipment', 'edit'),
    ('bring-back', 'edit'), ('set-status', 'status-review'), ('set-status', 'status-complete'),
    ('set-status', 'status-draft'), ('add-section', 'add-section'),
    ('remove-section', 'remove-section'), ('add-photo', 'add-photo'), ('remove', 'remove'),
    ('create-report', 'create-pdf'), ('download-report', 'download-pdf');

create table changes (
    id integer primary key,
    inspection_id integer not null references inspections (id),
    created_at integer not null,
    user_id integer references users (id) on delete set null,
    user_name text not null,
    request_id blob not null,
    -- Its number among the mutations of its request, from 1.
    ordinal integer not null,
    action text not null,
    -- Which mutation it was, by which its record is read.
    kind text not null,
    fields text not null check (json_type(fields) = 'array'),
    related_model text,
    related_str text,
    related_data text not null check (json_type(related_data) = 'object'),
    -- The author's id, which stays when user_id becomes null because that user was deleted.
    author_id integer not null,
    number integer not null,
    hash blob not null check (length(hash) = 32),
    check (user_id is null or user_id = author_id),
    check ((related_model is null) = (related_str is null)),
    unique (inspection_id, id),
    unique (request_id, ordinal),
    foreign key (kind, action) references mutation_kinds (kind, action)
) strict;

-- The changes that undid another. They are few.
create index changes_by_undone on changes ((cast((related_data ->> 'undoes') as bigint)))
    where cast((related_data ->> 'undoes') as bigint) is not null;

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
    -- The key that it is sorted by among those of its section, 0 until it is moved; and whether it is the cover.
    rank integer not null default 0,
    cover integer not null default 0,
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

-- Guards: nothing about an inspection changes without a change record. In a transaction that changes one,
--
--   1. rows of sections, equipment, photos and reports are written, each naming a change newer than the
--      inspection's head;
--   2. the inspection is written, its head moved to that change, with its number and hash;
--   3. the change itself is written: it must be the head.
--
-- The foreign keys to changes are checked at commit, so a row that names no change never gets that far. Once the
-- change is written, step 1 refuses any more rows in its name; and a change cannot be written ahead for rows to
-- name later, because step 3 refuses it. Rows are never deleted, and a change is never altered, except for the
-- user it names, which becomes null when the user is deleted.

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
    -- Else `insert or replace` would delete the change that has the key.
    or exists (
        select 1 from changes where request_id = new.request_id and ordinal = new.ordinal
    )
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
    and new.ordinal = old.ordinal
    and new.action = old.action
    and new.kind = old.kind
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

-- What reviewers say about changes. None of it is a mutation: it leaves no change, and no change is altered by it.

-- One statement of a reviewer about one or many changes.
create table reviews (
    id integer primary key autoincrement,
    state text not null check (state in ('unreviewed', 'reviewed', 'flagged')),
    -- The reviewer, by the name they had. The user may be deleted since.
    user_id integer references users (id) on delete set null,
    user_name text not null,
    at integer not null,
    note text
) strict;

create index reviews_by_user on reviews (user_id);

-- The changes that a review is about. The last review of a change is the one that holds; an undone review is deleted,
-- and the one before holds again.
create table reviewed_changes (
    change_id integer not null references changes (id),
    review_id integer not null references reviews (id) on delete cascade,
    primary key (change_id, review_id)
) strict, without rowid;

create index reviewed_changes_by_review on reviewed_changes (review_id, change_id);

create table comments (
    id integer primary key autoincrement,
    change_id integer not null references changes (id),
    inspection_id integer not null references inspections (id),
    user_id integer references users (id) on delete set null,
    user_name text not null,
    at integer not null,
    text text not null,
    -- The request that wrote it, so that a retry adds none.
    request_id blob
) strict;

create index comments_by_change on comments (change_id);
create index comments_by_inspection on comments (inspection_id);
create unique index comments_by_request on comments (user_id, request_id, change_id);

-- Filters that people keep under a name. At most one of them is the view that a person starts with.
create table saved_views (
    id integer primary key autoincrement,
    user_id integer not null references users (id) on delete cascade,
    name text not null,
    query text not null,
    is_start integer not null check (is_start in (0, 1)),
    unique (user_id, name)
) strict;

create unique index saved_views_to_start_with on saved_views (user_id) where is_start;

-- The index that answers the dashboard's filters. It follows from the changes and can be made again from them.
--
-- For each block of 4,096 or 65,536 ids it keeps which of its changes have which token: a word, the beginning of
-- one, an action, a person, a field, a day. A block is written once, when it is full, and later becomes a part of a
-- greater one. Changes after the last block are read where they are. crates/store/src/index/tokens.rs lists the tokens.

-- A block: the ids from number * size on, where size is 4,096 * 16 ^ level. Days are those of its changes, UTC.
create table index_blocks (
    id integer primary key,
    level integer not null,
    number integer not null,
    first_day text not null,
    last_day text not null,
    unique (level, number)
) strict;

-- The postings of a block, in pages of as many tokens in their order as make some 960 bytes:
-- crates/store/src/index/pages.rs.
create table index_pages (
    block_id integer not null,
    first_token text not null,
    postings blob not null,
    primary key (block_id, first_token)
) strict, without rowid;

-- The changes that are reviewed and those that are flagged: a bit for each of the 4,096 ids from number * 4096 on.
-- Those of neither are unreviewed. It follows from reviews and reviewed_changes. A process that keeps the states in
-- memory asks for those with a newer version than it knows, so the database counts versions.
create table review_states (
    number integer primary key,
    reviewed blob not null,
    flagged blob not null,
    version integer not null default 1
) strict;

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

-- The texts that inspections are searched by, folded, one for each thing in an inspection that people write in:
-- crates/store/src/rows/search.rs. They follow from the tracked tables.
create table search_texts (
    kind integer not null,
    thing_id integer not null,
    inspection_id integer not null,
    folded text not null,
    primary key (kind, thing_id)
) strict;
