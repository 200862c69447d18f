-- What the start page asks: what is in review, and by which step an inspection came to its status. Both
-- indexes hold few rows and no inspection's head, so most changes leave them alone.

create index inspections_in_review on inspections (inspector_id)
    where status = 'review' and not removed;

create index changes_of_status on changes (inspection_id, id)
    where action in ('status-review', 'status-complete', 'status-draft');
