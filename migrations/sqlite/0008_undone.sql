-- Which change undid another. Few do, so it holds few.

create index changes_by_undone on changes ((cast((related_data ->> 'undoes') as bigint)))
    where cast((related_data ->> 'undoes') as bigint) is not null;
