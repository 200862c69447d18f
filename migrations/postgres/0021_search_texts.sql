-- The texts by which inspections are found, folded, a row for each thing in an inspection that people write in:
-- store/src/rows/search.rs. They follow from the tracked tables. Those of inspections that are there already are
-- added by whoever brings the database up to date. All nodes of a version before are stopped for this: they
-- would not write them.

create table search_texts (
    kind bigint not null,
    thing_id bigint not null,
    inspection_id bigint not null,
    folded text not null,
    primary key (kind, thing_id)
);
