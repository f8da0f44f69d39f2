-- What lists read of each conversation's scorecards, beside their bodies: what stands behind a body in its row is reached
-- page by page through all of it.
create index scorecard_listed
    on scorecard (conversation, judge, events, made_at_ms, doubts, overall, rubric_digest, engine, axes);

-- Whether somebody had met a persona before.
create index conversation_by_persona on conversation (visitor, persona, started_at_ms, trial);
