package dev.rookery.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.event.Kinds;
import dev.rookery.signature.SignatureChecks;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CorpusTests {

    private static final Corpus CORPUS = Corpus.of(5, 2_000);

    @Test
    void isTheSameForTheSameSeed() {
        assertThat(Corpus.of(5, 50).events()).isEqualTo(CORPUS.events().subList(0, 50));
        assertThat(Corpus.of(6, 50).events()).doesNotContainAnyElementsOf(CORPUS.events());
    }

    @Test
    void isOfGoodEventsInTheirShares() {
        assertThat(CORPUS.events())
                .allMatch(Event::hasValidId)
                .filteredOn(event -> event.hashCode() % 50 == 0)
                .allMatch(event -> SignatureChecks.best()
                        .verify(event.id().toBytes(), event.pubkey().toBytes(), event.signature()));
        assertThat(share(event -> event.kind() == 1)).isBetween(0.55, 0.65);
        assertThat(share(event -> event.kind() == 7)).isBetween(0.20, 0.30);
        assertThat(share(event -> Kinds.isReplaceable(event.kind()))).isBetween(0.05, 0.11);
        assertThat(share(event -> Kinds.isAddressable(event.kind()))).isBetween(0.04, 0.10);
    }

    /// What is asked for by `#e` has been written about.
    @Test
    void answersToItself() {
        Random random = new Random(1);
        List<String> named = CORPUS.events().stream()
                .flatMap(event -> event.tags().stream())
                .filter(tag -> tag.name().equals("e"))
                .map(tag -> tag.elements().get(1))
                .toList();
        long found = IntStream.range(0, 100)
                .filter(i ->
                        named.contains(CORPUS.target(random, CORPUS.events().size())))
                .count();
        assertThat(found).isGreaterThan(50);
    }

    private static double share(Predicate<Event> wanted) {
        return CORPUS.events().stream().filter(wanted).count()
                / (double) CORPUS.events().size();
    }
}
