-- What happens while a booklet is sat, numbered from 0 without gaps. The key settles which of two tabs is heard first.
create table booklet_event (
    booklet text   not null references booklet (id) on delete cascade,
    seq     bigint not null check (seq >= 0),
    at_ms   bigint not null,
    body    jsonb  not null,
    primary key (booklet, seq)
);

-- The last sign of life of whoever sits it, and whether their pages give signs of their own (scripts).
alter table booklet add column seen_at_ms bigint;
alter table booklet add column pings boolean not null default false;

alter table booklet alter column body type jsonb using body::jsonb;
