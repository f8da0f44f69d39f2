-- Of one assignment, one exam at a time is under way: two tabs cannot both begin the last try.
create unique index booklet_under_way on booklet (assignment, visitor)
    where assignment is not null and ended_at_ms is null;
