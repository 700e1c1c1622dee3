-- Takes out, a few at a time, what nobody is shown any more. A sweep passes over what is locked, so it never waits for one
-- who decides, and holds up such a one for no longer than its own few rows take.

-- Of one author who has vanished, newest first. How many went; -1 once nothing is left of any.
create function events.sweep_vanished(p_limit int) returns int
language plpgsql volatile
set search_path = events, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
    vanished vanishing;
    ids   bytea[];
begin
    select * into vanished from vanishing order by random() limit 1;
    if not found then
        return -1;
    end if;
    with found as (
        (select e.id from event e
        where e.pubkey = vanished.pubkey and e.created_at <= vanished.up_to
            and (e.created_at < vanished.up_to or e.kind <> 62)
        order by e.created_at desc, e.id limit p_limit)
        union all
        (select e.id from event e
        where e.recipient = vanished.pubkey and e.created_at <= vanished.up_to
        order by e.created_at desc limit p_limit)
    ), locked as (
        select d.id from found f join identity d on d.id = f.id for update of d skip locked
    )
    select coalesce((select array_agg(id) from locked), '{}') into ids where exists (select from found);
    if not found then
        -- A later request of this author has a row of its own: it is not this one's to end.
        delete from vanishing v where v.pubkey = vanished.pubkey and v.up_to = vanished.up_to;
        return 0;
    end if;
    return (select count(*) from events.erase(ids));
end $$;

-- NIP-40: "Relays MAY NOT delete expired messages immediately on expiration". How many went.
create function events.sweep_expired(p_limit int) returns int
language plpgsql volatile
set search_path = events, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
    ids bytea[];
begin
    with found as (
        select e.id from event e
        where e.expires_at <= floor(extract(epoch from clock_timestamp()))::bigint limit p_limit
    ), locked as (
        select d.id from found f join identity d on d.id = f.id for update of d skip locked
    )
    select array_agg(id) into ids from locked;
    return (select count(*) from events.erase(ids));
end $$;

-- What follows in the order whose words are not written yet: how far this goes, and those of it that have a kind whose text
-- is searched, some p_bytes of them. Nothing where there is nothing more. A progress beyond the order is of a former
-- history, and begins again where the order is.
create function events.next_texts(p_kinds int[], p_limit int, p_bytes int)
returns table (since bigint, through bigint, seqs bigint[], jsons bytea[])
language sql stable
set search_path = events, pg_temp
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
            select e.json from event e
            where e.created_at = d.created_at and e.id = d.id and e.kind = any (p_kinds) offset 0) e on true
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
create function events.add_words(p_since bigint, p_through bigint, p_seqs bigint[], p_vectors text[]) returns boolean
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
            select e.kind, e.pubkey from event e where e.created_at = d.created_at and e.id = d.id offset 0) e
        on conflict (seq) do update set
            created_at = excluded.created_at, id = excluded.id, kind = excluded.kind, pubkey = excluded.pubkey,
            words = excluded.words;
    return true;
end $$;

-- Of the next rows of words those whose event went while they were written. How many were looked at; fewer than asked for at
-- the end, after which it begins again.
create function events.sweep_words(p_limit int) returns int
language plpgsql volatile
set search_path = events, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
    after  bigint;
    looked bigint[];
begin
    select swept into after from search_progress;
    looked := array(select s.seq from search s where s.seq > after order by s.seq limit p_limit);
    delete from search s using unnest(looked) l (seq)
        where s.seq = l.seq and not exists (select from identity d where d.seq = l.seq offset 0);
    update search_progress set swept = case when cardinality(looked) < p_limit then 0 else looked[p_limit] end;
    return cardinality(looked);
end $$;
