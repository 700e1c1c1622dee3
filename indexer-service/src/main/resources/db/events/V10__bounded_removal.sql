-- What goes takes its tags with it, and somebody may have given a few thousand events a few thousand tags each: too many for one
-- turn, or for one chunk of a sweep. Those are left behind here, and taken out a few at a time. Nobody finds them: a tag
-- leads to an event, which has gone and does not come back.
create table events.stray_tag (
    created_at bigint   not null,
    id         bytea    not null,
    hashes     bigint[] not null,
    primary key (created_at, id)
);

-- Hashes do not compress.
alter table events.stray_tag alter column hashes set storage external;

-- Takes out those of the given events that are stored, and tells them by their place in the list, from 1. One step after the
-- other: what a statement takes out by the way, it may leave, when it finds out that it does not need it.
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
        delete from identity d using unnest(p_ids) with ordinality as i (id, place) where d.id = i.id
        returning i.place, d.id, d.created_at, d.seq
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

create function events.erase_tags(p_owners bytea[], p_times bigint[], p_hashes bigint[]) returns void
language plpgsql volatile as $$
begin
    delete from tag t using unnest(p_owners, p_times, p_hashes) as e (id, created_at, hash)
        where t.hash = e.hash and t.created_at = e.created_at and t.id = e.id;
end $$;

-- Of events that have gone. Of how many.
create function events.sweep_tags(p_limit int) returns int
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
    times  bigint[];
    ids    bytea[];
    owners bytea[];
    since  bigint[];
    hashes bigint[];
begin
    select array_agg(f.created_at), array_agg(f.id) into times, ids
        from (select s.created_at, s.id from stray_tag s order by s.created_at, s.id limit p_limit for update skip locked) f;
    if ids is null then
        return 0;
    end if;
    select array_agg(t.id), array_agg(t.created_at), array_agg(t.hash) into owners, since, hashes
        from (
            select f.id, f.created_at, unnest(s.hashes) as hash
            from unnest(ids, times) as f (id, created_at)
            join stray_tag s on s.created_at = f.created_at and s.id = f.id) t;
    perform events.erase_tags(owners, since, hashes);
    delete from stray_tag s using unnest(ids, times) as f (id, created_at) where s.created_at = f.created_at and s.id = f.id;
    return cardinality(ids);
end $$;

-- NIP-40: "Relays MAY NOT delete expired messages immediately on expiration". How many went. The time is a variable, for
-- with one that may change from row to row the index is read to its end.
create or replace function events.sweep_expired(p_limit int) returns int
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
    now_seconds constant bigint := floor(extract(epoch from clock_timestamp()));
    ids bytea[];
begin
    select array_agg(e.id) into ids
        from (select e.id from event e where e.expires_at <= now_seconds limit p_limit) e;
    if ids is null then
        return 0;
    end if;
    with locked as (
        select d.id from unnest(ids) f (id) join identity d on d.id = f.id for update of d skip locked
    )
    select array_agg(id) into ids from locked;
    return (select count(*) from events.erase(ids));
end $$;
