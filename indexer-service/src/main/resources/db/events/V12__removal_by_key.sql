-- As before, but nothing is taken out by a join with what is to go: while next to nothing is stored, that is planned to
-- read the whole of an index for it, and the plan is kept. Identities are taken out by their keys, tags as events are:
-- looked up first, then by where their rows are.

-- Takes out tags by where their rows are, whatever a plan would take to be quicker.
create function events.erase_tags_at(p_times bigint[], p_places tid[]) returns void
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
    delete from tag t using unnest(p_times, p_places) as l (created_at, place)
    where t.created_at = l.created_at and t.ctid = l.place
$$;

create or replace function events.erase_tags(p_owners bytea[], p_times bigint[], p_hashes bigint[]) returns void
language plpgsql volatile as $$
declare
    at     bigint[];
    places tid[];
begin
    select array_agg(f.created_at), array_agg(f.place) into at, places
        from unnest(p_owners, p_times, p_hashes) as e (id, created_at, hash)
        cross join lateral (
            select t.created_at, t.ctid as place from tag t
            where t.hash = e.hash and t.created_at = e.created_at and t.id = e.id offset 0) f;
    if at is not null then
        perform events.erase_tags_at(at, places);
    end if;
end $$;

-- Takes out those of the given events that are stored, and tells them by their place in the list, from 1. One step
-- after the other: what a statement takes out by the way, it may leave, when it finds out that it does not need it.
create or replace function events.erase(p_ids bytea[]) returns table (place bigint, created_at bigint)
language plpgsql volatile as $$
#variable_conflict use_column
declare
    most_tags constant bigint := 10000;
    tags   bigint;   -- of all that goes
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
    -- No plan is made before there is something to find: on empty tables it would be one for empty tables.
    if coalesce(cardinality(p_ids), 0) = 0 then
        return;
    end if;
    with found as (
        delete from identity d where d.id = any (p_ids)
        returning array_position(p_ids, d.id)::bigint as place, d.id, d.created_at, d.seq
    )
    select array_agg(f.place), array_agg(f.id), array_agg(f.created_at), array_agg(f.seq) into asked, gone, times, seqs
        from found f;
    if asked is null then
        return;
    end if;
    delete from search s where s.seq = any (seqs);
    select array_agg(e.created_at), array_agg(e.ctid), sum(cardinality(e.tag_hashes)) into at, places, tags
        from unnest(gone, times) as g (id, created_at)
        cross join lateral (
            select e.created_at, e.ctid, e.tag_hashes from event e
            where e.created_at >= g.created_at and e.created_at <= g.created_at and e.id = g.id
            order by e.created_at desc, e.id limit 1) e;
    if tags > most_tags then
        insert into stray_tag (created_at, id, hashes)
            select e.created_at, e.id, e.tag_hashes from events.erase_at(at, places) e on conflict do nothing;
    else
        select array_agg(t.id), array_agg(t.created_at), array_agg(t.hash) into owners, since, hashes
            from (select e.id, e.created_at, unnest(e.tag_hashes) as hash from events.erase_at(at, places) e) t;
        perform events.erase_tags(owners, since, hashes);
    end if;
    return query select * from unnest(asked, times);
end $$;

-- Of one author who has vanished, newest first. How many went; -1 once nothing is left of any. A recipient's gift wraps
-- are asked for in an order that only their index has: on a partition that is still empty any other costs the same.
create or replace function events.sweep_vanished(p_limit int) returns int
language plpgsql volatile
set search_path = events, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_material = off
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
        where e.recipient >= vanished.pubkey and e.recipient <= vanished.pubkey and e.created_at <= vanished.up_to
        order by e.recipient, e.created_at desc limit p_limit)
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
