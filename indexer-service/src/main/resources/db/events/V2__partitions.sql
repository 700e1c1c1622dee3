-- Partitions by year of created_at: one for all before 2021, and a last one without end that stays empty, because events
-- of the far future are refused. No default partition: with one, reading newest first would have to sort.

create table events.event_before_2021 partition of events.event for values from (minvalue) to (1609459200);
create table events.event_last partition of events.event for values from (1609459200) to (maxvalue);
create table events.tag_before_2021 partition of events.tag for values from (minvalue) to (1609459200);
create table events.tag_last partition of events.tag for values from (1609459200) to (maxvalue);

-- Of what an event says, the planner keeps no samples: they would outlive it. Partitions do not inherit this.
alter table events.event alter column json set statistics 0;

create function events.start_of(year int) returns bigint
language sql immutable as $$
    select extract(epoch from make_timestamptz(year, 1, 1, 0, 0, 0, 'UTC'))::bigint
$$;

create function events.year_to_make(parent text) returns int
language sql volatile as $$
    select coalesce(max(right(relname, 4)::int), 2020) + 1
    from pg_inherits join pg_class on pg_class.oid = inhrelid
    where inhparent = format('events.%I', parent)::regclass and relname ~ '_[0-9]{4}$' and relname !~ 'before'
$$;

-- Cuts years off the last partition of a table until one begins after the given time. What lies in the last partition
-- already, because it was accepted before its year was made, moves to its year. False when that is too much to be moved
-- under the lock: the last partition then stays as it is, slower to search, not wrong. Takes the table's strongest lock
-- for a moment, so the caller sets a short lock_timeout and tries again later.
create function events.extend(parent text, until bigint) returns boolean
language plpgsql as $$
declare
    last_part constant text := format('events.%I', parent || '_last');
    year      int;
    found     bigint;
begin
    loop
        year := events.year_to_make(parent);
        exit when events.start_of(year) > until;
        execute format('lock table events.%I in access exclusive mode', parent);
        continue when year <> events.year_to_make(parent); -- made by another while this one waited
        execute format('select count(*) from (select from %s limit 10001) few', last_part) into found;
        if found > 10000 then
            return false;
        end if;
        execute format('create temporary table moving on commit drop as select * from %s', last_part);
        execute format('drop table %s', last_part);
        execute format('create table events.%I partition of events.%I for values from (%s) to (%s)',
            parent || '_' || year, parent, events.start_of(year), events.start_of(year + 1));
        execute format('create table %s partition of events.%I for values from (%s) to (maxvalue)',
            last_part, parent, events.start_of(year + 1));
        if parent = 'event' then
            execute format('alter table events.%I alter column json set statistics 0', parent || '_' || year);
            execute format('alter table %s alter column json set statistics 0', last_part);
        end if;
        execute format('insert into events.%I select * from moving', parent);
        drop table moving;
    end loop;
    return true;
end $$;
