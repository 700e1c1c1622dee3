package dev.rookery.query.stored;

import dev.rookery.event.Bytes32;
import dev.rookery.event.TagHash;
import dev.rookery.query.plan.Key;
import dev.rookery.query.plan.Residual;
import java.util.List;
import java.util.Set;

/// What can be asked of a view about events whose content is not wanted.
public final class ShownCalls {

    /// Which keys are those of events that may be shown, as far as that can be told without reading them. Left out:
    /// what does not meet the residual, is gone, has a number beyond $9, expired by $10, or has vanished; of the
    /// private kinds $11, what is neither by one of the viewers $12 nor has a tag of theirs, $13. With each comes
    /// whether it is private, and eight bytes of its author, from the place $14 on.
    static final String SHOWN = """
        select c.epoch, c.seq, (
            select string_agg(int4send(s.g) || int4send(v.is_private) || v.author, ''::bytea)
            from (%s) s
            cross join lateral (
                select (e.kind = any($11::int[]))::int as is_private, substr(e.pubkey, $14::int + 1, 8) as author
                from events.event e
                where e.created_at >= s.created_at and e.created_at <= s.created_at and e.id = s.id
                    and %s
                    and e.seq <= $9::bigint and (e.expires_at is null or e.expires_at > $10::bigint) and not (%s)
                    and (not e.kind = any($11::int[]) or e.tag_hashes && $13::bigint[] or e.pubkey in (
                        select substr($12::bytea, 32 * a + 1, 32)
                        from generate_series(0, octet_length($12::bytea) / 32 - 1) a))
                order by e.created_at desc, e.id limit 1
            ) v)
        from events.committed() c
        """.formatted(Statements.keys(), Statements.RESIDUAL, Statements.vanished("e"));

    private ShownCalls() {}

    /// Who asks, and in which snapshot.
    ///
    /// @param upTo what has a higher `seq` is left out
    /// @param now  Unix seconds; what has expired by then is left out
    public record Terms(long upTo, long now, Set<Integer> privateKinds, List<Bytes32> viewers) {

        public Terms {
            privateKinds = Set.copyOf(privateKinds);
            viewers = List.copyOf(viewers);
        }
    }

    /// @param place     in the list of keys
    /// @param isPrivate only the event itself can tell whether it is shown
    /// @param author    eight bytes of its key
    public record Shown(int place, boolean isPrivate, long author) {}

    /// @param authorFrom which eight bytes of the author's key are wanted
    public static Call<List<Shown>> shown(List<Key> keys, Residual residual, Terms terms, int authorFrom) {
        List<Object> arguments = Calls.residual(keys, residual);
        arguments.addAll(List.of(
                terms.upTo(),
                terms.now(),
                terms.privateKinds().toArray(Integer[]::new),
                Packed.ids(terms.viewers()),
                terms.viewers().stream()
                        .map(viewer -> TagHash.of('p', viewer.toString()))
                        .toArray(Long[]::new),
                authorFrom));
        return new Call<>(
                "shown",
                SHOWN,
                arguments,
                bytes -> Packed.items(bytes, one -> new Shown(one.getInt(), one.getInt() == 1, one.getLong())));
    }
}
