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

-- A query for lexemes as they are, whatever signs are in them.
create function events.lexemes(p_words text[], p_operator text) returns tsquery
language sql immutable as $$
    select string_agg('''' || replace(replace(word, '\', '\\'), '''', '''''') || '''', p_operator)::tsquery
    from unnest(p_words) word
$$;

-- Keys or ids of 32 bytes each, one after the other.
create function events.unpacked(p_packed bytea) returns bytea[]
language sql immutable as $$
    select case when p_packed is not null then
        array(select substr(p_packed, 32 * g + 1, 32) from generate_series(0, octet_length(p_packed) / 32 - 1) g)
    end
$$;

-- {"search": ..}: the numbers and keys of events that have all words, best first, of equal ones the newest first. Of those
-- in the index the p_most newest that meet the filter are ranked, and beside them the given ones, which are not in it yet.
-- What is gone is among them, and what nobody may be shown any more: that is for whoever reads the events.
--
-- p_up_to     no number beyond
-- p_ids       packed, as is p_authors; null for any, as is p_kinds
-- p_tags      a bit for each of the tag names asked for, whose hashes are p_hashes, each with the bit of its name in p_names
-- p_vectors   of the events whose words are not in the index yet, with their keys
create function events.search(
    p_words text[], p_up_to bigint, p_ids bytea, p_authors bytea, p_kinds int[], p_since bigint, p_until bigint,
    p_tags bigint, p_hashes bigint[], p_names bigint[], p_most int,
    p_seqs bigint[], p_created_ats bigint[], p_new_ids bytea, p_vectors text[])
returns table (seq bigint, created_at bigint, id bytea, rank real)
language plpgsql stable rows 1000
set search_path = events, pg_temp
-- Whatever the tables hold: the words are looked up in their index, and nothing is planned around its having no order.
set enable_seqscan = off
set enable_indexscan = off
set enable_bitmapscan = on
set enable_sort = on
set plan_cache_mode = force_generic_plan
set jit = off
as $$
#variable_conflict use_column
declare
    wanted  constant tsquery := events.lexemes(p_words, ' & ');
    ids     constant bytea[] := events.unpacked(p_ids);
    authors constant bytea[] := events.unpacked(p_authors);
    scope   tsquery := wanted;
    here    tsquery;
    step    bigint := 2; -- so many blocks are looked into at a time
    lowest  bigint := (p_up_to >> 16) + 1;
    beyond  bigint;
    seqs    bigint[] := '{}';
    times   bigint[] := '{}';
    keys    bytea[] := '{}';
    ranks   real[] := '{}';
    part    record;
begin
    if cardinality(p_kinds) between 1 and 64 then
        scope := scope && events.lexemes(array(select '/k' || k from unnest(p_kinds) k), ' | ');
    end if;
    if cardinality(authors) between 1 and 256 then
        scope := scope && events.lexemes(array(
            select distinct '/a' || encode(substr(a, 1, 4), 'hex') from unnest(authors) a), ' | ');
    end if;
    -- Back from the newest, further with each step, until there are enough.
    while lowest > 0 and cardinality(seqs) < p_most loop
        beyond := lowest;
        lowest := case when step > 16 then 0 else greatest(0, beyond - step) end;
        step := step * 8;
        here := scope;
        if lowest > 0 then
            here := scope && events.lexemes(array(select '/b' || b from generate_series(lowest, beyond - 1) b), ' | ');
        end if;
        -- "+ 0": the numbers are no reason to take another index than that of the words.
        select coalesce(array_agg(f.seq), '{}') as seqs, coalesce(array_agg(f.created_at), '{}') as times,
                coalesce(array_agg(f.id), '{}') as keys, coalesce(array_agg(f.rank), '{}') as ranks
            into part
            from (
                select s.seq, s.created_at, s.id, ts_rank(s.words, wanted, 1) as rank
                from search s
                where s.words @@ here and s.seq + 0 < beyond << 16 and s.seq + 0 <= p_up_to
                    and s.created_at >= p_since and s.created_at <= p_until
                    and (p_ids is null or s.id = any (ids))
                    and (p_authors is null or s.pubkey = any (authors))
                    and (p_kinds is null or s.kind = any (p_kinds))
                    and (p_tags = 0 or p_tags = (
                        select bit_or(w.name)
                        from event e cross join unnest(p_hashes, p_names) w (hash, name)
                        where e.created_at = s.created_at and e.id = s.id and w.hash = any (e.tag_hashes)))
                order by s.seq + 0 desc limit p_most - cardinality(seqs)
            ) f;
        seqs := seqs || part.seqs;
        times := times || part.times;
        keys := keys || part.keys;
        ranks := ranks || part.ranks;
    end loop;
    return query
        select r.seq, r.created_at, r.id, r.rank
        from (
            select * from unnest(seqs, times, keys, ranks) as i (seq, created_at, id, rank)
            union all
            -- With as many lexemes as it will have in the index, because a rank depends on that.
            select n.seq, n.created_at, n.id, ts_rank(n.vector::tsvector || '/a /b /k'::tsvector, wanted, 1)
            from unnest(p_seqs, p_created_ats, events.unpacked(p_new_ids), p_vectors) as n (seq, created_at, id, vector)
            where n.vector::tsvector @@ wanted
        ) r
        order by r.rank desc, r.created_at desc, r.id;
end $$;
