package dev.rookery.indexer.decision;

import dev.rookery.indexer.batch.Batch;
import dev.rookery.indexer.batch.Candidate;
import dev.rookery.indexer.lane.HighestSeen;
import dev.rookery.indexer.lane.LaneMove;
import dev.rookery.indexer.outage.StoreRefusedException;
import dev.rookery.indexer.outage.StoreUnavailableException;
import dev.rookery.indexer.outage.TurnTooLongException;
import dev.rookery.indexer.postgres.PostgresSession;
import dev.rookery.order.Decision;
import dev.rookery.order.Effect;
import dev.rookery.order.Effects;
import dev.rookery.order.Position;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Asks the database to decide a batch: one call of `events.decide`, one transaction, one turn in the order.
public final class Sequencer {

    static final String DECIDE = "select decided, epoch, first_seq, last_seq, batch, codes, effects, effects_left"
            + " from events.decide(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final String EFFECTS = "select effects from events.outbox where batch = ?";

    /// SQLSTATE: transaction timeout, query canceled.
    private static final Set<String> TIMEOUTS = Set.of("25P04", "57014");

    private final PostgresSession session;
    private final HighestSeen highest;

    /// @param session the consumer thread's
    public Sequencer(PostgresSession session, HighestSeen highest) {
        this.session = session;
        this.highest = highest;
    }

    /// What became of the batch; empty when a lane is not where the moves say or a new epoch has begun, and so
    /// nothing was done.
    ///
    /// @throws StoreUnavailableException when it is not known whether anything was done; trying again is safe
    /// @throws StoreRefusedException when the database cannot take one of the events; nothing was done
    /// @throws TurnTooLongException when it took the database too long; trying again with parts is safe
    public Optional<Decided> decide(Batch batch, List<LaneMove> moves) {
        try {
            return ask(batch, moves);
        } catch (StoreUnavailableException outage) {
            if (batch.size() > 1 && isTimeout(outage)) {
                throw new TurnTooLongException(batch.size(), outage);
            }
            throw outage;
        }
    }

    private static boolean isTimeout(StoreUnavailableException outage) {
        return outage.getCause() instanceof SQLException answer && TIMEOUTS.contains(answer.getSQLState());
    }

    private Optional<Decided> ask(Batch batch, List<LaneMove> moves) {
        return session.ask(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(DECIDE)) {
                new DecisionArguments(statement).set(highest.position(), moves, batch);
                try (ResultSet answer = statement.executeQuery()) {
                    answer.next();
                    return answer.getBoolean("decided") ? Optional.of(read(batch, answer)) : Optional.empty();
                }
            }
        });
    }

    private Decided read(Batch batch, ResultSet answer) throws SQLException {
        long epoch = answer.getLong("epoch");
        long seq = answer.getLong("first_seq");
        Position at = new Position(epoch, answer.getLong("last_seq"));
        byte[] codes = answer.getBytes("codes");
        byte[][] effects = effects(answer);
        List<Candidate.Sound> candidates = batch.sound();
        List<Judged> events = new ArrayList<>(codes.length);
        int accepted = 0;
        for (int i = 0; i < codes.length; i++) {
            Decision decision = Decision.ofCode(codes[i]);
            if (decision == Decision.ACCEPTED) {
                Position position = new Position(epoch, seq + accepted);
                events.add(new Judged(candidates.get(i), decision, position, decode(effects, accepted)));
                accepted++;
            } else {
                events.add(new Judged(candidates.get(i), decision, Position.NONE, List.of()));
            }
        }
        highest.saw(at);
        return new Decided(answer.getLong("batch"), at, events, batch.poisoned());
    }

    /// Those that were left in the outbox are fetched from there. Should that fail, it looks to the caller as if the
    /// outcome were unknown, which it is prepared for.
    private static byte @Nullable [][] effects(ResultSet answer) throws SQLException {
        if (!answer.getBoolean("effects_left")) {
            return array(answer);
        }
        try (PreparedStatement statement = answer.getStatement().getConnection().prepareStatement(EFFECTS)) {
            statement.setLong(1, answer.getLong("batch"));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return array(row);
            }
        }
    }

    private static byte @Nullable [][] array(ResultSet answer) throws SQLException {
        return answer.getArray("effects") == null
                ? null
                : (byte[][]) answer.getArray("effects").getArray();
    }

    private static List<Effect> decode(byte @Nullable [][] effects, int index) {
        byte[] bytes = effects == null ? null : effects[index];
        return bytes == null ? List.of() : Effects.decode(bytes);
    }
}
