-- Bodies of scorecards stand apart here: lists pass over none, and want no index of their own.

-- Whether somebody had met a persona before.
create index conversation_by_persona on conversation (visitor, persona, started_at_ms, trial);
