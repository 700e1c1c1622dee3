-- The reading role, where this connection may create roles; else whoever administers the server creates it beforehand.
-- Logging in and passwords are the administrator's.
do $$
begin
    if not exists (select from pg_roles where rolname = 'rookery_query') then
        create role rookery_query nologin;
    end if;
exception when insufficient_privilege then
    raise notice 'role rookery_query is missing and cannot be created by %', current_user;
end $$;

-- An old snapshot keeps the hot one-row tables from being cleaned, so nobody's transaction is without end. Whoever made
-- the role may have seen to it, and this connection may have no say over it.
do $$
begin
    if exists (
        select from pg_roles where rolname = 'rookery_query' and 2 > (
            select count(*) from unnest(rolconfig) as setting
            where setting like 'transaction_timeout=%' or setting = 'default_transaction_read_only=on'))
    then
        alter role rookery_query set transaction_timeout = '30s';
        alter role rookery_query set default_transaction_read_only = on;
    end if;
exception when insufficient_privilege then
    raise warning 'role rookery_query cannot be altered by %: set its transaction_timeout to 30s', current_user;
end $$;

do $$
begin
    if exists (select from pg_roles where rolname = 'rookery_query') then
        grant usage on schema events to rookery_query;
        grant select on all tables in schema events to rookery_query;
        -- Partitions of years to come.
        alter default privileges in schema events grant select on tables to rookery_query;
        revoke execute on all functions in schema events from public;
        grant execute on function events.committed(), events.catching_up(), events.range(bigint, bigint, int),
            events.lexemes(text[], text), events.unpacked(bytea),
            events.search(text[], bigint, bytea, bytea, int[], bigint, bigint, bigint, bigint[], bigint[], int, bigint[],
                bigint[], bytea, text[])
            to rookery_query;
    end if;
end $$;
