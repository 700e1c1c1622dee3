package dev.rookery.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rookery.event.Event;
import dev.rookery.filter.Filter;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.message.ClientMessage;
import dev.rookery.message.ClientMessageReader;
import dev.rookery.message.MessageBounds;
import dev.rookery.message.RelayMessages;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/// A relay in memory, as simple as can be, which can be told to do each thing wrong now and then.
final class PlainRelay implements AutoCloseable {

    /// What it does wrong, once.
    enum Fault {
        NONE,
        FORGETS,
        REFUSES,
        DELIVERS_TWICE,
        DOES_NOT_DELIVER
    }

    private final ClientMessageReader reader = new ClientMessageReader(MessageBounds.DEFAULT);
    private final List<Event> stored = new CopyOnWriteArrayList<>();
    private final Map<Place, Live> live = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger faults = new AtomicInteger();
    private final Fault fault;
    private final DisposableServer server;

    private record Place(Object connection, String subscription) {}

    private record Live(String id, List<Filter> filters, Consumer<byte[]> out) {}

    PlainRelay(Fault fault) {
        this.fault = fault;
        server = HttpServer.create()
                .host("127.0.0.1")
                .route(routes -> routes.ws("/", (in, out) -> {
                    Sinks.Many<String> answers = Sinks.many().unicast().onBackpressureBuffer();
                    Object key = new Object();
                    connections.incrementAndGet();
                    in.receive()
                            .asString()
                            .subscribe(message -> hear(key, message, bytes -> emit(answers, new String(bytes, UTF_8))));
                    return out.sendString(answers.asFlux().doFinally(end -> left(key)))
                            .then();
                }))
                .bindNow();
    }

    private void left(Object connection) {
        connections.decrementAndGet();
        live.keySet().removeIf(place -> place.connection() == connection);
    }

    int connections() {
        return connections.get();
    }

    int subscriptions() {
        return live.size();
    }

    URI address() {
        return URI.create("ws://127.0.0.1:" + server.port() + "/");
    }

    private static synchronized void emit(Sinks.Many<String> answers, String message) {
        answers.tryEmitNext(message).orThrow();
    }

    private boolean isTimeFor(Fault one) {
        return fault == one && faults.getAndIncrement() == 0;
    }

    private void hear(Object key, String message, Consumer<byte[]> out) {
        try {
            byte[] bytes = message.getBytes(UTF_8);
            switch (reader.read(bytes, 0, bytes.length)) {
                case ClientMessage.Publish(var event) -> publish(event, out);
                case ClientMessage.Subscribe(var id, var filters) -> {
                    stored.stream()
                            .filter(event -> filters.stream().anyMatch(filter -> filter.matches(event)))
                            .forEach(event -> out.accept(delivery(id, event)));
                    out.accept(RelayMessages.eose(id));
                    live.put(new Place(key, id), new Live(id, filters, out));
                }
                case ClientMessage.Unsubscribe(var id) -> live.remove(new Place(key, id));
                default -> throw new AssertionError("no scenario says " + message);
            }
        } catch (MalformedMessageException broken) {
            throw new AssertionError(broken);
        }
    }

    private void publish(Event event, Consumer<byte[]> out) {
        boolean isNote = event.kind() == 1;
        boolean accepted = !(isNote && isTimeFor(Fault.REFUSES));
        if (accepted && !(isNote && isTimeFor(Fault.FORGETS))) {
            stored.add(event);
        }
        out.accept(RelayMessages.ok(event.id(), accepted, accepted ? "" : "error: not now"));
        for (Live one : live.values()) {
            if (one.filters().stream().anyMatch(filter -> filter.matches(event))
                    && !isTimeFor(Fault.DOES_NOT_DELIVER)) {
                one.out().accept(delivery(one.id(), event));
                if (isTimeFor(Fault.DELIVERS_TWICE)) {
                    one.out().accept(delivery(one.id(), event));
                }
            }
        }
    }

    private static byte[] delivery(String subscription, Event event) {
        return (new String(RelayMessages.eventPrefix(subscription), UTF_8) + event + "]").getBytes(UTF_8);
    }

    @Override
    public void close() {
        server.disposeNow();
    }
}
