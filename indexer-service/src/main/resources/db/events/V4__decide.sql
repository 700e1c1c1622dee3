-- Takes out the stored versions that accepted events replace. Returns for each accepted event its effect, as
-- dev.rookery.order.Effects has it, or null; null as a whole when nothing is replaced.
create function events.remove_replaced(p_verdicts smallint[], p_replaced_ids bytea[], p_replaced_at bigint[]) returns bytea[]
language plpgsql volatile as $$
#variable_conflict use_column
declare
    effects bytea[];
    removed int;
begin
    select array_agg(
                case when r.id is not null and exists (select from identity d where d.id = r.id offset 0)
                then '\x01'::bytea || r.id || int8send(r.created_at) end order by r.ord),
            count(r.id)
        into effects, removed
    from unnest(p_verdicts, p_replaced_ids, p_replaced_at) with ordinality as r (verdict, id, created_at, ord)
    where r.verdict = 0;
    if removed = 0 then
        return null;
    end if;
    with gone as (
        delete from identity d using unnest(p_verdicts, p_replaced_ids) as r (verdict, id)
        where r.verdict = 0 and d.id = r.id
        returning d.id, d.created_at
    ), emptied as (
        delete from event e using gone g where e.created_at = g.created_at and e.id = g.id
        returning e.id, e.created_at, e.tag_hashes
    )
    delete from tag t using (select id, created_at, unnest(tag_hashes) as hash from emptied) e
        where t.hash = e.hash and t.created_at = e.created_at and t.id = e.id;
    return effects;
end $$;

-- Decides a batch: one round trip, one transaction, one turn in the order. Everything that can be computed before the lock
-- arrives computed. Waits for nobody but the turn itself, and returns little, so a frozen caller cannot hold the lock.
--
-- The batch must be free of conflicts: no two of its events touch one id, one address or one author's deletion. All its
-- events are then judged against what was committed before, in one statement, and numbered in their order.
--
-- p_lane_*       the lanes that the batch moves, each from the next offset to decide to the one after
-- p_recipients   of gift wraps, who may delete them as the author may; empty for other events
-- p_expirations  seconds, the largest number for none
-- p_addresses    the hash of the identifier of a replaceable or addressable event; empty for other events
-- p_tag_starts   with p_tag_ends: the event's slice of p_tag_hashes, from 1, inclusive
-- p_failed_ids   records that cannot be decided and are in the dead letters; only told
--
-- decided    false: a lane is not where the caller thinks, or the epoch is over; nothing has changed, place the lanes
-- first_seq  first and last number given out; last_seq = first_seq - 1 when nothing was accepted
-- codes      a byte of dev.rookery.order.Decision for each event
-- effects    for each accepted event in order, null without any; the whole is null if none has any, or if they are left
--            in the outbox because there are many: the answer stays within what a server sends without waiting for its
--            client
-- effects_left  whether they are
create function events.decide(
    p_known_epoch bigint, p_known_seq bigint,
    p_lane_topics text[], p_lane_partitions int[], p_lane_topic_ids uuid[], p_lane_from bigint[], p_lane_to bigint[],
    p_lane_leader_epochs int[], p_lane_digests bytea[],
    p_ids bytea[], p_pubkeys bytea[], p_recipients bytea[], p_kinds int[], p_created_ats bigint[], p_expirations bigint[],
    p_addresses bytea[], p_origins smallint[], p_jsons bytea[], p_tag_starts int[], p_tag_ends int[], p_tag_hashes bigint[],
    p_failed_ids bytea[])
returns table (decided boolean, epoch bigint, first_seq bigint, last_seq bigint, batch bigint, codes bytea, effects bytea[],
    effects_left boolean)
language plpgsql volatile
set search_path = events, pg_temp
-- One plan for any arrays, made once, that goes to each row by its key however small the tables were when it was made.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
#variable_conflict use_column
declare
    turn         events.sequencer;
    now_seconds  bigint;
    verdicts     smallint[];
    count        int;     -- of accepted events
    replacing    int;     -- those of them that come after another version
    replaced_ids bytea[]; -- for each event, the version known before it, or null
    replaced_at  bigint[];
    outbox_row   bigint;
    effects      bytea[];
