package dev.rookery.query.stored;

/// The texts of the statements for full text, in the form of `Statements`.
final class SearchStatements {

    /// What has a kind of $1 and a number, but no words in the index yet: how far the index goes, how far this goes
    /// beyond it, and seq and JSON of each. Nothing of it where there are $2 numbers or more than $3 bytes.
    static final String UNWRITTEN = """
        select c.epoch, c.seq, p.page
        from events.committed() c
        cross join events.search_progress w
        cross join lateral (
            select int8send(w.seq) || case when count(*) < $2::int and bool_and(r.fits) is not false
                then int8send(c.seq)
                    || coalesce(string_agg(int8send(r.seq) || int4send(octet_length(r.json)) || r.json, ''::bytea)
                        filter (where r.fits and r.json is not null), ''::bytea)
                else int8send(w.seq) end as page
            from (
                select q.seq, q.json, q.total <= $3::bigint as fits
                from (
                    select d.seq, e.json, coalesce(sum(octet_length(e.json)) over (rows unbounded preceding), 0) as total
                    from (
                        select i.seq, i.id, i.created_at from events.identity i
                        where i.seq > w.seq and i.seq <= c.seq order by i.seq limit $2::int
                    ) d
                    left join lateral (
                        select r.json from events.event r
                        where r.created_at >= d.created_at and r.created_at <= d.created_at and r.id = d.id
                            and r.kind = any($1::int[])
                        order by r.created_at desc, r.id limit 1
                    ) e on true
                ) q
            ) r
        ) p
        """;

    /// {"search": ..}: rank, seq and key of what has all words, best first. Its plan is pinned in the function.
    static final String SEARCH = """
        select c.epoch, c.seq, (
            select string_agg(float4send(s.rank) || int8send(s.seq) || int8send(s.created_at) || s.id, ''::bytea)
            from events.search(
                $1::text[], $2::bigint, nullif($3::bytea, ''), nullif($4::bytea, ''), nullif($5::int[], '{}'),
                $6::bigint, $7::bigint, $8::bigint, $9::bigint[], $10::bigint[], $11::int,
                $12::bigint[], $13::bigint[], $14::bytea, $15::text[]) s)
        from events.committed() c
        """;

    /// As the rows of keys, if they still have the numbers $6.
    static final String ROWS = Statements.rows("and r.seq = ($6::bigint[])[s.g + 1]");

    private SearchStatements() {}
}
