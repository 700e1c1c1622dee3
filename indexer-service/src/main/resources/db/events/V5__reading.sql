-- What readers ask for. Each is stable, so that in one statement all of them, and the rows beside them, are one snapshot.

-- The last place given out.
create function events.committed() returns table (epoch bigint, seq bigint)
language sql stable as $$ select epoch, seq from events.sequencer $$;

-- Whether lanes still repeat what a database that went back has lost: until then, no answer is complete. A lane without a
-- row has not been looked at yet, and may have to repeat all of it.
create function events.catching_up() returns boolean
language sql stable as $$
    select not exists (select from events.lane_topic) or exists (
        select
        from events.sequencer s
        cross join (select topic, generate_series(0, partitions - 1) as partition from events.lane_topic) l
        left join events.progress p on p.topic = l.topic and p.partition = l.partition
        where coalesce(p.epoch, -1) < s.epoch or p.decided < p.catch_up_to)
$$;

-- What has a number beyond p_after, up to p_up_to, in order. json is null where the event is gone, or has vanished and
-- is still to be swept away. told says whether the
-- outbox still knows the effects; where it does not, only stored events are found, and other numbers are missing.
create function events.range(p_after bigint, p_up_to bigint, p_limit int)
returns table (seq bigint, origin smallint, "json" bytea, effects bytea, told boolean)
language sql stable rows 100 as $$
    with told as (
        select o.first_seq + a.ord - 1 as seq, a.origin, a.effects
        from events.outbox o
        cross join lateral unnest(o.origins, o.effects) with ordinality as a (origin, effects, ord)
        where o.last_seq > p_after and o.first_seq <= p_up_to and o.first_seq <= o.last_seq
            and o.first_seq + a.ord - 1 > p_after and o.first_seq + a.ord - 1 <= p_up_to
        order by 1 limit p_limit
    ), stored as (
        select d.seq, e.origin, case when (select exists (select from events.vanishing)) and exists (
                select from events.vanishing v
                where v.pubkey in (e.pubkey, e.recipient)
                    and (v.up_to > e.created_at or v.up_to = e.created_at and e.kind <> 62))
            then null else e.json end as json
        from (select seq, id, created_at from events.identity
            where seq > p_after and seq <= p_up_to order by seq limit p_limit) d
        join events.event e on e.created_at = d.created_at and e.id = d.id
    )
    select coalesce(t.seq, s.seq), coalesce(t.origin, s.origin), s.json, t.effects, t.seq is not null
    from told t full join stored s on s.seq = t.seq
    order by 1 limit p_limit
$$;
