-- What a group's pages and exports read: marks one by one, and time on task.

-- One mark of one scorecard, without what only its own page shows.
create table mark (
    scorecard bigint not null references scorecard (id) on delete cascade,
    indicator text    not null,
    -- Null: not applicable.
    level     bigint check (level between 0 and 2),
    -- Where its first words of evidence stand; null without any.
    turn      bigint,
    quote     text,
    primary key (scorecard, indicator)
);

insert into mark (scorecard, indicator, level, turn, quote)
select s.id, m ->> 'id', (m ->> 'level')::bigint, (m #>> '{evidence,0,turn}')::bigint,
       nullif(m #>> '{evidence,0,quote}', '')
from scorecard s, jsonb_array_elements(s.body -> 'marks') m
on conflict (scorecard, indicator) do nothing;

-- Time on task: from event to event, of a longer pause five minutes. What a second try shares with the first is not
-- counted again.
alter table conversation add column spent_ms bigint;

update conversation set spent_ms = (
    select coalesce(sum(case when gap < 0 then 0 when gap > 300000 then 300000 else gap end), 0)
    from (
        select e.at_ms - lag(e.at_ms) over (order by e.seq) as gap
        from event e
        where e.conversation = conversation.id and (e.seq = 0 or e.seq >= coalesce(conversation.branched_events, 0))
    ) as gaps
)
where ended_at_ms is not null;
