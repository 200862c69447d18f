-- People, their sessions, and what slows down whoever guesses passwords.
-- Moments are microseconds of UTC, here and everywhere.

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

-- Neither column says who it was: account is a hash, since people type passwords into the wrong
-- field; address is a network.
create table sign_in_failures (
    id integer primary key,
    account text not null,
    address text not null,
    at integer not null
) strict;

create index sign_in_failures_by_account on sign_in_failures (account, at);
create index sign_in_failures_by_address on sign_in_failures (address, at);

create index sign_in_failures_by_time on sign_in_failures (at);

-- Whence each person has signed in before: what strangers do elsewhere never slows them down there.
create table known_addresses (
    user_id integer not null references users (id) on delete cascade,
    address text not null,
    last_at integer not null,
    primary key (user_id, address)
) strict, without rowid;
