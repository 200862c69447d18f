-- A step of an inspection's status wrote both of these. What is in review is found by reading the
-- inspections, as their list does, and the step that brought one to its status by reading its changes
-- backwards, of which hardly any stand after that step.

drop index inspections_in_review;

drop index changes_of_status;
