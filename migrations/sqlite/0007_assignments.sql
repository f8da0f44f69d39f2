-- Who follows a conversation from a node on which it is not under way: the node on which it is tells the trainee.
create table follower (
    -- One connection.
    id           text   not null primary key,
    conversation text   not null references conversation (id) on delete cascade,
    trainer      text   not null references account (visitor) on delete cascade,
    name         text   not null,
    -- Renewed while it is open: what a dead node left does not count for long.
    until_ms     integer not null
) strict, without rowid;

create index follower_by_conversation on follower (conversation);
create index follower_by_trainer on follower (trainer);

-- Conversations under way, among all that were.
create index conversation_under_way on conversation (visitor) where ended_at_ms is null;
