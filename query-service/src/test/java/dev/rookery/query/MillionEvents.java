package dev.rookery.query;

/// A million events over ten years, made by the database itself: more authors than anyone follows, a few of them loud;
/// kinds as on public relays; an `e`, a `p` and a `t` tag on each, some values of which are common. They are denser
/// towards the end.
public final class MillionEvents {

    public static final int COUNT = 1_000_000;
    public static final long NEWEST = 1_780_000_000;

    private MillionEvents() {}

    /// Into empty tables, best before their indexes are made.
    public static void into(EventsSchema schema) {
        schema.execute("""
            set synchronous_commit = off;
            select events.extend('event', 1800000000), events.extend('tag', 1800000000);
            create function pg_temp.hash(tag text) returns bigint language sql immutable as $$
                select ('x' || encode(substr(sha256(convert_to(tag, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint
            $$;
            create temporary table value as
            select name, n, value, pg_temp.hash(name || value) as hash
            from (
                select 'e' as name, n, encode(sha256(int4send(n)), 'hex') as value from generate_series(0, 99999) n
                union all select 'p', n, encode(sha256(int4send(n)), 'hex') from generate_series(0, 20000) n
                union all select 't', n, n::text from generate_series(0, 2000) n
            ) v;
            select setseed(0.42);
            create temporary table made as
            select n,
                (1780000000 - 10 * 31500000 * power(random(), 2))::bigint as created_at,
                (20000 * power(random(), 2.5))::int as author,
                (array[1,1,1,1,1,1,1,1,1,1,7,7,7,7,7,6,6,0,3,1059,30023,9735,9735,10002])[1 + floor(random() * 24)::int] as kind,
                (n % 100000)::int as e, ((n * 7919) % 20000)::int as p, (2000 * power(random(), 3))::int as t
            from generate_series(1::bigint, 1000000) n;
            analyze value;
            analyze made;
            insert into events.event (created_at, id, seq, kind, pubkey, origin, expires_at, tag_hashes, json)
            select created_at, sha256(int8send(m.n)), m.n, kind, decode(author.value, 'hex'), 0,
                case when m.n % 500 = 0 then created_at + 86400 * 3650 end,
                array[e.hash, p.hash, t.hash],
                convert_to('{"id":"' || encode(sha256(int8send(m.n)), 'hex') || '","pubkey":"' || author.value
                    || '","created_at":' || created_at || ',"kind":' || kind
                    || ',"tags":[["e","' || e.value || '"],["p","' || p.value || '"],["t","' || t.value
                    || '"]],"content":"' || md5(m.n::text) || '","sig":"' || repeat('ab', 64) || '"}', 'UTF8')
            from made m
            join value author on author.name = 'p' and author.n = m.author
            join value e on e.name = 'e' and e.n = m.e
            join value p on p.name = 'p' and p.n = m.p
            join value t on t.name = 't' and t.n = m.t;
            insert into events.tag select unnest(tag_hashes), created_at, id, kind from events.event;
            insert into events.identity select id, created_at, seq from events.event;
            update events.sequencer set seq = 1000000;
            """);
    }
}
