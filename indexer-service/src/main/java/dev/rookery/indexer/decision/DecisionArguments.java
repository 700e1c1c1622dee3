package dev.rookery.indexer.decision;

import dev.rookery.event.Bytes32;
import dev.rookery.indexer.batch.Batch;
import dev.rookery.indexer.batch.Candidate;
import dev.rookery.indexer.batch.DeletionTarget;
import dev.rookery.indexer.lane.LaneMove;
import dev.rookery.indexer.postgres.Arguments;
import dev.rookery.order.Position;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The parameters of `events.decide`, in its order: an array for each property, with an element for each lane or
/// event.
final class DecisionArguments {

    private static final byte[] NONE = {};
    private static final int BY_ID = -1;
    private static final int EVERYTHING = -2;

    private final Arguments arguments;

    DecisionArguments(PreparedStatement statement) throws SQLException {
        arguments = new Arguments(statement);
    }

    void set(Position known, List<LaneMove> moves, Batch batch) throws SQLException {
        arguments.number(known.epoch()).number(known.seq());
        setMoves(moves);
        List<Candidate.Sound> events = batch.sound();
        setEvents(events);
        setTags(events);
        setTargets(events);
        arguments.bytes(batch.poisoned().stream()
                .flatMap(poisoned -> poisoned.id().stream())
                .map(Bytes32::toBytes)
                .toArray(byte[][]::new));
    }

    private void setMoves(List<LaneMove> moves) throws SQLException {
        arguments
                .texts(moves.stream().map(move -> move.lane().topic()).toArray(String[]::new))
                .integers(integers(moves, move -> move.lane().partition()))
                .uuids(moves.stream().map(LaneMove::topicId).toArray(UUID[]::new))
                .longs(longs(moves, LaneMove::from))
                .longs(longs(moves, LaneMove::to))
                .integers(integers(moves, LaneMove::leaderEpoch))
                .bytes(bytes(moves, move -> move.digest().toBytes()));
    }

    private void setEvents(List<Candidate.Sound> events) throws SQLException {
        short[] origins = new short[events.size()];
        for (int i = 0; i < origins.length; i++) {
            origins[i] = events.get(i).origin().flags();
        }
        arguments
                .bytes(bytes(events, candidate -> candidate.event().id().toBytes()))
                .bytes(bytes(events, candidate -> candidate.event().pubkey().toBytes()))
                .bytes(bytes(events, candidate -> orNone(candidate.recipient())))
                .integers(integers(events, candidate -> candidate.event().kind()))
                .longs(longs(events, candidate -> candidate.event().createdAt()))
                .longs(longs(events, candidate -> candidate.event().expiration().orElse(Long.MAX_VALUE)))
                .bytes(bytes(events, candidate -> orNone(candidate.address())))
                .shorts(origins)
                .bytes(bytes(events, candidate -> candidate.event().json()));
    }

    /// The hashes of all events one after the other, and each event's slice of them, counted from 1.
    private void setTags(List<Candidate.Sound> events) throws SQLException {
        int[] starts = new int[events.size()];
        int[] ends = new int[events.size()];
        int count = 0;
        for (int i = 0; i < starts.length; i++) {
            starts[i] = count + 1;
            count += events.get(i).tagHashes().length;
            ends[i] = count;
        }
        long[] hashes = new long[count];
        for (int i = 0; i < starts.length; i++) {
            long[] own = events.get(i).tagHashes();
            System.arraycopy(own, 0, hashes, starts[i] - 1, own.length);
        }
        arguments.integers(starts).integers(ends).longs(hashes);
    }

    private record Aimed(int event, Candidate.Sound by, DeletionTarget target) {}

    private void setTargets(List<Candidate.Sound> events) throws SQLException {
        List<Aimed> all = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            Candidate.Sound by = events.get(i);
            int event = i + 1;
            by.targets().forEach(target -> all.add(new Aimed(event, by, target)));
        }
        arguments
                .integers(integers(all, Aimed::event))
                .bytes(bytes(all, aimed -> aimed.by().event().pubkey().toBytes()))
                .integers(integers(all, aimed -> kind(aimed.target())))
                .bytes(bytes(all, aimed -> subject(aimed.target())))
                .longs(longs(all, aimed -> aimed.by().event().createdAt()));
    }

    private static int kind(DeletionTarget target) {
        return switch (target) {
            case DeletionTarget.ByAddress(int kind, var _) -> kind;
            case DeletionTarget.ById _ -> BY_ID;
            case DeletionTarget.Everything _ -> EVERYTHING;
        };
    }

    private static byte[] subject(DeletionTarget target) {
        return switch (target) {
            case DeletionTarget.ByAddress(var _, var identifierHash) -> identifierHash.toBytes();
            case DeletionTarget.ById(var id) -> id.toBytes();
            case DeletionTarget.Everything _ -> NONE;
        };
    }

    private static byte[] orNone(@Nullable Bytes32 bytes) {
        return bytes == null ? NONE : bytes.toBytes();
    }

    private static <T> int[] integers(List<T> list, ToIntFunction<T> property) {
        return list.stream().mapToInt(property).toArray();
    }

    private static <T> long[] longs(List<T> list, ToLongFunction<T> property) {
        return list.stream().mapToLong(property).toArray();
    }

    private static <T> byte[][] bytes(List<T> list, Function<T, byte[]> property) {
        return list.stream().map(property).toArray(byte[][]::new);
    }
}
