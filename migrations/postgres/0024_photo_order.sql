-- The order of photos, and the cover. Of photos that are there already neither was chosen: 0 stands for that, so
-- that their rows stay as their records make them.

alter table photos add column rank bigint not null default 0;
alter table photos add column cover bigint not null default 0;
