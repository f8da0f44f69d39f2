-- What stays of conversations that were erased: results, without anything that leads to a person.

create table kept_result (
    persona text    not null,
    channel text    not null,
    -- `2026-11`: no day, no hour.
    month   text    not null,
    overall bigint  check (overall between 0 and 100),
    -- Scores per axis, as a scorecard has them.
    axes    jsonb   not null,
    -- Levels by indicator: `{"5.1.b": 2, "8.1.a": null}`.
    levels  jsonb   not null
);

create index kept_result_by_month on kept_result (month, persona);

-- Erasing asks who shares a beginning with what goes.
create index conversation_by_branch on conversation (branched_from);
create index conversation_by_start on conversation (started_at_ms);
create index audit_by_actor on audit (actor);
