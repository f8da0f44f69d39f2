-- What a language model adds: words under way, marks to come, what both cost.

-- Words of a reply that were told before the whole of it was there: after a stop, the reply goes on from them.
create table draft (
    conversation text    not null primary key references conversation (id) on delete cascade,
    -- The number of the event that the reply will be.
    seq          bigint  not null,
    body         text    not null
);

-- An ended conversation that a model is to judge, or has judged.
create table judging (
    conversation text    not null primary key references conversation (id) on delete cascade,
    state        text    not null check (state in ('due', 'done', 'given_up')),
    tries        bigint  not null default 0,
    -- Not before this; whoever works on it moves it into the future, and it is due again if that one dies.
    due_at_ms    bigint  not null,
    -- Stable code of what went wrong last.
    failure      text,
    -- The judgement, once there is one.
    body         text,
    made_at_ms   bigint
);

create index judging_by_due on judging (state, due_at_ms);

-- What was asked of a model. Without the conversation, once it is erased: the sums stay.
create table model_use (
    -- Chosen by whoever records it: what is stored again, because the answer of the first time was lost, counts once.
    id                text    not null primary key,
    conversation      text    references conversation (id) on delete set null,
    at_ms             bigint  not null,
    purpose           text    not null,
    model             text    not null,
    prompt_tokens     bigint  not null,
    completion_tokens bigint  not null,
    -- Whether the tokens were estimated, because the endpoint did not tell.
    estimated         boolean not null,
    took_ms           bigint  not null,
    -- Millionths of the currency that prices are given in; null without prices.
    cost_micros       bigint,
    -- `ok`, or the stable code of what went wrong.
    outcome           text    not null
);

create index model_use_by_conversation on model_use (conversation);
create index model_use_by_time on model_use (at_ms);
