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
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the database to decide a batch: one call of `events.decide`, one transaction, one turn in the order. One
/// thread.
public final class Sequencer {

    static final String DECIDE = "select decided, epoch, first_seq, last_seq, batch, codes, effects, effects_left"
            + " from events.decide(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final String EFFECTS = "select effects from events.outbox where batch = ?";

    private static final Logger LOG = LoggerFactory.getLogger(Sequencer.class);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final PostgresSession session;
    private final HighestSeen highest;
    /// How long the next turn may take, if it is that of one record. Longer than others once that took too long.
    private Duration bound;

    /// @param session the consumer thread's
    public Sequencer(PostgresSession session, HighestSeen highest) {
        this.session = session;
        this.highest = highest;
        this.bound = session.bound();
    }

    /// What became of the batch; empty when a lane is not where the moves say or a new epoch has begun, and so
    /// nothing was done.
    ///
    /// @throws StoreUnavailableException when it is not known whether anything was done; trying again is safe.
    ///     One record that took too long is given longer then
    /// @throws StoreRefusedException when the database cannot take one of the events; nothing was done
    /// @throws TurnTooLongException when it took the database too long; trying again with parts is safe
    public Optional<Decided> decide(Batch batch, List<LaneMove> moves) {
        try {
            Optional<Decided> decided = batch.size() > 1 || bound.equals(session.bound())
                    ? session.ask(connection -> ask(connection, batch, moves))
                    : session.askWithin(bound, connection -> ask(connection, batch, moves));
            bound = session.bound();
            return decided;
        } catch (StoreUnavailableException outage) {
            if (!outage.isOutOfTime()) {
                throw outage;
            }
            if (batch.size() > 1) {
                throw new TurnTooLongException(batch.size(), outage);
            }
            giveLonger(batch.candidates().getFirst());
            throw outage;
        }
    }

    /// What one record is to do may be more than any turn should take. Everything waits for it, but only once.
    private void giveLonger(Candidate alone) {
        Duration before = bound;
        Duration doubled = bound.multipliedBy(2);
        bound = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        LOG.warn(
                "{} at {} is not decided within {}; its next turn may take {}",
                alone.lane(),
                alone.record().offset(),
                before,
                bound);
    }

    private Optional<Decided> ask(Connection connection, Batch batch, List<LaneMove> moves) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DECIDE)) {
            new DecisionArguments(statement).set(highest.position(), moves, batch);
            try (ResultSet answer = statement.executeQuery()) {
                answer.next();
                return answer.getBoolean("decided") ? Optional.of(read(batch, answer)) : Optional.empty();
            }
        }
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
