package dev.rookery.query.window;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.filter.FilterReader;
import dev.rookery.filter.Visibility;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.order.Effect;
import dev.rookery.order.Position;
import dev.rookery.query.EventsSchema;
import dev.rookery.query.TestAnswers;
import dev.rookery.signature.SchnorrSigner;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.util.unit.DataSize;
import reactor.test.StepVerifier;

@Timeout(60)
class WindowTests {

    private static final long NOW = 1_700_000_000;
    private static final Position START = new Position(1, 10);
    private static final SchnorrSigner ALICE = signer(1);
    private static final SchnorrSigner BOB = signer(2);

    private long nanos = 5;
    private final Window window =
            new Window(TestAnswers.window(DataSize.ofMegabytes(1)), new SimpleMeterRegistry(), () -> nanos);

    @Test
    void answersNothingBeforeItIsLoaded() {
        trust();
        Loading loading = window.begin(START);
        assertThat(asked("[{}]")).isEmpty();
        window.loaded(loading, Window.EVERYTHING, START);
        assertThat(asked("[{}]")).contains(List.of());
    }

    @Test
    void answersNothingBeforeTheFeedHasComeAsFarAsTheLastPage() {
        trust();
        Loading loading = window.begin(START);
        window.loaded(loading, Window.EVERYTHING, new Position(1, 12));
        window.apply(new Position(1, 11), null, List.of());
        assertThat(asked("[{}]")).isEmpty();
        window.apply(new Position(1, 12), null, List.of());
        assertThat(asked("[{}]")).isPresent();
    }

    @Test
    void answersNothingWhileTheDatabaseIsNotHeardOf() {
        whole();
        assertThat(asked("[{}]")).isPresent();
        nanos += 2_000;
        assertThat(asked("[{}]")).isEmpty();
        trust();
        assertThat(asked("[{}]")).isPresent();
        window.distrust();
        assertThat(asked("[{}]")).isEmpty();
    }

    @Test
    void answersNothingOnceTheOrderCannotBeFollowed() {
        whole();
        window.end();
        assertThat(asked("[{}]")).isEmpty();
        window.apply(new Position(1, 11), null, List.of());
        trust();
        assertThat(asked("[{}]")).as("until it is loaded anew").isEmpty();
        whole();
        assertThat(asked("[{}]")).isPresent();
    }

    @Test
    void isNotWholeByWhatWasLoadedForAnOrderThatIsOver() {
        trust();
        Loading loading = window.begin(START);
        window.end();
        window.loaded(loading, Window.EVERYTHING, START);
        assertThat(window.isServing()).isFalse();
    }

    @Test
    void answersNothingForAPositionThatItHasNotReached() {
        whole();
        List<HotFilter> any = read("[{}]");
        assertThat(window.answer(new Position(1, 11), any, viewing())).isEmpty();
        assertThat(window.answer(new Position(2, 0), any, viewing())).isEmpty();
        window.apply(new Position(1, 11), null, List.of());
        assertThat(window.answer(new Position(1, 11), any, viewing())).isPresent();
    }

