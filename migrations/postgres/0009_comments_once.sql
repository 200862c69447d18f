-- What one request said is said once, however often it is sent.
alter table comments add column request_id uuid;

create unique index comments_by_request on comments (user_id, request_id, change_id);

-- Its beginning serves whoever deletes a user as well.
drop index comments_by_user;
