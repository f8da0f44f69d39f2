-- Situations that trainers write: what is being written, what was published, for whom.

create table situation (
    -- The id of the persona: the same as in its text.
    id              text    not null primary key,
    maker           text    references account (visitor) on delete set null,
    -- The id that it was copied from.
    copied_from     text,
    title           text    not null,
    draft           text    not null,
    -- How many times it was saved: whoever saves names the one that they had before them.
    revision        integer not null,
    made_at_ms      integer not null,
    saved_at_ms     integer not null,
    saved_by        text    references account (visitor) on delete set null,
    -- Since when nobody is offered it any more.
    withdrawn_at_ms integer
) strict;

create index situation_by_maker on situation (maker);

-- The latest drafts, so that two people who save at once are shown what differs.
create table situation_draft (
    situation   text    not null references situation (id) on delete cascade,
    revision    integer not null,
    body        text    not null,
    primary key (situation, revision)
) strict, without rowid;

-- What was published; the text stands in `content_version`.
create table situation_version (
    situation       text    not null references situation (id) on delete cascade,
    number          integer not null,
    digest          text    not null references content_version (digest),
    title           text    not null,
    note            text    not null,
    published_by    text    references account (visitor) on delete set null,
    published_at_ms integer not null,
    primary key (situation, number)
) strict, without rowid;

create index situation_version_by_digest on situation_version (digest);

create table situation_group (
    situation      text not null references situation (id) on delete cascade,
    training_group text not null references training_group (id) on delete cascade,
    primary key (situation, training_group)
) strict, without rowid;

create index situation_group_by_group on situation_group (training_group);

-- A trainer tries a draft: it counts nowhere.
alter table conversation add column trial integer not null default 0 check (trial in (0, 1));
