-- The sound of what trainees said, where the organisation turned recording on; deleted by them, or by age.

create table recording (
    conversation text    not null references conversation (id) on delete cascade,
    -- The client's id of the turn that it was transcribed for.
    utterance    text    not null,
    at_ms        bigint  not null,
    duration_ms  bigint  not null check (duration_ms >= 0),
    -- A whole WAV file.
    body         bytea   not null,
    unique (conversation, utterance)
);

create index recording_by_age on recording (at_ms);
