-- What is decided, and what was decided. The schema itself is created by Flyway; all of it belongs to indexer-service.
-- Ids, keys and hashes are raw bytes; times are Unix seconds.

-- The one order. The row is locked by every transaction that decides, so it is the only writer's turn.
create table events.sequencer (
    one               boolean primary key default true check (one),
    epoch             bigint  not null,
    seq               bigint  not null,
    -- Of the server that gave out the last number: another one may have lost what this one gave out.
    system_identifier bigint  not null,
    timeline          int     not null
) with (fillfactor = 10, vacuum_truncate = off);

-- How far each lane, a partition of nostr.index or nostr.bulk, has been decided.
create table events.progress (
    topic        text   not null,
    partition    int    not null,
    topic_id     uuid   not null,
    decided      bigint not null, -- the next offset to decide
    leader_epoch int    not null, -- of the last record decided, -1 when not known
    last_digest  bytea  not null, -- SHA-256 of the last decided record's value; empty before the first
    epoch        bigint not null, -- in which the lane was last placed; nothing is decided from it in another
    catch_up_to  bigint not null, -- the end of the lane in the log when that epoch began for it; 0 once it was reached
    primary key (topic, partition)
) with (fillfactor = 10, vacuum_truncate = off);

-- The topics whose partitions are lanes. Answers are complete when each of these lanes is, and no other counts.
create table events.lane_topic (
    topic      text primary key,
    partitions int not null
);

create table events.event (
    created_at bigint   not null,
    id         bytea    not null,
    seq        bigint   not null,
    kind       int      not null,
    pubkey     bytea    not null,
    recipient  bytea,             -- of a gift wrap
    origin     smallint not null, -- flags: 1 not to be delivered, 2 not to be archived
    expires_at bigint,
    tag_hashes bigint[] not null, -- what stands in events.tag for this event, so that it can be taken out again
    json       bytea    not null  -- canonical, as clients get it
) partition by range (created_at);

-- lz4 takes a fifth of pglz's time under the lock; a server built without it stores all the same.
do $$
begin
    alter table events.event alter column json set compression lz4;
exception when feature_not_supported then
    raise notice 'this server has no lz4: events are compressed with pglz';
end $$;

-- The sweep of what has expired.
create index event_by_expiry on events.event (expires_at) where expires_at is not null;
-- What goes when a recipient vanishes.
create index event_by_recipient on events.event (recipient, created_at desc) where recipient is not null;
-- Their order matters: of indexes that would cost the same, as on a partition that is still empty, the planner takes the one
-- made last, and query-service keeps its plans. So the more an index knows, the later it is made.
-- {"ids": ..}, {} and everything that other indexes leave over, newest first; also the key of each row.
create unique index event_by_time on events.event (created_at desc, id);
-- {"kinds": ..}
create index event_by_kind on events.event (kind, created_at desc, id);
-- {"authors": ..}
create index event_by_author on events.event (pubkey, created_at desc, id);
-- {"authors": .., "kinds": ..}
create index event_by_author_and_kind on events.event (pubkey, kind, created_at desc, id);

-- {"#x": ..}: eight bytes of SHA-256 over name and value. Two tags may share a hash: what is found is compared again.
create table events.tag (
    hash       bigint not null,
    created_at bigint not null,
    id         bytea  not null,
    kind       int    not null
) partition by range (created_at);

create index tag_by_hash on events.tag (hash, created_at desc, id) include (kind);

-- Exactly the stored events.
create table events.identity (
    id         bytea  primary key,
    created_at bigint not null,
    seq        bigint not null
);

create index identity_by_seq on events.identity (seq);

-- The newest version ever decided of each replaceable or addressable event. It stays when the event goes.
create table events.head (
    pubkey          bytea  not null,
    kind            int    not null,
    identifier_hash bytea  not null, -- SHA-256 of the d value, or of nothing
    created_at      bigint not null,
    id              bytea  not null,
    primary key (pubkey, kind, identifier_hash)
);

-- By (id, deleter), or a stranger could bar an id: it counts only if the deleter is the event's author or, for a gift
-- wrap, its recipient.
create table events.tombstone (
    id      bytea not null,
    deleter bytea not null,
    primary key (id, deleter)
);

create table events.address_tombstone (
    pubkey          bytea  not null,
    kind            int    not null,
    identifier_hash bytea  not null,
    up_to           bigint not null, -- inclusive
    primary key (pubkey, kind, identifier_hash)
);

create table events.vanish_floor (
    pubkey bytea  primary key,
    up_to  bigint not null -- inclusive
);

-- Floors under which events may still be stored. Whoever reads events leaves out what lies under one; the sweep takes it
-- out, and then the row.
create table events.vanishing (
    pubkey bytea  primary key,
    up_to  bigint not null
);

-- One row for each deciding transaction: its verdicts, and what is still to be emitted. Gone a minute after the broker
-- acknowledged. The accepted ones have the numbers first_seq .. last_seq; none were accepted where last_seq is below.
create table events.outbox (
    batch               bigint generated always as identity primary key,
    epoch               bigint      not null,
    first_seq           bigint      not null,
    last_seq            bigint      not null,
    accepted_ids        bytea[]     not null,
    accepted_created_at bigint[]    not null,
    accepted_kinds      int[]       not null, -- the partition of an emission whose event is gone
    origins             smallint[]  not null,
    effects             bytea[]     not null, -- for each accepted, as dev.rookery.order.Effects; null without any
    refused_ids         bytea[]     not null,
    refused_codes       smallint[]  not null,
    created             timestamptz not null default clock_timestamp(),
    claimed_until       timestamptz not null default clock_timestamp() + interval '500 ms',
    acknowledged        timestamptz
) with (vacuum_truncate = off, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- Ids do not compress: not even tried, under the lock.
alter table events.outbox
    alter column accepted_ids set storage external,
    alter column effects set storage external,
    alter column refused_ids set storage external;

-- The leftovers.
create index outbox_unacknowledged on events.outbox (claimed_until) where acknowledged is null;
-- Ranges by seq.
create index outbox_by_seq on events.outbox (last_seq);

-- Full text (NIP-50), written some time after the event, in the order of seq, by whichever indexer comes first. A row whose
-- event is gone says nothing: whoever finds one looks for the event with this very seq.
create table events.search (
    seq        bigint   primary key,
    created_at bigint   not null,
    id         bytea    not null,
    kind       int      not null,
    pubkey     bytea    not null,
    -- Words as dev.rookery.words cuts them, and three lexemes that no word can be: /b with the block of 65,536 numbers
    -- that seq is in, /k with the kind, /a with the first four bytes of the author's key.
    words      tsvector not null
);

-- Samples of words would outlive the events that they are from.
alter table events.search alter column words set statistics 0;

-- {"search": ..}: with the lexemes beside the words, a common word of one author, of one kind, or of late, costs no more than
-- there is of it.
create index search_by_word on events.search using gin (words) with (fastupdate = on);

-- How far words have been written, and how far the table has been searched for rows without an event.
create table events.search_progress (
    one   boolean primary key default true check (one),
    seq   bigint  not null,
    swept bigint  not null
) with (fillfactor = 10, vacuum_truncate = off);

insert into events.search_progress (seq, swept) values (0, 0);
