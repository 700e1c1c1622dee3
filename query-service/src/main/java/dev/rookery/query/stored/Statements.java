package dev.rookery.query.stored;

/// The texts of all statements, each with the filter form it serves.
///
/// Each gives one row: the last position given out, and one `bytea` with everything found, in one snapshot. Lists
/// arrive as arrays and packed bytes, so the texts are few, and each is planned once for a connection. How the plans
/// are pinned is told in `RATIONALE.md`, and read back by `PlansIT`. "offset 0" is part of it: it keeps a list in its
/// order and the look-up that follows a look-up, for each item in turn; so is the order in which a single row is asked
/// for, which only the index on the time can give.
final class Statements {

    /// The forms of filters that are read from ranges of an index, and for each the statement that finds keys, and the
    /// one that brings their rows too.
    enum Form {
        /// {} and what has only a time range.
        BY_TIME("", "events.event", ""),
        /// {"kinds": ..}
        BY_KIND(", (?a::int[])[g + 1] as kind", "events.event", "r.kind = s.kind and"),
        /// {"authors": ..}
        BY_AUTHOR(", substr(?a::bytea, 32 * g + 1, 32) as pubkey", "events.event", "r.pubkey = s.pubkey and"),
        /// {"authors": .., "kinds": ..}
        BY_AUTHOR_AND_KIND(
                ", substr(?a::bytea, 32 * g + 1, 32) as pubkey, (?b::int[])[g + 1] as kind",
                "events.event",
                "r.pubkey = s.pubkey and r.kind = s.kind and"),
        /// {"#x": ..} and {"#x": .., "kinds": ..}; the second argument says that any kind will do.
        BY_TAG(
                ", (?a::bigint[])[g + 1] as hash",
                "events.tag",
                "r.hash = s.hash and (?b::boolean or r.kind = any(?c::int[])) and");

        final String keys;
        final String rows;

        Form(String columns, String table, String condition) {
            keys = numbered(scan(columns, table, condition), 5);
            rows = numbered(scanRows(columns, table, condition), 8);
        }
    }

    /// NIP-62: whether an event is one of those that are still to be swept away after their author or recipient has
    /// vanished. Mostly there are none at all, which is found out once for a statement.
    private static final String HAS_VANISHED = """
        (select exists (select from events.vanishing)) and exists (
            select from events.vanishing v
            where v.pubkey in (EVENT.pubkey, EVENT.recipient)
                and (v.up_to > EVENT.created_at or v.up_to = EVENT.created_at and EVENT.kind <> 62))""";

    private static final String JSON = """
        select case when EVENT.expires_at <= $5::bigint or EVENT.seq > $7::bigint or %s
            then ''::bytea else EVENT.json end as json
        """.formatted(HAS_VANISHED);

    /// {"ids": ..}: the keys of those that are stored.
    static final String BY_ID = """
        select c.epoch, c.seq, (
            select string_agg(int8send(d.created_at) || s.id, ''::bytea)
            from (
                select substr($1::bytea, 32 * g + 1, 32) as id
                from generate_series(0, octet_length($1::bytea) / 32 - 1) g offset 0
            ) s
            cross join lateral (select i.created_at from events.identity i where i.id = s.id offset 0) d)
        from events.committed() c
        """;

    /// {"ids": ..}: keys and rows of those that are stored, the rows as far as $3 bytes reach: length -1 beyond, 0 for
    /// what has expired by $2, has a number beyond $4, or has vanished.
    static final String ROWS_BY_ID = """
        select c.epoch, c.seq, (
            select string_agg(int4send(0) || int8send(q.created_at) || q.id
                || case when q.total <= $3::bigint or q.total = octet_length(q.json)
                    then int4send(octet_length(q.json)) || q.json else int4send(-1) end, ''::bytea)
            from (
                select s.id, d.created_at, e.json, sum(octet_length(e.json)) over (rows unbounded preceding) as total
                from (
                    select substr($1::bytea, 32 * g + 1, 32) as id
                    from generate_series(0, octet_length($1::bytea) / 32 - 1) g offset 0
                ) s
                cross join lateral (select i.created_at from events.identity i where i.id = s.id offset 0) d
                cross join lateral (
                    select case when r.expires_at <= $2::bigint or r.seq > $4::bigint or %s
                        then ''::bytea else r.json end as json
                    from events.event r
                    where r.created_at >= d.created_at and r.created_at <= d.created_at and r.id = s.id
                    order by r.created_at desc, r.id limit 1
                ) e
            ) q)
        from events.committed() c
        """.formatted(vanished("r"));

