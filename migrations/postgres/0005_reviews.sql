-- What trainers make of a conversation: under way, published, given blind, asked for; and how they rate prepared ones.

-- A trainer's review under way, as typed.
create table review (
    conversation  text    not null references conversation (id) on delete cascade,
    reviewer      text    not null references account (visitor) on delete cascade,
    state         text    not null check (state in ('draft', 'finished', 'published')),
    -- One more with each save: whoever saves names the one that they changed.
    version       bigint  not null,
    -- The number of the last publication that this one takes into account; 0 before the first.
    base          bigint  not null,
    body          jsonb   not null,
    changed_at_ms bigint  not null,
    primary key (conversation, reviewer)
);

create index review_by_reviewer on review (reviewer, changed_at_ms);

-- Every word that a trainer has published on a conversation: the one with the highest number counts.
create table publication (
    conversation    text    not null references conversation (id) on delete cascade,
    number          bigint  not null,
    -- Null once the trainer's account is erased.
    reviewer        text    references account (visitor) on delete set null,
    -- How many events of the conversation were seen.
    events          bigint  not null,
    rulings         jsonb   not null,
    -- The automatic scorecard as it stood, whole: what was decided can be put together again from this row alone.
    automatic       jsonb   not null,
    -- Of each indicator: the automatic level and the trainer's, for comparing many.
    levels          jsonb   not null,
    published_at_ms bigint  not null,
    primary key (conversation, number)
);

create index publication_by_reviewer on publication (reviewer);

-- Two trainers who rate the same conversation without seeing each other's marks nor the automatic ones.
create table blind_reading (
    conversation  text    not null primary key references conversation (id) on delete cascade,
    first         text    references account (visitor) on delete set null,
    second        text    references account (visitor) on delete set null,
    asked_at_ms   bigint  not null,
    -- What each has given, once finished.
    first_body    jsonb,
    second_body   jsonb,
    settled_at_ms bigint
);

create index blind_reading_by_first on blind_reading (first);
create index blind_reading_by_second on blind_reading (second);

-- A trainee who asked for a person's marks. Answered by the first publication that follows.
create table review_request (
    conversation text    not null primary key references conversation (id) on delete cascade,
    asked_at_ms  bigint  not null
);

-- How many marks of a scorecard a trainer should look at first.
alter table scorecard add column doubts bigint not null default 0;

-- A trainer who rates a prepared exchange, to compare with its reference marks.
create table calibration (
    id             text    not null primary key,
    reviewer       text    not null references account (visitor) on delete cascade,
    exercise       text    not null,
    version        bigint  not null,
    body           jsonb   not null,
    begun_at_ms    bigint  not null,
    finished_at_ms bigint,
    -- Of each indicator: the reference level and the trainer's, once finished.
    levels         jsonb
);

create unique index calibration_under_way on calibration (reviewer, exercise) where finished_at_ms is null;
create index calibration_by_reviewer on calibration (reviewer, begun_at_ms);
