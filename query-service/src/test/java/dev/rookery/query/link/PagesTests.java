package dev.rookery.query.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.End;
import dev.rookery.order.Position;
import dev.rookery.query.answer.PagedAnswer;
import dev.rookery.query.answer.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

@Timeout(value = 10, unit = TimeUnit.SECONDS)
class PagesTests {

    private final Buffer buffer = new Buffer(1);
    private final List<LinkFrame.ToGateway> told = new ArrayList<>();

    /// All of the room is taken for a page that a slow database has still to bring.
    @Test
    void comeAtOnceWhereTheyNeedNotWaitForThoseOfOthers() {
        ask(new Given(Mono.never(), true));
        ask(new Given(Mono.just(end(1)), true));
        assertThat(told).isEmpty();

        ask(new Given(Mono.just(end(2)), false));

        assertThat(told).containsExactly(new End(2, Position.NONE));
    }

    private void ask(PagedAnswer answer) {
        new Pages(answer, new Allowance(100, 100), Duration.ofSeconds(5), buffer.new Share())
                .frames()
                .subscribe(told::add);
    }

    private static Part end(int request) {
        return new Part(List.of(new End(request, Position.NONE)), 0, true);
    }

    private record Given(Mono<Part> part, boolean waitsForPages) implements PagedAnswer {

        @Override
        public Mono<Part> next(long bytes) {
            return part;
        }
    }
}
