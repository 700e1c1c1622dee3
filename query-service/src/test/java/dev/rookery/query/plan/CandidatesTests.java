package dev.rookery.query.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.event.Bytes32;
import dev.rookery.query.plan.Scan.Found;
import dev.rookery.query.plan.Scan.Start;
import dev.rookery.query.plan.Sources.ByAuthor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class CandidatesTests {

    private static final long NEWEST = 1_000_000;

    static Stream<Long> seeds() {
        return LongStream.rangeClosed(1, 300).boxed();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void givesTheKeysOfAllSourcesInOrderAndOnce(long seed) {
        Random random = new Random(seed);
        Index index = Index.random(random, 1 + random.nextInt(seed % 3 == 0 ? 200 : 5));
        long since = random.nextBoolean() ? 0 : random.nextInt((int) NEWEST);
        long until = random.nextBoolean() ? NEWEST : since + random.nextInt((int) NEWEST);
        SourceCandidates candidates = new SourceCandidates(index.sources(), since, until);

        List<Key> given = new ArrayList<>();
        while (!candidates.isExhausted()) {
            if (candidates.ready() == 0) {
                Scan scan = candidates.next(1 + random.nextInt(40));
                candidates.add(scan, index.scan(scan));
            } else {
                given.add(candidates.take());
            }
        }

        assertThat(given).as("seed %d", seed).containsExactlyElementsOf(index.all(since, until));
    }

    /// Of several kinds, some hold the same keys, and some none.
    @ParameterizedTest
    @MethodSource("seeds")
    void givesTheKeysOfAllKindsOfSourcesInOrderAndOnce(long seed) {
        Random random = new Random(seed);
        List<Index> kinds = new ArrayList<>();
        for (int kind = 2 + random.nextInt(2); kind > 0; kind--) {
            kinds.add(Index.random(random, 1 + random.nextInt(4)));
        }
        kinds.getLast().sources.getFirst().addAll(kinds.getFirst().all(0, NEWEST));
        long since = random.nextBoolean() ? 0 : random.nextInt((int) NEWEST);
        Candidates candidates = Candidates.of(kinds.stream().map(Index::sources).toList(), since, NEWEST);

        List<Key> given = new ArrayList<>();
        while (!candidates.isExhausted()) {
            if (candidates.isReady()) {
                given.add(candidates.take());
            } else {
                Scan scan = candidates.next(1 + random.nextInt(40));
                Index read = kinds.stream()
                        .filter(kind -> kind.asked == scan.sources())
                        .findAny()
                        .orElseThrow();
                candidates.add(scan, read.scan(scan));
            }
        }

        TreeSet<Key> all = new TreeSet<>();
        kinds.forEach(kind -> all.addAll(kind.all(since, NEWEST)));
        assertThat(given).as("seed %d", seed).containsExactlyElementsOf(all);
    }

    @Test
    void readsLittleMoreThanIsWantedHoweverManySourcesAreSilent() {
        Random random = new Random(1);
        Index index = new Index(IntStream.range(0, 1_000)
                .mapToObj(source -> Index.keys(random, source % 5 == 0 ? 200 : 0))
                .toList());
        SourceCandidates candidates = new SourceCandidates(index.sources(), 0, NEWEST);

        int scans = 0;
        while (candidates.ready() < 500) {
            Scan scan = candidates.next(500);
            candidates.add(scan, index.scan(scan));
            scans++;
        }

        assertThat(scans).isLessThanOrEqualTo(4);
        assertThat(index.readToTheirEnd).isLessThanOrEqualTo(16);
        assertThat(index.found).isLessThan(2_500);
    }

    /// All who are sampled have been silent for long, or have just begun to speak: neither tells of the others.
    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4_000})
    void asksForBoundedKeysAtOnceHoweverMuchASampleMisleads(int ofSampled) {
        int sources = 5_000;
        SourceCandidates candidates = new SourceCandidates(Index.ofAuthors(sources), 0, NEWEST);
        Scan sample = candidates.next(4_000);
        TreeSet<Integer> sampled =
                new TreeSet<>(sample.from().stream().map(Start::source).toList());
        Index index = new Index(IntStream.range(0, sources)
                .mapToObj(source -> Index.keys(new Random(source), sampled.contains(source) ? ofSampled : 40))
                .toList());
        candidates.add(sample, index.scan(sample));

        while (!candidates.isExhausted()) {
            if (candidates.ready() == 0) {
                Scan scan = candidates.next(4_000);
                assertThat((long) scan.chunk() * scan.from().size()).isLessThanOrEqualTo(40_000);
                candidates.add(scan, index.scan(scan));
            } else {
                candidates.take();
            }
        }
    }

    @Test
    void readsASingleSourceInOneScan() {
        Index index = new Index(List.of(Index.keys(new Random(1), 100)));
        SourceCandidates candidates = new SourceCandidates(index.sources(), 0, NEWEST);

        Scan scan = candidates.next(20);
        candidates.add(scan, index.scan(scan));

        assertThat(scan.chunk()).isEqualTo(20);
        assertThat(candidates.ready()).isEqualTo(20);
    }

    @Test
    void holdsNothingBetweenTimesThatAreTheWrongWayRound() {
        SourceCandidates candidates = new SourceCandidates(new ByAuthor(List.of(Index.author(0))), 5, 4);

        assertThat(candidates.isExhausted()).isTrue();
        assertThatThrownBy(candidates::take).isInstanceOf(IllegalStateException.class);
    }

    /// The database's part, in memory.
    private static final class Index {

        private final List<TreeSet<Key>> sources;
        private final Sources asked;
        private int found;
        private int readToTheirEnd;

        Index(List<TreeSet<Key>> sources) {
            this.sources = sources;
            this.asked = ofAuthors(sources.size());
        }

        /// Many keys of one second, some in several sources, some sources without any.
        static Index random(Random random, int count) {
            List<TreeSet<Key>> sources = new ArrayList<>();
            TreeSet<Key> shared = keys(random, 20);
            for (int source = 0; source < count; source++) {
                TreeSet<Key> keys = keys(random, random.nextInt(3) == 0 ? 0 : random.nextInt(60));
                shared.stream().filter(key -> random.nextInt(4) == 0).forEach(keys::add);
                long second = random.nextInt((int) NEWEST);
                for (int tie = random.nextInt(3) == 0 ? 30 : 0; tie > 0; tie--) {
                    keys.add(new Key(second, id(random)));
                }
                sources.add(keys);
            }
            return new Index(sources);
        }

        static TreeSet<Key> keys(Random random, int count) {
            TreeSet<Key> keys = new TreeSet<>();
            while (keys.size() < count) {
                keys.add(new Key(random.nextInt((int) NEWEST), id(random)));
            }
            return keys;
        }

        static Bytes32 author(int number) {
            return new Bytes32(0, 0, 0, number);
        }

        Sources sources() {
            return asked;
        }

        static Sources ofAuthors(int count) {
            return new ByAuthor(
                    IntStream.range(0, count).mapToObj(Index::author).toList());
        }

        List<Found> scan(Scan scan) {
            List<Found> answer = new ArrayList<>();
            for (int start = 0; start < scan.from().size(); start++) {
                Start from = scan.from().get(start);
                int place = start;
                sources.get(from.source()).tailSet(from.key()).stream()
                        .takeWhile(key -> key.createdAt() >= scan.floor())
                        .limit(scan.chunk())
                        .forEach(key -> answer.add(new Found(place, key)));
            }
            found += answer.size();
            readToTheirEnd += scan.floor() == 0 ? scan.from().size() : 0;
            return answer;
        }

        List<Key> all(long since, long until) {
            TreeSet<Key> all = new TreeSet<>();
            sources.forEach(all::addAll);
            all.removeIf(key -> key.createdAt() < since || key.createdAt() > until);
            return List.copyOf(all);
        }

        private static Bytes32 id(Random random) {
            return new Bytes32(random.nextLong(), 0, 0, random.nextInt(3));
        }
    }
}
