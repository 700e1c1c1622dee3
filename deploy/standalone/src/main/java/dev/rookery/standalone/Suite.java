package dev.rookery.standalone;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.ConfigurableEnvironment;

/// The data directory, the servers in it and the services upon them: started in this order, stopped in the opposite
/// one.
final class Suite implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Suite.class);

    private final StandaloneProperties properties;
    private final ConfigurableEnvironment environment;
    private final Steps steps = new Steps();
    private final Lock turn = new ReentrantLock();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private volatile boolean stopping;

    /// @param environment what the operator has set
    Suite(StandaloneProperties properties, ConfigurableEnvironment environment) {
        this.properties = properties;
        this.environment = environment;
    }

    /// Returns when clients are served. What has been started when it fails is stopped by [#close()].
    ///
    /// @param lost called when a server or a service ends by itself
    /// @return where
    /// @throws StartFailedException for a reason that an operator can act on
    /// @throws ServiceFailedException when a service did not start, which has logged the reason
    /// @throws CancellationException when it is closed meanwhile
    PublicAddress start(Runnable lost) throws Exception {
        turn.lock();
        try {
            PublicAddress address = new PublicAddress(properties.address(), properties.port());
            address.requireFree();
            Wiring wiring = Wiring.toCome(properties, environment);
            Values.check(wiring);
            DataDirectory directory = part(DataDirectory.open(properties.dataDir()));
            log.info("Rookery starts, with its data in {}", directory.path());
            Servers servers = part(new Servers(directory));
            Consumer<String> ended = name -> report(name, lost);
            Services services =
                    start(servers, () -> new Services(wiring.upon(servers.stores(), directory.secret()), ended));
            servers.whenOneEnds(ended);
            return address.withPort(services.publicPort());
        } finally {
            turn.unlock();
        }
    }

    /// The broker is what takes longest to start. Services come up beside it and wait for it by themselves; the gateway
    /// could too, but would only slow down the others. Nothing reads before there are tables.
    ///
    /// @param made to be called once the stores run
    private Services start(Servers servers, Callable<Services> made) throws Exception {
        AtomicReference<Services> upon = new AtomicReference<>();
        Parallel.run(List.of(() -> servers.startLog(steps), () -> {
            servers.startStores(steps);
            Services services = part(made.call());
            upon.set(services);
            services.start(servers.database().isNew() ? Set.of(Service.INDEXER) : Service.behindTheGateway(), steps);
        }));
        Services services = Objects.requireNonNull(upon.get());
        if (servers.database().isNew()) {
            steps.run("Tables", () -> services.awaitReady(properties.readyWithin()));
            services.start(Service.readers(), steps);
        } else {
            services.start(Set.of(Service.GATEWAY), steps);
        }
        steps.run("All ready", () -> services.awaitReady(properties.readyWithin()));
        return services;
    }

    /// Also while it starts, in which case it waits for the step under way.
    @Override
    public void close() {
        stopping = true;
        turn.lock();
        try {
            while (!parts.isEmpty()) {
                close(parts.pop());
            }
        } finally {
            turn.unlock();
        }
    }

    private <T extends AutoCloseable> T part(T part) {
        parts.push(part);
        if (stopping) {
            throw new CancellationException();
        }
        return part;
    }

    private void report(String name, Runnable lost) {
        if (!stopping) {
            log.error("{} has ended by itself", name);
            lost.run();
        }
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception failure) {
            log.error("Not stopped as it should be: {}", part.getClass().getSimpleName(), failure);
        }
    }
}