begin
    turn := events.take_turn(p_known_epoch, p_known_seq, false);
    now_seconds := floor(extract(epoch from clock_timestamp()));

    if exists (
        select from unnest(p_lane_topics, p_lane_partitions, p_lane_topic_ids, p_lane_from)
            as l (topic, partition, topic_id, since)
        left join progress p on p.topic = l.topic and p.partition = l.partition
        where (p.topic_id, p.decided, p.epoch) is distinct from (l.topic_id, l.since, turn.epoch))
    then
        return query select false, s.epoch, s.seq + 1, s.seq, null::bigint, ''::bytea, null::bytea[],
            false from sequencer s;
        return;
    end if;
    update progress p set decided = l.upto, leader_epoch = l.leader_epoch, last_digest = l.digest
        from unnest(p_lane_topics, p_lane_partitions, p_lane_to, p_lane_leader_epochs, p_lane_digests)
            as l (topic, partition, upto, leader_epoch, digest)
        where p.topic = l.topic and p.partition = l.partition;

    -- Judge. "offset 0" keeps each look-up a look-up: it cannot become a join, nor a hash of the whole table.
    select coalesce(array_agg(j.verdict order by j.ord), '{}'),
            count(*) filter (where j.verdict = 0), count(j.head_id) filter (where j.verdict = 0),
            array_agg(j.head_id order by j.ord), array_agg(j.head_at order by j.ord)
        into verdicts, count, replacing, replaced_ids, replaced_at
    from (
        select i.ord, head.id as head_id, head.created_at as head_at,
            -- As dev.rookery.order.Decision: 0 accepted, 1 duplicate, 2 superseded, 3 deleted, 4 vanished, 5 expired.
            case
                when i.expires_at <= now_seconds then 5
                when exists (select from identity d where d.id = i.id offset 0) then 1
                -- NIP-09: a deletion request cannot be deleted; nor can a request to vanish.
                when i.kind not in (5, 62) and exists (
                    select from tombstone t where t.id = i.id and t.deleter = i.pubkey offset 0) then 3
                when i.recipient <> '' and exists (
                    select from tombstone t where t.id = i.id and t.deleter = i.recipient offset 0) then 3
                -- NIP-62: everything of the author up to that time, and the gift wraps sent to the author.
                when i.kind <> 62 and exists (
                    select from vanish_floor v where v.pubkey = i.pubkey and v.up_to >= i.created_at offset 0) then 4
                when i.recipient <> '' and exists (
                    select from vanish_floor v where v.pubkey = i.recipient and v.up_to >= i.created_at offset 0) then 4
                when i.address = '' then 0
                when exists (
                    select from address_tombstone t
                    where t.pubkey = i.pubkey and t.kind = i.kind and t.identifier_hash = i.address
                        and t.up_to >= i.created_at offset 0) then 3
                -- NIP-01: the newest is kept, and of two at one time the one with the lowest id.
                when head.created_at > i.created_at or head.created_at = i.created_at and head.id < i.id then 2
                else 0
            end::smallint as verdict
        from unnest(p_ids, p_pubkeys, p_recipients, p_kinds, p_created_ats, p_expirations, p_addresses) with ordinality
            as i (id, pubkey, recipient, kind, created_at, expires_at, address, ord)
        left join lateral (
            select h.id, h.created_at from head h
            where i.address <> '' and h.pubkey = i.pubkey and h.kind = i.kind and h.identifier_hash = i.address offset 0
        ) head on true
    ) j;

    if replacing > 0 then
        effects := events.remove_replaced(verdicts, replaced_ids, replaced_at);
    end if;

    with accepted as materialized (
        select i.*, turn.seq + row_number() over (order by i.ord) as seq
        from unnest(verdicts, p_ids, p_pubkeys, p_kinds, p_created_ats, p_expirations, p_addresses, p_origins, p_jsons,
                p_tag_starts, p_tag_ends)
            with ordinality
            as i (verdict, id, pubkey, kind, created_at, expires_at, address, origin, json, tag_start, tag_end, ord)
        where i.verdict = 0
    ), stored as (
        insert into event (created_at, id, seq, kind, pubkey, origin, expires_at, tag_hashes, json)
        select created_at, id, seq, kind, pubkey, origin, nullif(expires_at, 9223372036854775807),
            p_tag_hashes[tag_start:tag_end], json from accepted
    ), identified as (
        insert into identity (id, created_at, seq) select id, created_at, seq from accepted
    ), tagged as (
        insert into tag (hash, created_at, id, kind)
        select t.hash, a.created_at, a.id, a.kind
        from accepted a cross join lateral unnest(p_tag_hashes[a.tag_start:a.tag_end]) as t (hash)
    ), newest as (
        insert into head as h (pubkey, kind, identifier_hash, created_at, id)
        select pubkey, kind, address, created_at, id from accepted where address <> ''
        on conflict (pubkey, kind, identifier_hash) do update set created_at = excluded.created_at, id = excluded.id
    ), told as (
        select coalesce(array_agg(id order by seq), '{}') as ids,
            coalesce(array_agg(created_at order by seq), '{}') as times,
            coalesce(array_agg(kind order by seq), '{}') as kinds,
            coalesce(array_agg(origin order by seq), '{}') as origins
        from accepted
    ), refused as (
        select coalesce(array_agg(r.id), '{}') as ids, coalesce(array_agg(r.verdict), '{}') as verdicts
        from (
            select r.id, r.verdict from unnest(p_ids, verdicts) as r (id, verdict) where r.verdict <> 0
            union all
            select f.id, 6::smallint from unnest(p_failed_ids) as f (id)
        ) r
    )
    insert into outbox (epoch, first_seq, last_seq, accepted_ids, accepted_created_at, accepted_kinds, origins, effects,
            refused_ids, refused_codes, acknowledged)
        select turn.epoch, turn.seq + 1, turn.seq + count, t.ids, t.times, t.kinds, t.origins,
            coalesce(effects, array_fill(null::bytea, array[count])), r.ids, r.verdicts,
            case when count = 0 then clock_timestamp() end
        from told t, refused r
        returning outbox.batch into outbox_row;

    update sequencer s set seq = turn.seq + count where count > 0;

    return query select true, turn.epoch, turn.seq + 1, turn.seq + count, outbox_row,
        (select coalesce(string_agg(set_byte('\x00', 0, v.verdict), ''::bytea order by v.ord), '')
            from unnest(verdicts) with ordinality as v (verdict, ord)),
        case when pg_column_size(effects) <= 3000 then effects end, coalesce(pg_column_size(effects) > 3000, false);
end $$;
