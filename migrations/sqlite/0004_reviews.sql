-- What reviewers say about changes. None of it is a mutation: it leaves no change, and no change is
-- altered by it.

-- What one reviewer said at once about one or many changes.
create table reviews (
    id integer primary key autoincrement,
    state text not null check (state in ('unreviewed', 'reviewed', 'flagged')),
    -- Who it was, by the name they had; the user may be gone since.
    user_id integer references users (id) on delete set null,
    user_name text not null,
    at integer not null,
    note text
) strict;

create index reviews_by_user on reviews (user_id);

-- The changes it is about. The last review of a change is the one it stands under; an undone review
-- is deleted, and the one before holds again.
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
    text text not null
) strict;

create index comments_by_change on comments (change_id);
create index comments_by_inspection on comments (inspection_id);
create index comments_by_user on comments (user_id);

-- Filters that people keep under a name. At most one of them is what a person starts with.
create table saved_views (
    id integer primary key autoincrement,
    user_id integer not null references users (id) on delete cascade,
    name text not null,
    query text not null,
    is_start integer not null check (is_start in (0, 1)),
    unique (user_id, name)
) strict;

create unique index saved_views_to_start_with on saved_views (user_id) where is_start;