    /// What the sources of keys do not know, asked of a row. $6 is a bit for each of the tag names asked for, whose
    /// hashes are $7, each with the bit of its name in $8.
    static final String RESIDUAL = """
        ($3::boolean or e.pubkey in (
                select substr($4::bytea, 32 * a + 1, 32) from generate_series(0, octet_length($4::bytea) / 32 - 1) a))
            and (cardinality($5::int[]) = 0 or e.kind = any($5::int[]))
            and ($6::bigint = 0 or $6::bigint = (
                select bit_or(w.name)
                from unnest($7::bigint[], $8::bigint[]) w (hash, name)
                where w.hash = any(e.tag_hashes)))""";

    /// Which keys meet what their sources do not know.
    static final String VERIFY = """
        select c.epoch, c.seq, (
            select string_agg(int4send(s.g), ''::bytea)
            from (%s) s
            cross join lateral (
                select from events.event e
                where e.created_at >= s.created_at and e.created_at <= s.created_at and e.id = s.id
                    and %s
                order by e.created_at desc, e.id limit 1
            ) v)
        from events.committed() c
        """.formatted(keys(), RESIDUAL);

    /// The rows of some keys as far as $5 bytes reach, at least one: the number of keys gone through, then each
    /// row's number and JSON. Left out: what is gone, what has a number beyond $3, what expired by $4, and what has
    /// vanished.
    static final String ROWS = rows("");

    /// How many keys each tag hash has, counted no further than $4.
    static final String WEIGH_TAGS = """
        select c.epoch, c.seq, (
            select string_agg(int4send(w.keys::int), ''::bytea)
            from (select ($1::bigint[])[g + 1] as hash from generate_series(0, cardinality($1::bigint[]) - 1) g offset 0) s
            cross join lateral (
                select count(*) as keys
                from (
                    select from events.tag r
                    where r.hash = s.hash and r.created_at >= $2::bigint and r.created_at <= $3::bigint
                    order by r.created_at desc, r.id limit $4::int
                ) k
            ) w)
        from events.committed() c
        """;

    /// How many keys each author has, counted no further than $4.
    static final String WEIGH_AUTHORS = """
        select c.epoch, c.seq, (
            select string_agg(int4send(w.keys::int), ''::bytea)
            from (
                select substr($1::bytea, 32 * g + 1, 32) as pubkey
                from generate_series(0, octet_length($1::bytea) / 32 - 1) g offset 0
            ) s
            cross join lateral (
                select count(*) as keys
                from (
                    select from events.event r
                    where r.pubkey = s.pubkey and r.created_at >= $2::bigint and r.created_at <= $3::bigint
                    order by r.created_at desc, r.id limit $4::int
                ) k
            ) w)
        from events.committed() c
        """;

    /// What has a number in ($1, $2], the first $3 of it, as far as $4 bytes reach: the number gone through, then seq
    /// and JSON of each event that is to be delivered.
    static final String RANGE = """
        select c.epoch, c.seq, p.page
        from events.committed() c
        cross join lateral (
            select int8send(coalesce(max(r.seq) filter (where r.fits), $1::bigint))
                || coalesce(string_agg(int8send(r.seq) || int4send(octet_length(r.json)) || r.json, ''::bytea order by r.seq)
                    filter (where r.fits and r.json is not null and r.origin & 1 = 0), ''::bytea) as page
            from (
                select q.*, q.total <= $4::bigint or q.total = octet_length(q.json) as fits
                from (
                    select r.seq, r.origin, r.json,
                        coalesce(sum(octet_length(r.json)) over (order by r.seq), 0) as total
                    from events.range($1::bigint, $2::bigint, $3::int) r
                ) q
            ) r
        ) p
        """;

    private Statements() {}

