package dev.rookery.load;

import dev.rookery.load.Connections.Connection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Connections and subscriptions that stay open beside what is measured and have nothing to do with it: what a relay
/// does for others must not cost more because of them.
///
/// @param subscriptions to authors who never publish
/// @param connections   on which nothing is said
record Bystanders(int subscriptions, int connections) {

    private static final int TO_A_CONNECTION = 100;
    private static final long PATIENCE_SECONDS = 60;

    Bystanders {
        if (subscriptions < 0 || connections < 0) {
            throw new IllegalArgumentException(Options.USAGE);
        }
    }

    /// Returns when all are there. They are until the result is closed.
    Connections join(Target relay) throws Exception {
        Connections clients = new Connections(relay.address(), 1);
        CountDownLatch ready = new CountDownLatch(subscriptions);
        for (int from = 0; from < subscriptions; from += TO_A_CONNECTION) {
            Connection connection = open(clients, ready);
            for (int number = from; number < Math.min(from + TO_A_CONNECTION, subscriptions); number++) {
                connection.send(
                        "[\"REQ\",\"s%d\",{\"authors\":[\"%064x\"],\"limit\":1}]".formatted(number, number + 1));
            }
        }
        for (int number = 0; number < connections; number++) {
            open(clients, ready);
        }
        if (!ready.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            clients.close();
            throw new IllegalStateException(ready.getCount() + " subscriptions got no EOSE");
        }
        return clients;
    }

    private static Connection open(Connections clients, CountDownLatch ready) throws Exception {
        return clients.open(message -> {
                    if (Received.of(message).verb().equals("EOSE")) {
                        ready.countDown();
                    }
                })
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
