-- Takes out those of the given events that are stored, and tells them by their place in the list, from 1.
create function events.erase(p_ids bytea[]) returns table (place bigint, created_at bigint)
language plpgsql volatile as $$
#variable_conflict use_column
begin
    return query
    with gone as (
        delete from identity d using unnest(p_ids) with ordinality as i (id, place) where d.id = i.id
        returning i.place, d.id, d.created_at, d.seq
    ), unfound as (
        delete from search s using gone g where s.seq = g.seq
    ), emptied as (
        delete from event e using gone g where e.created_at = g.created_at and e.id = g.id
        returning e.id, e.created_at, e.tag_hashes
    ), untagged as (
        delete from tag t using (select id, created_at, unnest(tag_hashes) as hash from emptied) e
        where t.hash = e.hash and t.created_at = e.created_at and t.id = e.id
    )
    select g.place, g.created_at from gone g;
end $$;

-- Takes out what accepted events replace or delete. Returns for each accepted event its effects, as
-- dev.rookery.order.Effects has them, or null; null as a whole when there are none.
create function events.take_out(
    p_verdicts smallint[], p_replaced_ids bytea[], p_target_of int[], p_target_deleters bytea[], p_target_kinds int[],
    p_target_subjects bytea[], p_target_times bigint[])
returns bytea[]
language plpgsql volatile as $$
#variable_conflict use_column
declare
    ids     bytea[]; -- of what goes, each once
    causes  int[];   -- for each, the first event that wants it gone
    effects bytea[];
    hit     record;
    ord     int := 0;
    rank    int := 0;
begin
    select array_agg(f.id order by f.ord, f.place), array_agg(f.ord order by f.ord, f.place) into ids, causes
    from (
        select distinct on (n.id) n.id, n.ord, n.place
        from (
            select r.ord::int, 0::bigint, r.id
            from unnest(p_verdicts, p_replaced_ids) with ordinality as r (verdict, id, ord)
            where r.verdict = 0 and r.id is not null
            union all
            -- NIP-09: an event goes only if it is the deleter's own, and a deletion request never does. NIP-59: a gift wrap
            -- goes for its recipient too.
            select t.ord, t.place, t.id
            from unnest(p_target_of, p_target_deleters, p_target_kinds, p_target_subjects) with ordinality
                as t (ord, deleter, kind, id, place)
            where t.kind = -1 and p_verdicts[t.ord] = 0 and exists (
                select from identity d
                cross join lateral (
                    select e.pubkey, e.kind, e.recipient from event e
                    where e.created_at = d.created_at and e.id = d.id offset 0) e
                where d.id = t.id and (e.pubkey = t.deleter and e.kind not in (5, 62) or e.recipient = t.deleter) offset 0)
            union all
            -- NIP-09: all versions up to the time of the request, of which only the newest is stored.
            select t.ord, t.place, h.id
            from unnest(p_target_of, p_target_deleters, p_target_kinds, p_target_subjects, p_target_times) with ordinality
                as t (ord, deleter, kind, identifier_hash, up_to, place)
            cross join lateral (
                select h.id from head h
                where h.pubkey = t.deleter and h.kind = t.kind and h.identifier_hash = t.identifier_hash
                    and h.created_at <= t.up_to offset 0) h
            where t.kind >= 0 and p_verdicts[t.ord] = 0
        ) n (ord, place, id)
        order by n.id, n.ord, n.place
    ) f;

    for hit in
        select h.ord, string_agg(h.effect, ''::bytea order by h.place) as effect
        from (
            select causes[e.place] as ord, e.place, '\x01'::bytea || ids[e.place] || int8send(e.created_at) as effect
            from events.erase(ids) e
            union all
            select t.ord, 0, '\x02'::bytea || t.deleter || int8send(t.up_to)
            from unnest(p_target_of, p_target_deleters, p_target_kinds, p_target_times) as t (ord, deleter, kind, up_to)
            where t.kind = -2 and p_verdicts[t.ord] = 0
        ) h
        group by h.ord order by h.ord
    loop
        if effects is null then
            effects := array_fill(null::bytea, array[cardinality(array_positions(p_verdicts, 0::smallint))]);
        end if;
        while ord < hit.ord loop
            ord := ord + 1;
            rank := rank + (p_verdicts[ord] = 0)::int;
        end loop;
        effects[rank] := hit.effect;
    end loop;
    return effects;
end $$;

-- Remembers what accepted requests delete, so that it stays away whenever it comes.
create function events.bury(
    p_verdicts smallint[], p_target_of int[], p_target_deleters bytea[], p_target_kinds int[], p_target_subjects bytea[],
    p_target_times bigint[])
