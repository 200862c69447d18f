-- Every change moves its inspection's head, so an index with heads in it is written twice by each change.
-- The list of inspections counts them by status on every page, and so reads them all in any order; a menu
-- that offers some by their names does the same.

drop index inspections_by_change;
