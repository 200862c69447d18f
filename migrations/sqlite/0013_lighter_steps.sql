-- A step of an inspection's status wrote both of these. What is in review is found by reading the
-- inspections, as their list does, and the step that brought one to its status by reading its changes
-- backwards up to there, which the start page alone asks.

drop index inspections_in_review;

drop index changes_of_status;
