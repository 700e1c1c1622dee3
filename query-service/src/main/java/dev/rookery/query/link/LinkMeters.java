package dev.rookery.query.link;

import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Failed;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/// What links do, in numbers.
///
/// `rookery.query.request` times each request by kind and outcome: `complete`, `cancelled`, or a failure;
/// `rookery.query.first` times it to its first frame.
public final class LinkMeters {

    private final MeterRegistry registry;
    private final AtomicInteger links;

    public LinkMeters(MeterRegistry registry) {
        this.registry = registry;
        this.links = registry.gauge("rookery.query.links", new AtomicInteger());
    }

    void opened() {
        links.incrementAndGet();
    }

    void closed() {
        links.decrementAndGet();
    }

    Running began(String kind) {
        return new Running(kind, Timer.start(registry));
    }

    /// One request. Its frames are seen one after the other.
    final class Running {

        private final String kind;
        private final Timer.Sample sample;
        private boolean begun;
        private String outcome = "cancelled";

        private Running(String kind, Timer.Sample sample) {
            this.kind = kind;
            this.sample = sample;
        }

        void saw(LinkFrame.ToGateway frame) {
            if (!begun) {
                begun = true;
                sample.stop(registry.timer("rookery.query.first", "kind", kind));
            }
            switch (frame) {
                case Failed failed -> outcome = failed.failure().name().toLowerCase(Locale.ROOT);
                case LinkFrame.End _, LinkFrame.Statuses _, LinkFrame.Counted _ -> outcome = "complete";
                case LinkFrame.Page _, LinkFrame.RangePage _, LinkFrame.Reconciled _ -> {}
                case LinkFrame.Registered _, LinkFrame.Deliver _, LinkFrame.Heartbeat _, LinkFrame.Refused _ -> {}
            }
        }

        void ended() {
            sample.stop(registry.timer("rookery.query.request", "kind", kind, "outcome", outcome));
        }
    }
}
