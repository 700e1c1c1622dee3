package dev.rookery.gateway;

import dev.rookery.gateway.publish.StatusSource;
import dev.rookery.link.LinkFrame.Question;
import dev.rookery.link.LinkFrame.Statuses;
import dev.rookery.order.Decision;
import dev.rookery.order.Position;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// A query-service that knows what a test tells it.
final class FakeStatuses implements StatusSource {

    final List<Question> asked = new CopyOnWriteArrayList<>();
    volatile Function<Question, Decision> knows = question -> Decision.UNDECIDED;
    volatile Function<List<Question>, CompletableFuture<Statuses>> answer =
            questions -> CompletableFuture.completedFuture(new Statuses(
                    1,
                    new Position(1, 1),
                    questions.stream().map(question -> knows.apply(question)).toList()));

    @Override
    public CompletableFuture<Statuses> ask(Position atLeast, List<Question> questions) {
        asked.addAll(questions);
        return answer.apply(questions);
    }
}