returns void
language plpgsql volatile as $$
#variable_conflict use_column
begin
    insert into tombstone (id, deleter)
        select t.id, t.deleter
        from unnest(p_target_of, p_target_deleters, p_target_kinds, p_target_subjects) as t (ord, deleter, kind, id)
        where t.kind = -1 and p_verdicts[t.ord] = 0
        on conflict do nothing;
    insert into address_tombstone as a (pubkey, kind, identifier_hash, up_to)
        select t.deleter, t.kind, t.identifier_hash, max(t.up_to)
        from unnest(p_target_of, p_target_deleters, p_target_kinds, p_target_subjects, p_target_times)
            as t (ord, deleter, kind, identifier_hash, up_to)
        where t.kind >= 0 and p_verdicts[t.ord] = 0
        group by t.deleter, t.kind, t.identifier_hash
        on conflict (pubkey, kind, identifier_hash) do update set up_to = excluded.up_to where a.up_to < excluded.up_to;
    with floors as materialized (
        select t.deleter, t.up_to
        from unnest(p_target_of, p_target_deleters, p_target_kinds, p_target_times) as t (ord, deleter, kind, up_to)
        where t.kind = -2 and p_verdicts[t.ord] = 0
    ), worked_off as (
        insert into vanishing as v (pubkey, up_to) select deleter, up_to from floors
        on conflict (pubkey) do update set up_to = excluded.up_to where v.up_to < excluded.up_to
    )
    insert into vanish_floor as v (pubkey, up_to) select deleter, up_to from floors
        on conflict (pubkey) do update set up_to = excluded.up_to where v.up_to < excluded.up_to;
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
-- p_target_*     what deletion requests are aimed at, one after the other
-- p_target_of       which of the events is the request, from 1
-- p_target_deleters its author
-- p_target_kinds    of an address; -1 for a single event, -2 for everything of the deleter
-- p_target_subjects the hash of the address's identifier, or the event's id; empty for everything
-- p_target_times    of the request
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
    p_target_of int[], p_target_deleters bytea[], p_target_kinds int[], p_target_subjects bytea[], p_target_times bigint[],
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
            array_agg(j.head_id order by j.ord)
        into verdicts, count, replacing, replaced_ids
    from (
        select i.ord, head.id as head_id,
            -- As dev.rookery.order.Decision: 0 accepted, 1 duplicate, 2 superseded, 3 deleted, 4 vanished, 5 expired.
            case
                when i.expires_at <= now_seconds then 5
                -- NIP-62: everything of the author up to that time, and the gift wraps sent to the author; only the request
                -- itself stays. It may still be stored.
                when exists (
                    select from vanish_floor v where v.pubkey = i.pubkey
                        and (v.up_to > i.created_at or v.up_to = i.created_at and i.kind <> 62) offset 0) then 4
                when i.recipient <> '' and exists (
                    select from vanish_floor v where v.pubkey = i.recipient and v.up_to >= i.created_at offset 0) then 4
                when exists (select from identity d where d.id = i.id offset 0) then 1
                -- NIP-09: a deletion request cannot be deleted; nor can a request to vanish.
                when i.kind not in (5, 62) and exists (
                    select from tombstone t where t.id = i.id and t.deleter = i.pubkey offset 0) then 3
                when i.recipient <> '' and exists (
                    select from tombstone t where t.id = i.id and t.deleter = i.recipient offset 0) then 3
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

    if replacing > 0 or p_target_of <> '{}' then
        effects := events.take_out(verdicts, replaced_ids, p_target_of, p_target_deleters, p_target_kinds,
            p_target_subjects, p_target_times);
    end if;
    if p_target_of <> '{}' then
        perform events.bury(verdicts, p_target_of, p_target_deleters, p_target_kinds, p_target_subjects, p_target_times);
    end if;

    with accepted as materialized (
        select i.*, turn.seq + row_number() over (order by i.ord) as seq
        from unnest(verdicts, p_ids, p_pubkeys, p_recipients, p_kinds, p_created_ats, p_expirations, p_addresses, p_origins,
                p_jsons, p_tag_starts, p_tag_ends)
            with ordinality
            as i (verdict, id, pubkey, recipient, kind, created_at, expires_at, address, origin, json, tag_start, tag_end,
                ord)
        where i.verdict = 0
    ), stored as (
        insert into event (created_at, id, seq, kind, pubkey, recipient, origin, expires_at, tag_hashes, json)
        select created_at, id, seq, kind, pubkey, nullif(recipient, ''), origin, nullif(expires_at, 9223372036854775807),
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
