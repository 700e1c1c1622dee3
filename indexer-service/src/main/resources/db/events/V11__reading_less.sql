-- A range of the order is read from what is stored, and from nothing else: a number whose event is gone says nothing to those
-- who ask, and before, it was left out only once the outbox had forgotten it.
drop function events.range(bigint, bigint, int);

-- It was written with each batch, for those who read a range.
drop index events.outbox_by_seq;

-- What is stored with a number in (p_after, p_up_to], in the order of numbers, the first p_limit of it. Without its JSON what
-- is still to be swept away after its author or recipient has vanished (NIP-62). Each row is looked up by its key, as in
-- the sweeps.
create function events.range(p_after bigint, p_up_to bigint, p_limit int)
returns table (seq bigint, origin smallint, "json" bytea)
language sql stable rows 100 as $$
    select d.seq, e.origin, case when (select exists (select from events.vanishing)) and exists (
            select from events.vanishing v
            where v.pubkey in (e.pubkey, e.recipient)
                and (v.up_to > e.created_at or v.up_to = e.created_at and e.kind <> 62))
        then null else e.json end
    from (select i.seq, i.id, i.created_at from events.identity i
        where i.seq > p_after and i.seq <= p_up_to order by i.seq limit p_limit) d
    cross join lateral (
        select r.origin, r.pubkey, r.recipient, r.kind, r.created_at, r.json from events.event r
        where r.created_at >= d.created_at and r.created_at <= d.created_at and r.id = d.id
        order by r.created_at desc, r.id limit 1) e
    order by d.seq
$$;

do $$
begin
    if exists (select from pg_roles where rolname = 'rookery_query') then
        revoke execute on function events.range(bigint, bigint, int) from public;
        grant execute on function events.range(bigint, bigint, int) to rookery_query;
    end if;
end $$;

-- As before, but from one end of some numbers to the other. A join with a list of numbers, planned while next to nothing is
-- stored, may read the whole of an index for each of them, and is kept.
create or replace function events.sweep_words(p_limit int) returns int
language plpgsql volatile
set search_path = events, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
    after   bigint;
    through bigint;
    looked  int;
begin
    select swept into after from search_progress;
    select max(few.seq), count(*) into through, looked
        from (select s.seq from search s where s.seq > after order by s.seq limit p_limit) few;
    delete from search s
        where s.seq > after and s.seq <= through and not exists (select from identity d where d.seq = s.seq offset 0);
    update search_progress set swept = case when looked < p_limit then 0 else through end;
    return looked;
end $$;