    @Test
    void saysWhenAPositionIsReached() {
        whole();
        StepVerifier.create(window.reached(START)).expectComplete().verify(Duration.ofSeconds(10));
        StepVerifier.create(window.reached(new Position(1, 12)))
                .then(() -> window.apply(new Position(1, 11), null, List.of()))
                .then(() -> window.apply(new Position(1, 12), null, List.of()))
                .expectComplete()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void waitsForAPositionNoLongerThanPatienceLasts() {
        whole();
        StepVerifier.create(window.reached(new Position(1, 11)))
                .expectComplete()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void leavesOutWhatWentBeforeItsPageCame() {
        Event removed = note(ALICE, NOW, "removed");
        Event vanished = note(BOB, NOW, "vanished");
        Event kept = note(BOB, NOW + 1, "kept");
        trust();
        Loading loading = window.begin(START);
        window.apply(new Position(1, 11), null, List.of(new Effect.Removed(removed.id(), removed.createdAt())));
        window.apply(new Position(1, 12), null, List.of(new Effect.Vanished(key(BOB), NOW)));
        window.load(loading, List.of(new HotEvent(removed), new HotEvent(vanished), new HotEvent(kept)));
        window.loaded(loading, Window.EVERYTHING, START);
        assertThat(asked("[{}]")).contains(List.of(kept));
    }

    @Test
    void leavesOutWhatIsLoadedForAnAttemptThatWasGivenUp() {
        trust();
        Loading givenUp = window.begin(START);
        Loading loading = window.begin(START);
        window.load(givenUp, List.of(new HotEvent(note(ALICE, NOW, "read long ago"))));
        window.loaded(givenUp, Window.EVERYTHING, START);
        assertThat(asked("[{}]")).isEmpty();
        window.loaded(loading, Window.EVERYTHING, START);
        assertThat(asked("[{}]")).contains(List.of());
    }

    @Test
    void keepsWhatTheFeedBroughtBeforeTheLastPage() {
        Event old = note(ALICE, NOW - 1_000, "of the feed, older than what was loaded");
        Event fresh = note(ALICE, NOW, "of the feed");
        Event loaded = note(ALICE, NOW - 2_000, "of a page");
        trust();
        Loading loading = window.begin(START);
        window.apply(new Position(1, 11), new HotEvent(old), List.of());
        window.apply(new Position(1, 12), new HotEvent(fresh), List.of());
        window.load(loading, List.of(new HotEvent(loaded)));
        window.loaded(loading, Window.EVERYTHING, START);
        assertThat(asked("[{}]")).contains(List.of(fresh, old, loaded));
    }

    @Test
    void dropsWhatIsOlderThanAllThatItIsToHold() {
        Event old = note(ALICE, NOW - 1_000, "old");
        trust();
        Loading loading = window.begin(START);
        window.apply(new Position(1, 11), new HotEvent(old), List.of());
        window.loaded(loading, NOW, START);
        assertThat(window.size()).isZero();
        window.apply(new Position(1, 12), new HotEvent(old), List.of());
        assertThat(window.size()).isZero();
        assertThat(asked("[{}]")).isEmpty();
        assertThat(asked("[{\"since\":%d}]".formatted(NOW))).contains(List.of());
        assertThat(asked("[{\"since\":%d}]".formatted(NOW - 1))).isEmpty();
    }

    @Test
    void vanishesAsTheStoreDoes() {
        Event before = note(ALICE, NOW - 1, "before");
        Event wrapped = wrap(BOB, NOW, key(ALICE));
        Event wrappedLater = wrap(BOB, NOW + 1, key(ALICE));
        Event mentioned =
                Event.of(BOB, NOW - 1, 1, List.of(Tag.of("p", key(ALICE).toString())), "of somebody else");
        Event request = Event.of(ALICE, NOW, 62, List.of(Tag.of("relay", "ALL_RELAYS")), "");
        whole();
        feed(11, before, wrapped, wrappedLater, mentioned);
        window.apply(new Position(1, 20), new HotEvent(request), List.of(new Effect.Vanished(key(ALICE), NOW)));
        assertThat(asked("[{}]", key(ALICE))).contains(List.of(wrappedLater, request, mentioned));

        window.apply(new Position(1, 21), null, List.of(new Effect.Vanished(key(ALICE), NOW)));
        assertThat(asked("[{}]", key(ALICE)))
                .as("another of the same second")
                .contains(List.of(wrappedLater, request, mentioned));
    }

    @Test
    void showsGiftWrapsToTheirPartiesOnly() {
        Event wrapped = wrap(BOB, NOW, key(ALICE));
        whole();
        feed(11, wrapped);
        assertThat(asked("[{}]")).contains(List.of());
        assertThat(asked("[{}]", key(signer(3)))).contains(List.of());
        assertThat(asked("[{\"kinds\":[1059]}]", key(ALICE))).contains(List.of(wrapped));
    }

    @Test
    void knowsThatThereIsOneOfEachReplaceableKind() {
        Event profile = Event.of(ALICE, NOW, 0, List.of(), "{}");
        trust();
        Loading loading = window.begin(START);
        window.loaded(loading, NOW, START);
        feed(11, profile);
        String byAlice = "\"authors\":[\"%s\"]".formatted(key(ALICE));
        assertThat(asked("[{\"kinds\":[0],%s}]".formatted(byAlice))).contains(List.of(profile));
        assertThat(asked("[{\"kinds\":[0,3],%s}]".formatted(byAlice))).isEmpty();
        assertThat(asked("[{\"kinds\":[1],%s}]".formatted(byAlice))).isEmpty();
    }

    @Test
    void comparesTheEventItselfWhereTwoTagsShareAHash() {
        Event rook = Event.of(ALICE, NOW, 1, List.of(Tag.of("t", "rook")), "");
        whole();
        feed(11, rook);
        HotFilter rooks = read("[{\"#t\":[\"rook\"]}]").getFirst();
        HotFilter jays = read("[{\"#t\":[\"jay\"]}]").getFirst();
        HotFilter sharing = new HotFilter(jays.filter(), jays.limit(), rooks.tags());
        assertThat(window.answer(START, List.of(rooks), viewing()))
                .isPresent()
                .get()
                .satisfies(answer -> assertThat(answer.events()).hasSize(1));
        assertThat(window.answer(START, List.of(sharing), viewing()))
                .isPresent()
                .get()
                .satisfies(answer -> assertThat(answer.events()).isEmpty());
    }

    @Test
    void holdsWholeKindsHoweverOldOnceTheyAreLoaded() {
        Event profile = Event.of(ALICE, NOW - 1_000, 0, List.of(), "{}");
        Window window = keeping(DataSize.ofMegabytes(1));
        Loading loading = window.begin(START);
        window.loaded(loading, NOW, START);
        window.load(loading, List.of(new HotEvent(profile)));
        assertThat(asked(window, "[{\"kinds\":[0]}]")).isEmpty();
        window.loadedKind(loading, 0, new Position(1, 11));
        assertThat(asked(window, "[{\"kinds\":[0]}]"))
                .as("before the feed has come as far")
                .isEmpty();
        window.apply(new Position(1, 11), null, List.of());
        window.loadedAll(loading);
        assertThat(asked(window, "[{\"kinds\":[0]}]")).contains(List.of(profile));
        assertThat(asked(window, "[{\"kinds\":[0,1]}]")).isEmpty();
        assertThat(asked(window, "[{\"authors\":[\"%s\"]}]".formatted(key(ALICE))))
                .isEmpty();

        Event other = Event.of(BOB, NOW - 2_000, 0, List.of(), "{}");
        window.apply(
                new Position(1, 12),
                new HotEvent(other),
                List.of(new Effect.Removed(profile.id(), profile.createdAt())));
        assertThat(asked(window, "[{\"kinds\":[0]}]")).contains(List.of(other));
    }

    @Test
    void keepsWholeKindsWhileOthersPass() {
        Event profile = Event.of(ALICE, NOW - 1_000, 0, List.of(), "{}");
        Window window = keeping(DataSize.ofKilobytes(32));
        Loading loading = window.begin(START);
        window.load(loading, List.of(new HotEvent(profile)));
        window.loaded(loading, Window.EVERYTHING, START);
        window.loadedKind(loading, 0, START);
        window.loadedAll(loading);
        for (int i = 1; i <= 100; i++) {
            window.apply(new Position(1, 10 + i), new HotEvent(note(BOB, NOW + i, "")), List.of());
        }
        assertThat(asked(window, "[{\"kinds\":[1]}]")).isEmpty();
        assertThat(asked(window, "[{\"kinds\":[0]}]")).contains(List.of(profile));
    }

    @Test
    void letsAWholeKindPassThatTakesMoreThanHalfOfTheRoom() {
        Window window = loadedKeeping(DataSize.ofKilobytes(32));
        String large = "x".repeat(9_000);
        window.apply(new Position(1, 11), new HotEvent(Event.of(ALICE, NOW - 1, 0, List.of(), large)), List.of());
        assertThat(asked(window, "[{\"kinds\":[0]}]")).isPresent();
        window.apply(new Position(1, 12), new HotEvent(Event.of(BOB, NOW + 1, 0, List.of(), large)), List.of());
        assertThat(asked(window, "[{\"kinds\":[0]}]")).isEmpty();
        assertThat(window.size()).as("what is newer than the floor stays").isEqualTo(1);
    }

    /// Tags that nobody else has take several times what their event takes.
    @Test
    void letsAWholeKindPassWhoseTagsTakeMoreThanTheRoom() {
        Window window = loadedKeeping(DataSize.ofKilobytes(64));
        for (int n = 1; n <= 4; n++) {
            List<Tag> tags = IntStream.range(1_000 * n, 1_000 * n + 150)
                    .mapToObj(tag -> Tag.of("r", String.valueOf(tag)))
                    .toList();
            window.apply(new Position(1, 10 + n), new HotEvent(Event.of(ALICE, NOW + n, 0, tags, "")), List.of());
        }
        assertThat(window.bytes()).isLessThanOrEqualTo(DataSize.ofKilobytes(64).toBytes());
        assertThat(asked(window, "[{\"kinds\":[0]}]")).isEmpty();
        window.apply(new Position(1, 15), new HotEvent(note(BOB, NOW + 5, "")), List.of());
        assertThat(asked(window, "[{\"limit\":1}]")).isPresent();
    }

    @Test
    void leavesToTheDatabaseWhatWantsTooMuchLookedAt() {
        Window small = keeping(DataSize.ofMegabytes(1), 3);
        Loading loading = small.begin(START);
        small.loaded(loading, Window.EVERYTHING, START);
        for (int i = 1; i <= 4; i++) {
            small.apply(new Position(1, 10 + i), new HotEvent(note(ALICE, NOW + i, "")), List.of());
        }
        assertThat(small.answer(START, read("[{\"limit\":3}]"), viewing())).isPresent();
        assertThat(small.answer(START, read("[{}]"), viewing())).isEmpty();
    }

    private Window loadedKeeping(DataSize size) {
        Window window = keeping(size);
        Loading loading = window.begin(START);
        window.loaded(loading, NOW, START);
        window.loadedKind(loading, 0, START);
        window.loadedAll(loading);
        return window;
    }

    private Window keeping(DataSize size) {
        return keeping(size, 1_000);
    }

    private Window keeping(DataSize size, int looks) {
        var properties = new WindowProperties(
                size, List.of(0), looks, Duration.ofMillis(20), Duration.ofSeconds(5), Duration.ofSeconds(1));
        Window keeping = new Window(properties, new SimpleMeterRegistry(), () -> nanos);
        keeping.trust(nanos, 1_000);
        return keeping;
    }

    private void whole() {
        trust();
        Loading loading = window.begin(START);
        window.loaded(loading, Window.EVERYTHING, START);
        window.loadedAll(loading);
    }

    private void trust() {
        window.trust(nanos, 1_000);
    }

    private void feed(long from, Event... events) {
        long seq = from;
        for (Event event : events) {
            window.apply(new Position(1, seq++), new HotEvent(event), List.of());
        }
    }

    private Optional<List<Event>> asked(String json, Bytes32... viewers) {
        return asked(window, json, viewers);
    }

    private static Optional<List<Event>> asked(Window window, String json, Bytes32... viewers) {
        return window.answer(START, read(json), viewing(viewers))
                .map(answer -> answer.events().stream()
                        .map(event -> EventsSchema.event(new String(event, UTF_8)))
                        .toList());
    }

    private static Viewing viewing(Bytes32... viewers) {
        return new Viewing(new Visibility(Set.of(1059)), Set.of(viewers), NOW);
    }

    static List<HotFilter> read(String json) {
        try {
            return FilterReader.readAll(json.getBytes(UTF_8)).stream()
                    .map(filter -> HotFilter.of(filter, filter.limit().orElse(500)))
                    .toList();
        } catch (MalformedMessageException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }

    private static Event note(SchnorrSigner author, long createdAt, String content) {
        return Event.of(author, createdAt, 1, List.of(), content);
    }

    private static Event wrap(SchnorrSigner author, long createdAt, Bytes32 recipient) {
        return Event.of(author, createdAt, 1059, List.of(Tag.of("p", recipient.toString())), "sealed");
    }

    private static Bytes32 key(SchnorrSigner signer) {
        return note(signer, NOW, "").pubkey();
    }

    static SchnorrSigner signer(int number) {
        byte[] secret = new byte[32];
        secret[31] = (byte) number;
        return new SchnorrSigner(secret);
    }
}