    /// The rows of keys, where they meet one condition more.
    static String rows(String condition) {
        return """
            select c.epoch, c.seq, p.page
            from events.committed() c
            cross join lateral (
                select int4send(coalesce(min(r.g) filter (where not r.fits), cardinality($1::bigint[])))
                    || coalesce(string_agg(int4send(r.g) || int4send(octet_length(r.json)) || r.json, ''::bytea)
                        filter (where r.fits), ''::bytea) as page
                from (
                    select q.g, q.json, q.total <= $5::bigint or q.total = octet_length(q.json) as fits
                    from (
                        select s.g, e.json, sum(octet_length(e.json)) over (rows unbounded preceding) as total
                        from (%s) s
                        cross join lateral (
                            select r.json from events.event r
                            where r.created_at >= s.created_at and r.created_at <= s.created_at and r.id = s.id
                                and r.seq <= $3::bigint and (r.expires_at is null or r.expires_at > $4::bigint) and not (%s) %s
                            order by r.created_at desc, r.id limit 1
                        ) e
                    ) q
                ) r
            ) p
            """.formatted(keys(), vanished("r"), condition);
    }

    static String vanished(String event) {
        return HAS_VANISHED.replace("EVENT", event);
    }

    /// The keys of some sources: of each, from the key of $1 and $2 on, down to the second $3, the first $4.
    ///
    /// Because of its "offset 0" what is compared with a source are plain values, which cost an index no more than
    /// a filter.
    ///
    /// @param columns what a source is, beyond where it begins
    private static String scan(String columns, String table, String condition) {
        return """
            select c.epoch, c.seq, (
                select string_agg(int4send(s.g) || int8send(k.created_at) || k.id, ''::bytea)
                from (%s) s
                cross join lateral (select r.created_at, r.id %s) k)
            from events.committed() c
            """.formatted(sources(columns), range(table, condition));
    }

    /// The same, and with each key the length of its JSON and the JSON itself, as far as $6 bytes reach: length -1
    /// beyond, and 0 for what is gone, has expired by $5, has a number beyond $7, or has vanished. A tag may
    /// outlive its event, and its key counts: fewer than were asked for are all there are.
    private static String scanRows(String columns, String table, String condition) {
        return """
            select c.epoch, c.seq, (
                select string_agg(int4send(q.g) || int8send(q.created_at) || q.id
                    || case when q.total <= $6::bigint or q.total = octet_length(q.json)
                        then int4send(octet_length(q.json)) || q.json else int4send(-1) end, ''::bytea)
                from (
                    select s.g, k.created_at, k.id, coalesce(e.json, ''::bytea) as json,
                        sum(coalesce(octet_length(e.json), 0)) over (rows unbounded preceding) as total
                    from (%s) s
                    cross join lateral (%s) k
                    left join lateral (%s) e on true
                ) q)
            from events.committed() c
            """.formatted(
                        sources(columns),
                        table.equals("events.event")
                                ? "select r.created_at, r.id, r.seq, r.expires_at, r.json, r.kind, r.pubkey, r.recipient "
                                        + range(table, condition)
                                : "select r.created_at, r.id " + range(table, condition),
                        table.equals("events.event") ? JSON.replace("EVENT", "k") : JSON.replace("EVENT", "r") + """
                            from events.event r
                            where r.created_at >= k.created_at and r.created_at <= k.created_at and r.id = k.id
                            order by r.created_at desc, r.id limit 1""");
    }

    private static String sources(String columns) {
        return """
            select g, ($1::bigint[])[g + 1] as second, substr($2::bytea, 32 * g + 1, 32) as first_id%s
            from generate_series(0, cardinality($1::bigint[]) - 1) g offset 0""".formatted(columns);
    }

    private static String range(String table, String condition) {
        return """
            from %s r
            where %s r.created_at >= $3::bigint and r.created_at <= s.second
                and (r.created_at < s.second or r.id >= s.first_id)
            order by r.created_at desc, r.id
            limit $4::int""".formatted(table, condition);
    }

    /// Gives what a source is its numbers among the parameters.
    private static String numbered(String sql, int first) {
        return sql.replace("?a", "$" + first).replace("?b", "$" + (first + 1)).replace("?c", "$" + (first + 2));
    }

    /// The keys packed in $1 and $2, numbered.
    static String keys() {
        return """
            select g, ($1::bigint[])[g + 1] as created_at, substr($2::bytea, 32 * g + 1, 32) as id
            from generate_series(0, cardinality($1::bigint[]) - 1) g offset 0""";
    }
}
