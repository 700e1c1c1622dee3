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
