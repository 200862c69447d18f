-- A step of an inspection's status wrote both of these. What is in review is found by reading the
-- inspections, as their list does, and the step that brought one to its status by reading its changes
-- backwards up to there, which the start page alone asks.

drop index inspections_in_review;

drop index changes_of_status;

-- No index holds anything now that a change alters in most tracked rows. Where a page has room for the
-- new row beside the old one, PostgreSQL then leaves all indexes alone; half a page is room for as many
-- rows as it holds, as when all of them get a status at once.

alter table inspections set (fillfactor = 50);

alter table sections set (fillfactor = 80);

alter table equipment set (fillfactor = 80);

alter table photos set (fillfactor = 80);
