-- Who rehearses, what was said, what it was worth.

-- A guest, known by the digest of the random token in a cookie; the token itself is never stored.
create table visitor (
    id            text    not null primary key,
    token_digest  text    not null unique,
    created_at_ms integer not null
) strict;

-- Every text of a persona or rubric file that a conversation was played or scored with.
create table content_version (
    digest           text    not null primary key,
    kind             text    not null,
    name             text    not null,
    body             text    not null,
    first_used_at_ms integer not null
) strict;

create table conversation (
    id              text    not null primary key,
    visitor         text    not null references visitor (id) on delete cascade,
    persona         text    not null,
    persona_digest  text    not null references content_version (digest),
    channel         text    not null check (channel in ('desk', 'phone')),
    started_at_ms   integer not null,
    ended_at_ms     integer,
    branched_from   text    references conversation (id) on delete set null,
    branched_events integer
) strict;

create index conversation_by_visitor on conversation (visitor, started_at_ms);

-- What happened, numbered from 0 without gaps. The key settles which node goes on with a conversation.
create table event (
    conversation text    not null references conversation (id) on delete cascade,
    seq          integer not null check (seq >= 0),
    at_ms        integer not null,
    body         text    not null,
    primary key (conversation, seq)
) strict, without rowid;

-- All marks of one conversation, as they stood after so many of its events.
create table scorecard (
    id             integer primary key,
    conversation   text    not null references conversation (id) on delete cascade,
    judge          text    not null,
    events         integer not null,
    persona_digest text    not null references content_version (digest),
    rubric_digest  text    not null references content_version (digest),
    engine         text    not null,
    overall        integer check (overall between 0 and 100),
    axes           text    not null,
    body           text    not null,
    made_at_ms     integer not null,
    unique (conversation, judge, events, persona_digest, rubric_digest, engine)
) strict;
