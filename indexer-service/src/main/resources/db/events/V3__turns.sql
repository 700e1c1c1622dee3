-- Whose turn it is to decide, and from where.

create function events.this_system() returns bigint
language sql volatile as $$ select system_identifier from pg_control_system() $$;

create function events.this_timeline() returns int
language sql volatile as $$ select ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int $$;

insert into events.sequencer (epoch, seq, system_identifier, timeline)
values (1, 0, events.this_system(), events.this_timeline());

-- Waits for this transaction's turn, and says at what place the order stands. The epoch returned is a new one when the
-- caller has seen a later place than the table knows, or the server is not the one that gave out the last number: then
-- numbers may have been lost that someone has seen. The new epoch is the caller's to write. Its number is a time, so that no
-- two epochs share one even if both begin on the same backup and nothing tells the second of the first.
--
-- The advisory lock comes first because its queue is fair, and in a statement of its own, so that those after it see what
-- the transaction before has committed.
create function events.take_turn(p_known_epoch bigint, p_known_seq bigint, p_gone_back boolean) returns events.sequencer
language plpgsql volatile as $$
declare
    turn     events.sequencer;
    system   bigint;
    timeline int;
begin
    perform pg_advisory_xact_lock('events.sequencer'::regclass::oid::bigint);
    select * into strict turn from events.sequencer for update;
    system := events.this_system();
    timeline := events.this_timeline();
    if p_gone_back
        or (p_known_epoch, p_known_seq) > (turn.epoch, turn.seq)
        or (system, timeline) <> (turn.system_identifier, turn.timeline)
    then
        turn.epoch := greatest(
            p_known_epoch + 1, turn.epoch + 1, floor(extract(epoch from clock_timestamp()))::bigint);
        turn.system_identifier := system;
        turn.timeline := timeline;
    end if;
    return turn;
end $$;

-- Says which topics' partitions are lanes, each with its number of partitions.
create function events.declare_lanes(p_topics text[], p_partitions int[]) returns void
language sql volatile
set search_path = events, pg_temp
as $$
    delete from lane_topic where topic <> all (p_topics);
    insert into lane_topic select * from unnest(p_topics, p_partitions)
        on conflict (topic) do update set partitions = excluded.partitions
        where lane_topic.partitions <> excluded.partitions
$$;

-- Sets lanes to where they are to be read on from. All of them or, when another indexer has moved one since the caller
-- looked, none: then placed is false.
--
-- p_found      what the caller read from the table, -1 for no row
-- p_committed  what the consumer group had reached, -1 if that says nothing: beyond p_found, the table has gone back
-- p_ends       the ends of the lanes in the log now: after a new epoch, nothing counts as complete before them. A lane that
--              is placed again in that epoch has no more to catch up with than before, and no more than is there.
--
-- begun        whether a new epoch began with this
create function events.place_lanes(
    p_known_epoch bigint, p_known_seq bigint,
    p_topics text[], p_partitions int[], p_topic_ids uuid[],
    p_found bigint[], p_places bigint[], p_leader_epochs int[], p_digests bytea[], p_committed bigint[], p_ends bigint[])
returns table (placed boolean, epoch bigint, seq bigint, begun boolean)
language plpgsql volatile
set search_path = events, pg_temp
as $$
#variable_conflict use_column
declare
    turn  events.sequencer;
    begun boolean;
    gone_back constant boolean := exists (
        select from unnest(p_found, p_committed) as l (found, committed) where l.committed > l.found);
begin
    turn := events.take_turn(p_known_epoch, p_known_seq, gone_back);
    if exists (
        select from unnest(p_topics, p_partitions, p_found) as l (topic, partition, found)
        left join progress p on p.topic = l.topic and p.partition = l.partition
        where coalesce(p.decided, -1) <> l.found)
    then
        return query select false, s.epoch, s.seq, false from sequencer s;
        return;
    end if;
    update sequencer s set
        epoch = turn.epoch, system_identifier = turn.system_identifier, timeline = turn.timeline
        where s.epoch <> turn.epoch;
    begun := found;
    insert into progress as p (topic, partition, topic_id, decided, leader_epoch, last_digest, epoch, catch_up_to)
        select l.topic, l.partition, l.topic_id, l.place, l.leader_epoch, l.digest, turn.epoch, l.log_end
        from unnest(p_topics, p_partitions, p_topic_ids, p_places, p_leader_epochs, p_digests, p_ends)
            as l (topic, partition, topic_id, place, leader_epoch, digest, log_end)
        on conflict (topic, partition) do update set
            topic_id = excluded.topic_id, decided = excluded.decided, leader_epoch = excluded.leader_epoch,
            last_digest = excluded.last_digest, epoch = excluded.epoch,
            catch_up_to = case
                when p.epoch <> excluded.epoch then excluded.catch_up_to
                when p.decided >= p.catch_up_to then 0
                else least(p.catch_up_to, excluded.catch_up_to)
            end;
    return query select true, turn.epoch, turn.seq, begun;
end $$;
