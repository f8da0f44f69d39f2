-- Who signs in, in which groups, by which links; what they set each other to do; what was done, by whom.

-- A person known by name. Whose visitor has none is a guest.
create table account (
    visitor       text    not null primary key references visitor (id) on delete cascade,
    -- As the trainer knows them.
    name          text    not null,
    -- Lower case. Without one, the person comes back by a personal link only.
    login         text    unique,
    -- argon2id, as a PHC string.
    password      text,
    trainer       boolean not null,
    administrator boolean not null,
    created_at_ms bigint not null,
    seen_at_ms    bigint,
    -- Since when nobody signs in with it any more.
    closed_at_ms  bigint
);

-- A browser that is signed in, known by the digest of the random token in its cookie.
create table session (
    token_digest  text    not null primary key,
    visitor       text    not null references account (visitor) on delete cascade,
    created_at_ms bigint not null,
    seen_at_ms    bigint not null,
    until_ms      bigint not null
);

create index session_by_visitor on session (visitor);

-- An address that lets someone in: `first` makes the first account, `password` sets the password of an account (once),
-- `personal` signs an account in, as often as its owner likes until it is replaced.
create table link (
    token_digest  text    not null primary key,
    purpose       text    not null check (purpose in ('first', 'password', 'personal')),
    visitor       text    references account (visitor) on delete cascade,
    made_by       text    references account (visitor) on delete set null,
    made_at_ms    bigint not null,
    until_ms      bigint,
    used_at_ms    bigint
);

create index link_by_visitor on link (visitor);

create table training_group (
    id             text    not null primary key,
    name           text    not null,
    -- What trainees type to join.
    code           text    not null unique,
    code_until_ms  bigint,
    created_at_ms  bigint not null,
    archived_at_ms bigint
);

create table group_trainer (
    training_group text not null references training_group (id) on delete cascade,
    trainer        text not null references account (visitor) on delete cascade,
    primary key (training_group, trainer)
);

create index group_trainer_by_trainer on group_trainer (trainer);

create table group_member (
    training_group text    not null references training_group (id) on delete cascade,
    member         text    not null references account (visitor) on delete cascade,
    joined_at_ms   bigint not null,
    -- The group's trainers read what was begun since then.
    from_ms        bigint not null,
    primary key (training_group, member)
);

create index group_member_by_member on group_member (member);

-- Wrong codes and passwords, by what was tried and from where.
create table failed_try (
    about           text    not null primary key,
    failures        bigint not null,
    last_at_ms      bigint not null,
    locked_until_ms bigint
);

-- Who saw or changed what. Outlives the people it names.
create table audit (
    id         text    not null primary key,
    at_ms      bigint not null,
    -- Null: the service itself, or somebody not signed in.
    actor      text,
    actor_name text,
    -- `review.published`, `account.erased`.
    action     text    not null,
    -- The id of what was seen or changed.
    subject    text,
    detail     text
);

create index audit_by_time on audit (at_ms);
create index audit_by_subject on audit (subject);

-- What the organisation has set from within.
create table setting (
    name  text not null primary key,
    value text not null
);

-- What a trainer sets a group to do.
create table assignment (
    id             text    not null primary key,
    training_group text    not null references training_group (id) on delete cascade,
    kind           text    not null check (kind in ('situations', 'booklet')),
    title          text    not null,
    body           text    not null,
    due_at_ms      bigint,
    -- How many times each situation may be tried; null for any number.
    attempts       bigint,
    hints          boolean not null,
    mode           text    not null check (mode in ('text', 'voice', 'either')),
    made_by        text    references account (visitor) on delete set null,
    made_at_ms     bigint not null,
    closed_at_ms   bigint
);

create index assignment_by_group on assignment (training_group, made_at_ms);

-- An exam: situations in a row, and what a conversation cannot show.
create table booklet (
    id            text    not null primary key,
    visitor       text    not null references visitor (id) on delete cascade,
    assignment    text    references assignment (id) on delete set null,
    -- The id of the file that it was drawn from.
    kind          text    not null,
    seed          bigint not null,
    body          text    not null,
    started_at_ms bigint not null,
    ended_at_ms   bigint
);

create index booklet_by_visitor on booklet (visitor, started_at_ms);
create index booklet_by_assignment on booklet (assignment);

-- What a conversation was done for.
alter table conversation add column assignment text references assignment (id) on delete set null;
alter table conversation add column booklet text references booklet (id) on delete cascade;
-- Which situation of the booklet, from 0.
alter table conversation add column step bigint;

create index conversation_by_assignment on conversation (assignment);
create index conversation_by_booklet on conversation (booklet, step);
