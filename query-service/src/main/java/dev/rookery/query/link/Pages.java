package dev.rookery.query.link;

import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.query.answer.PagedAnswer;
import dev.rookery.query.answer.Part;
import dev.rookery.query.stored.QueryFailure;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// One answer on its way into the link. A page is fetched when the request has credit and the link has room, and the
/// next one when all frames of the last have been taken.
final class Pages implements AutoCloseable {

    private static final Mono<Long> NOT_TAKEN =
            Mono.error(() -> new QueryFailure(Failure.OVERLOADED, "the answer was not taken in time"));

    private final PagedAnswer answer;
    private final Allowance credit;
    private final Duration creditWithin;
    private final Buffer.Share room;
    private boolean over;

    Pages(PagedAnswer answer, Allowance credit, Duration creditWithin, Buffer.Share room) {
        this.answer = answer;
        this.credit = credit;
        this.creditWithin = creditWithin;
        this.room = room;
    }

    Flux<LinkFrame.ToGateway> frames() {
        return Flux.defer(this::page).repeat(() -> !over);
    }

    private Flux<LinkFrame.ToGateway> page() {
        return credit.availableWithin(creditWithin, NOT_TAKEN)
                .flatMap(most -> room.take(most, answer.waitsForPages()))
                .flatMap(answer::next)
                .doOnNext(this::fetched)
                .flatMapIterable(Part::frames)
                .doOnComplete(room::giveBack);
    }

    private void fetched(Part part) {
        credit.use(part.bytes());
        over = part.isLast();
    }

    @Override
    public void close() {
        answer.close();
        room.close();
    }
}
