package dev.rookery.query.stored;

import dev.rookery.order.Decision;

/// The texts of the statements about the order itself, in the form of `Statements`: how far it is, and what was
/// decided.
final class OrderStatements {

    /// For each id with the lane and offset it was logged at, a byte of `Decision`. The outbox is gone through only for
    /// those that have been decided.
    static final String STATUS = withCodes("""
        with asked as materialized (
            select g, substr($1::bytea, 32 * g + 1, 32) as id, ($2::text[])[g + 1] as topic, ($3::int[])[g + 1] as partition,
                ($4::bigint[])[g + 1] as at
            from generate_series(0, cardinality($4::bigint[]) - 1) g
        ), known as materialized (
            select a.g, a.id, a.topic <> '' as logged,
                coalesce((select p.decided > a.at from events.progress p
                    where p.topic = a.topic and p.partition = a.partition), false) as decided,
                exists (
                    select from events.identity i cross join lateral (
                        select r.* from events.event r
                        where r.created_at >= i.created_at and r.created_at <= i.created_at and r.id = i.id
                        order by r.created_at desc, r.id limit 1) r
                    where i.id = a.id and not (%s)) as stored
            from asked a
        ), refused as materialized (
            select distinct on (r.id) r.id, r.code
            from events.outbox o cross join lateral unnest(o.refused_ids, o.refused_codes) r (id, code)
            where exists (select from known where decided) and r.id in (select id from known where decided)
            order by r.id, o.batch desc
        ), accepted as materialized (
            select distinct r.id
            from events.outbox o cross join lateral unnest(o.accepted_ids) r (id)
            where exists (select from known where decided and not stored)
                and r.id in (select id from known where decided and not stored)
        )
        select c.epoch, c.seq, (
            select string_agg(substr(int4send(
                case
                    -- Never logged: it is only asked whether it is stored.
                    when not k.logged then case when k.stored then DUPLICATE else UNKNOWN end
                    -- Accepted once and refused once: which of the two is asked for cannot be told any more.
                    when k.decided and f.code <> DUPLICATE and a.id is not null then UNKNOWN
                    -- Refused, for this reason.
                    when k.decided and f.code is not null then f.code::int
                    -- Stored, however far its lane is; or accepted, and gone since.
                    when k.stored or k.decided and a.id is not null then ACCEPTED
                    -- Decided so long ago that nothing is left of it.
                    when k.decided then UNKNOWN
                    -- Its lane has not come to it.
                    else UNDECIDED
                end), 4, 1), ''::bytea order by k.g)
            from known k left join refused f on f.id = k.id left join accepted a on a.id = k.id)
        from events.committed() c
        """).formatted(Statements.vanished("r"));

    static final String COMMITTED = "select c.epoch, c.seq, ''::bytea from events.committed() c";

    /// One byte: whether lanes still repeat what a database that went back has lost.
    static final String CATCHING_UP = """
        select c.epoch, c.seq, case when events.catching_up() then '\\x01'::bytea else '\\x00'::bytea end
        from events.committed() c
        """;

    private OrderStatements() {}

    /// Writes codes for the names of decisions.
    private static String withCodes(String sql) {
        String written = sql;
        for (Decision decision : Decision.values()) {
            written = written.replace(decision.name(), Integer.toString(decision.code()));
        }
        return written;
    }
}
