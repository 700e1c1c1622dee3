-- Look-ups of one event by its time and id, in the form that query-service uses too. Plans are made once, while a partition may
-- be empty: then all of its indexes cost the same, and the one made last is taken, which for this look-up is read as a whole
-- each time, for as long as the plan is kept. Only the index on the time gives the order that is asked for here.

-- Takes out events by where their rows are, whatever a plan would take to be quicker.
create function events.erase_at(p_times bigint[], p_places tid[])
returns table (id bytea, created_at bigint, tag_hashes bigint[])
language sql volatile
set search_path = events, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_indexscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_material = off
as $$
    delete from event e using unnest(p_times, p_places) as l (created_at, place)
    where e.created_at = l.created_at and e.ctid = l.place
    returning e.id, e.created_at, e.tag_hashes
$$;

-- Takes out those of the given events that are stored, and tells them by their place in the list, from 1. One step after the
-- other: what a statement takes out by the way, it may leave, when it finds out that it does not need it.
create or replace function events.erase(p_ids bytea[]) returns table (place bigint, created_at bigint)
language plpgsql volatile as $$
#variable_conflict use_column
declare
    asked  bigint[]; -- of what was stored: its place in the list
    gone   bytea[];  -- its id
    times  bigint[]; -- its time
    seqs   bigint[]; -- its number
    at     bigint[]; -- the time of each row that was found
    places tid[];    -- where it is
    owners bytea[];  -- for each of the tags of those rows: the event
    since  bigint[]; -- its time
    hashes bigint[]; -- the tag
begin
    with found as (
        delete from identity d using unnest(p_ids) with ordinality as i (id, place) where d.id = i.id
        returning i.place, d.id, d.created_at, d.seq
    )
    select array_agg(f.place), array_agg(f.id), array_agg(f.created_at), array_agg(f.seq) into asked, gone, times, seqs
        from found f;
    if asked is null then
        return;
    end if;
    delete from search s where s.seq = any (seqs);
    select array_agg(e.created_at), array_agg(e.ctid) into at, places
        from unnest(gone, times) as g (id, created_at)
        cross join lateral (
            select e.created_at, e.ctid from event e
            where e.created_at >= g.created_at and e.created_at <= g.created_at and e.id = g.id
            order by e.created_at desc, e.id limit 1) e;
    select array_agg(t.id), array_agg(t.created_at), array_agg(t.hash) into owners, since, hashes
        from (select e.id, e.created_at, unnest(e.tag_hashes) as hash from events.erase_at(at, places) e) t;
    delete from tag t using unnest(owners, since, hashes) as e (id, created_at, hash)
        where t.hash = e.hash and t.created_at = e.created_at and t.id = e.id;
    return query select * from unnest(asked, times);
end $$;

-- Takes out what accepted events replace or delete. Returns for each accepted event its effects, as
-- dev.rookery.order.Effects has them, or null; null as a whole when there are none.
create or replace function events.take_out(
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
                    where e.created_at >= d.created_at and e.created_at <= d.created_at and e.id = d.id
                    order by e.created_at desc, e.id limit 1) e
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

-- What follows in the order whose words are not written yet: how far this goes, and those of it that have a kind whose text
-- is searched, some p_bytes of them. Nothing where there is nothing more. A progress beyond the order is of a former
-- history, and begins again where the order is.
create or replace function events.next_texts(p_kinds int[], p_limit int, p_bytes int)
returns table (since bigint, through bigint, seqs bigint[], jsons bytea[])
language sql stable
set search_path = events, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
    with place as (
        select p.seq as since, least(p.seq, s.seq) as after, s.seq as committed from search_progress p, sequencer s
    ), few as (
        select d.seq, d.id, d.created_at
        from place cross join lateral (
            select * from identity i where i.seq > place.after order by i.seq limit p_limit) d
    ), texts as (
        select d.seq, e.json, coalesce(sum(octet_length(e.json)) over (order by d.seq), 0) as total
        from few d left join lateral (
            select e.kind, e.json from event e
            where e.created_at >= d.created_at and e.created_at <= d.created_at and e.id = d.id
            order by e.created_at desc, e.id limit 1) e on e.kind = any (p_kinds)
    ), fitting as (
        select * from texts where total <= p_bytes or total = octet_length(json)
    ), taken as (
        select count(*) as count, max(seq) as last, array_agg(seq order by seq) filter (where json is not null) as seqs,
            array_agg(json order by seq) filter (where json is not null) as jsons
        from fitting
    )
    select place.since,
        case when taken.count < p_limit and taken.count = (select count(*) from texts) then place.committed else taken.last end,
        coalesce(taken.seqs, '{}'), coalesce(taken.jsons, '{}')
    from place, taken
    where place.since <> place.committed
$$;

-- Writes the words of some events, and how far that goes, unless another indexer was first: then false, and nothing.
create or replace function events.add_words(p_since bigint, p_through bigint, p_seqs bigint[], p_vectors text[]) returns boolean
language plpgsql volatile
set search_path = events, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
    update search_progress set seq = p_through where search_progress.seq = p_since;
    if not found then
        return false;
    end if;
    insert into search as s (seq, created_at, id, kind, pubkey, words)
        select w.seq, d.created_at, d.id, e.kind, e.pubkey, w.vector::tsvector || array_to_tsvector(array[
            '/b' || (w.seq >> 16), '/k' || e.kind, '/a' || encode(substr(e.pubkey, 1, 4), 'hex')])
        from unnest(p_seqs, p_vectors) as w (seq, vector)
        cross join lateral (select i.id, i.created_at from identity i where i.seq = w.seq offset 0) d
        cross join lateral (
            select e.kind, e.pubkey from event e
            where e.created_at >= d.created_at and e.created_at <= d.created_at and e.id = d.id
            order by e.created_at desc, e.id limit 1) e
        on conflict (seq) do update set
            created_at = excluded.created_at, id = excluded.id, kind = excluded.kind, pubkey = excluded.pubkey,
            words = excluded.words;
    return true;
end $$;

-- What is looked up for each row is not to be read as a whole and kept, as it is where next to nothing is stored.
alter function events.decide set enable_material = off;
alter function events.sweep_vanished set enable_material = off;
alter function events.sweep_expired set enable_material = off;
