package dev.rookery.query.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

@Timeout(60)
class AtOnceTests {

    private final AtOnce two = new AtOnce(2);
    private final List<String> begun = new ArrayList<>();
    private final List<Disposable> work = new ArrayList<>();
    private final List<Sinks.One<String>> ends = new ArrayList<>();

    @Test
    void lettingOneEndLetsTheNextBegin() {
        begin("a", "b", "c", "d");
        assertThat(begun).containsExactly("a", "b");

        ends.get(1).tryEmitValue("done");
        assertThat(begun).containsExactly("a", "b", "c");

        ends.get(0).tryEmitError(new IllegalStateException("failed"));
        assertThat(begun).containsExactly("a", "b", "c", "d");
    }

    @Test
    void oneThatIsCancelledGivesItsPlaceAwayAndOneThatWaitsDoesNotBegin() {
        begin("a", "b", "c", "d");
        work.get(2).dispose();
        work.get(0).dispose();
        assertThat(begun).containsExactly("a", "b", "d");

        work.get(1).dispose();
        work.get(3).dispose();
        begin("e", "f", "g");
        assertThat(begun).containsExactly("a", "b", "d", "e", "f");
    }

    @Test
    void letsAnyNumberBeRefusedOneAfterTheOther() {
        AtOnce one = new AtOnce(1);
        Sinks.One<String> first = Sinks.one();
        one.run(first.asMono()).subscribe();
        AtomicInteger refused = new AtomicInteger();
        for (int i = 0; i < 50_000; i++) {
            one.run(Mono.error(new IllegalStateException("refused")))
                    .subscribe(done -> {}, failure -> refused.incrementAndGet());
        }

        first.tryEmitValue("done");

        assertThat(refused).hasValue(50_000);
    }

    private void begin(String... names) {
        for (String name : names) {
            Sinks.One<String> end = Sinks.one();
            ends.add(end);
            work.add(two.run(Mono.defer(() -> {
                        begun.add(name);
                        return end.asMono();
                    }))
                    .subscribe(done -> {}, failed -> {}));
        }
    }
}
