-- The texts by which inspections are found, folded, a row for each thing in an inspection that people write in:
-- store/src/rows/search.rs. They follow from the tracked tables. Those of inspections that are there already are
-- added by whoever brings the database up to date.

create table search_texts (
    kind integer not null,
    thing_id integer not null,
    inspection_id integer not null,
    folded text not null,
    primary key (kind, thing_id)
) strict;
