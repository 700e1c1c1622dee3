package dev.rookery.indexer.lane;

import dev.rookery.event.Bytes32;
import dev.rookery.indexer.postgres.Arguments;
import dev.rookery.indexer.postgres.PostgresSession;
import dev.rookery.order.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;

/// The table `events.progress`.
final class ProgressTable {

    private static final String READ =
            "select topic, partition, topic_id, decided, leader_epoch, last_digest from events.progress";
    private static final String PLACE =
            "select placed, epoch, seq, begun from events.place_lanes(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String DECLARE = "select events.declare_lanes(?, ?)";
    private static final String COMMITTED = "select epoch, seq from events.committed()";
    private static final String PASS = "update events.progress set catch_up_to = 0 where catch_up_to > decided"
            + " and catch_up_to <= ? and topic = ? and partition = ? and decided = ? and topic_id = ?";

    private static final byte[] UNKNOWN = {};

    private final PostgresSession session;

    /// @param session the consumer thread's
    ProgressTable(PostgresSession session) {
        this.session = session;
    }

    Map<TopicPartition, LaneRow> rows() {
        return session.ask(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(READ);
                    ResultSet result = statement.executeQuery()) {
                Map<TopicPartition, LaneRow> rows = new HashMap<>();
                while (result.next()) {
                    rows.put(new TopicPartition(result.getString(1), result.getInt(2)), row(result));
                }
                return rows;
            }
        });
    }

    private static LaneRow row(ResultSet result) throws SQLException {
        byte[] digest = result.getBytes(6);
        return new LaneRow(
                result.getObject(3, UUID.class),
                result.getLong(4),
                result.getInt(5),
                digest.length == 0 ? null : Bytes32.of(digest));
    }

    /// Says which lanes there are, so that readers know when all of them are complete.
    ///
    /// @param topics each with its number of partitions
    void declare(Map<String, Integer> topics) {
        session.ask(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(DECLARE)) {
                List<Map.Entry<String, Integer>> entries = List.copyOf(topics.entrySet());
                new Arguments(statement)
                        .texts(entries.stream().map(Map.Entry::getKey).toArray(String[]::new))
                        .integers(integers(entries, Map.Entry::getValue));
                return statement.execute();
            }
        });
    }

    Position committed() {
        return session.ask(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(COMMITTED);
                    ResultSet result = statement.executeQuery()) {
                result.next();
                return new Position(result.getLong(1), result.getLong(2));
            }
        });
    }

    /// Says that there is nothing to decide in a lane between two offsets, so that nobody waits for it to be decided up
    /// to there. The lane stays where it is, after its last decided record.
    void pass(TopicPartition lane, LaneGap gap) {
        session.ask(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(PASS)) {
                new Arguments(statement)
                        .number(gap.to())
                        .text(lane.topic())
                        .number(lane.partition())
                        .number(gap.from());
                statement.setObject(5, gap.topicId());
                return statement.execute();
            }
        });
    }

    /// Where the order stands.
    ///
    /// @param begun whether its epoch began with this
    record Stand(Position at, boolean begun) {}

    /// Sets the lanes, all or none.
    ///
    /// @return where the order stands then; empty when another indexer has moved one of the lanes meanwhile
    Optional<Stand> place(Position known, Map<TopicPartition, LanePlace> places) {
        return session.ask(connection -> place(connection, known, new ArrayList<>(places.entrySet())));
    }

    private static Optional<Stand> place(
            Connection connection, Position known, List<Map.Entry<TopicPartition, LanePlace>> places)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PLACE)) {
            new Arguments(statement)
                    .number(known.epoch())
                    .number(known.seq())
                    .texts(places.stream().map(p -> p.getKey().topic()).toArray(String[]::new))
                    .integers(integers(places, p -> p.getKey().partition()))
                    .uuids(places.stream()
                            .map(p -> p.getValue().row().topicId())
                            .toArray(UUID[]::new))
                    .longs(longs(places, p -> p.getValue().found()))
                    .longs(longs(places, p -> p.getValue().row().decided()))
                    .integers(integers(places, p -> p.getValue().row().leaderEpoch()))
                    .bytes(places.stream().map(p -> digest(p.getValue())).toArray(byte[][]::new))
                    .longs(longs(places, p -> p.getValue().committed()))
                    .longs(longs(places, p -> p.getValue().end()));
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getBoolean(1)
                        ? Optional.of(
                                new Stand(new Position(result.getLong(2), result.getLong(3)), result.getBoolean(4)))
                        : Optional.empty();
            }
        }
    }

    private static byte[] digest(LanePlace place) {
        Bytes32 digest = place.row().digest();
        return digest == null ? UNKNOWN : digest.toBytes();
    }

    private static <T> long[] longs(List<T> list, ToLongFunction<T> value) {
        return list.stream().mapToLong(value).toArray();
    }

    private static <T> int[] integers(List<T> list, ToIntFunction<T> value) {
        return list.stream().mapToInt(value).toArray();
    }
}
