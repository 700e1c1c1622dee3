package dev.rookery.indexer.search;

import dev.rookery.event.Event;
import dev.rookery.event.EventReader;
import dev.rookery.indexer.outage.ChunkSize;
import dev.rookery.indexer.outage.StoreRefusedException;
import dev.rookery.indexer.postgres.Arguments;
import dev.rookery.indexer.postgres.PostgresSession;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.words.EventWords;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes the words of what was stored to their index, in the order of `seq`, a chunk at a time.
///
/// A chunk and how far it goes are one transaction, and it is written only if nobody has gone further meanwhile. So
/// any number of indexers do no harm; one that comes second leaves the work to the other for a while.
final class WordIndex {

    private static final Logger LOG = LoggerFactory.getLogger(WordIndex.class);

    private static final String NEXT = "select since, through, seqs, jsons from events.next_texts(?, ?, ?)";
    private static final String ADD = "select events.add_words(?, ?, ?, ?)";
    private static final String SWEEP = "select events.sweep_words(?)";
    private static final int MOST_EVENTS = 1_000;
    private static final int MOST_BYTES = 4 << 20;
    private static final int MOST_SWEPT = 5_000;
    private static final long LONGEST_NANOS = Duration.ofSeconds(2).toNanos();
    private static final int TURNS_LEFT_TO_ANOTHER = 20;

    private final PostgresSession session;
    private final int[] kinds;
    private final Counter written;
    private final ChunkSize events = new ChunkSize(MOST_EVENTS);
    private final ChunkSize swept = new ChunkSize(MOST_SWEPT);
    private int leftToAnother;

    /// @param session of the thread that does this
    WordIndex(PostgresSession session, Set<Integer> kinds, MeterRegistry meters) {
        this.session = session;
        this.kinds = kinds.stream().mapToInt(Integer::intValue).toArray();
        this.written = meters.counter("rookery.indexer.search.written");
    }

    /// What comes next in the order.
    ///
    /// @param since   what was written before goes so far
    /// @param through all that has a text up to here is in it
    private record Texts(long since, long through, List<Text> texts) {}

    @SuppressWarnings("ArrayRecordComponent") // bytes are handed on, and never compared
    private record Text(long seq, byte[] json) {}

    private record Entry(long seq, String vector) {}

    void run() {
        if (leftToAnother > 0) {
            leftToAnother--;
            return;
        }
        long end = System.nanoTime() + LONGEST_NANOS;
        boolean more = true;
        while (more && System.nanoTime() - end < 0) {
            more = writeNext();
        }
    }

    /// One chunk; whether there may be more to do.
    boolean writeNext() {
        return events.ask(most -> session.ask(connection -> next(connection, most))
                .map(this::write)
                .orElse(false));
    }

    private boolean write(Texts next) {
        List<Entry> entries = new ArrayList<>();
        for (Text text : next.texts()) {
            EventWords words = words(text);
            if (words != null && !words.isEmpty()) {
                entries.add(new Entry(text.seq(), words.vector()));
            }
        }
        boolean first = write(next, entries);
        leftToAnother = first ? 0 : TURNS_LEFT_TO_ANOTHER;
        return first;
    }

    /// One that the database refuses would hold up all that follow, so it is left out.
    private boolean write(Texts next, List<Entry> entries) {
        try {
            return add(next.since(), next.through(), entries);
        } catch (StoreRefusedException refused) {
            return writeOneByOne(next, entries);
        }
    }

    private boolean writeOneByOne(Texts next, List<Entry> entries) {
        long since = next.since();
        for (Entry entry : entries) {
            try {
                if (!add(since, entry.seq(), List.of(entry))) {
                    return false;
                }
                since = entry.seq();
            } catch (StoreRefusedException refused) {
                LOG.error("the words of event {} cannot be written", entry.seq(), refused);
            }
        }
        return add(since, next.through(), List.of());
    }

    private boolean add(long since, long through, List<Entry> entries) {
        boolean first = session.ask(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(ADD)) {
                new Arguments(statement)
                        .number(since)
                        .number(through)
                        .longs(entries.stream().mapToLong(Entry::seq).toArray())
                        .texts(entries.stream().map(Entry::vector).toArray(String[]::new));
                try (ResultSet result = statement.executeQuery()) {
                    result.next();
                    return result.getBoolean(1);
                }
            }
        });
        written.increment(first ? entries.size() : 0);
        return first;
    }

    /// Takes out rows of words whose event went while they were written; nobody is shown them.
    void sweep() {
        swept.ask(most -> session.ask(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SWEEP)) {
                statement.setInt(1, most);
                return statement.execute();
            }
        }));
    }

    private Optional<Texts> next(Connection connection, int mostEvents) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NEXT)) {
            new Arguments(statement).integers(kinds);
            statement.setInt(2, mostEvents);
            statement.setInt(3, MOST_BYTES);
            try (ResultSet result = statement.executeQuery()) {
                if (!result.next()) {
                    return Optional.empty();
                }
                Long[] seqs = (Long[]) result.getArray(3).getArray();
                byte[][] jsons = (byte[][]) result.getArray(4).getArray();
                List<Text> texts = new ArrayList<>(seqs.length);
                for (int i = 0; i < seqs.length; i++) {
                    texts.add(new Text(seqs[i], jsons[i]));
                }
                return Optional.of(new Texts(result.getLong(1), result.getLong(2), texts));
            }
        }
    }

    private static @Nullable EventWords words(Text text) {
        try {
            Event event = EventReader.readTrusted(text.json());
            return EventWords.of(event);
        } catch (MalformedMessageException malformed) {
            LOG.error("stored event {} is not well formed: {}", text.seq(), malformed.reason());
            return null;
        }
    }
}
