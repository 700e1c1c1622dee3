package dev.rookery.query.window;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/// What is measured of the window. Thread-safe.
final class WindowMeters {

    private final Counter answered;
    private final Counter leftToDatabase;
    private final Counter loads;

    WindowMeters(MeterRegistry registry, Window window) {
        answered = answers(registry, "window");
        leftToDatabase = answers(registry, "database");
        loads = Counter.builder("rookery.query.window.loads")
                .description("Times that the window was loaded from the database")
                .register(registry);
        Gauge.builder("rookery.query.window.events", window, Window::size)
                .description("Events in the window")
                .register(registry);
        Gauge.builder("rookery.query.window.size", window, Window::bytes)
                .description("What the events in the window take, about")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder(
                        "rookery.query.window.unsent.size",
                        window,
                        of -> of.unsent().bytes())
                .description("What is left to be given of answers of the window")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("rookery.query.window.applied.seq", window, of -> of.at().seq())
                .description("The position that the window has reached, within its epoch")
                .register(registry);
        Gauge.builder("rookery.query.window.serving", window, of -> of.isServing() ? 1 : 0)
                .description("1 while requests are answered from the window")
                .register(registry);
    }

    private static Counter answers(MeterRegistry registry, String from) {
        return Counter.builder("rookery.query.answers")
                .description("Requests for stored events, by what has answered them")
                .tag("from", from)
                .register(registry);
    }

    void answered() {
        answered.increment();
    }

    void leftToDatabase() {
        leftToDatabase.increment();
    }

    void loading() {
        loads.increment();
    }
}
