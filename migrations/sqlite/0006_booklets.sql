-- What happens while a booklet is sat, numbered from 0 without gaps. The key settles which of two tabs is heard first.
create table booklet_event (
    booklet text    not null references booklet (id) on delete cascade,
    seq     integer not null check (seq >= 0),
    at_ms   integer not null,
    body    text    not null,
    primary key (booklet, seq)
) strict, without rowid;

-- The last sign of life of whoever sits it, and whether their pages give signs of their own (scripts).
alter table booklet add column seen_at_ms integer;
alter table booklet add column pings integer not null default 0 check (pings in (0, 1));
