-- What a language model adds: words under way, marks to come, what both cost.

-- Words of a reply that were told before the whole of it was there: after a stop, the reply goes on from them.
create table draft (
    conversation text    not null primary key references conversation (id) on delete cascade,
    -- The number of the event that the reply will be.
    seq          integer not null,
    body         text    not null
) strict, without rowid;

-- An ended conversation that a model is to judge, or has judged.
create table judging (
    conversation text    not null primary key references conversation (id) on delete cascade,
    state        text    not null check (state in ('due', 'done', 'given_up')),
    tries        integer not null default 0,
    -- Not before this; whoever works on it moves it into the future, and it is due again if that one dies.
    due_at_ms    integer not null,
    -- Stable code of what went wrong last.
    failure      text,
    -- The judgement, once there is one.
    body         text,
    made_at_ms   integer
) strict;

create index judging_by_due on judging (state, due_at_ms);

-- What was asked of a model. Without the conversation, once it is erased: the sums stay.
create table model_use (
    -- Chosen by whoever records it: what is stored again, because the answer of the first time was lost, counts once.
    id                text    not null primary key,
    conversation      text    references conversation (id) on delete set null,
    at_ms             integer not null,
    purpose           text    not null,
    model             text    not null,
    prompt_tokens     integer not null,
    completion_tokens integer not null,
    -- Whether the tokens were estimated, because the endpoint did not tell.
    estimated         integer not null check (estimated in (0, 1)),
    took_ms           integer not null,
    -- Millionths of the currency that prices are given in; null without prices.
    cost_micros       integer,
    -- `ok`, or the stable code of what went wrong.
    outcome           text    not null
) strict;

create index model_use_by_conversation on model_use (conversation);
create index model_use_by_time on model_use (at_ms);
