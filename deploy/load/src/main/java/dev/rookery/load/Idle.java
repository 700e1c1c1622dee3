package dev.rookery.load;

import dev.rookery.load.Connections.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Connections on which nothing is said: what each of them takes of the relay's memory.
///
/// @param settle how long the relay is left alone before its memory is looked at, in milliseconds
record Idle(String name, int connections, long settle) implements Scenario {

    private static final long PATIENCE_SECONDS = 30;

    @Override
    public Measure run(Target target) throws Exception {
        double before = target.memoryBytes();
        Stopwatch watch = Stopwatch.of(target);
        List<Connection> opened = new ArrayList<>();
        try (Connections clients = new Connections(target.address(), 1)) {
            for (int i = 0; i < connections; i++) {
                long since = System.nanoTime();
                opened.add(clients.open(message -> {}).get(PATIENCE_SECONDS, TimeUnit.SECONDS));
                watch.took(since);
            }
            Measure measure = watch.end(name, "connections", List.of());
            Thread.sleep(settle);
            double each = (target.memoryBytes() - before) / connections;
            opened.forEach(Connection::close);
            return Double.isNaN(each) ? measure : measure.withBytes(each);
        }
    }
}
