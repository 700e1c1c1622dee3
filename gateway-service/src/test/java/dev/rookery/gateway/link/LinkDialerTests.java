package dev.rookery.gateway.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rookery.gateway.link.ScriptedService.Manner;
import dev.rookery.link.LinkFrame;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One link at a time, and always a next one.
@Timeout(60)
class LinkDialerTests {

    private static final Duration BOUND = Duration.ofSeconds(30);

    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<AutoCloseable> closing = new ArrayList<>();
    private final Heard heard = new Heard();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : closing.reversed()) {
            one.close();
        }
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    @Test
    void keepsALinkThatBeats() throws IOException {
        ScriptedService sound = service(Manner.SOUND);
        dial(true, Duration.ofMillis(900), sound);
        await().atMost(BOUND).until(() -> heard.frames.size() > 5);
        assertThat(sound.links).hasValue(1);
        assertThat(heard.changes).containsExactly("opened");
    }

    @Test
    void givesUpALinkOnWhichNothingComes() throws IOException {
        ScriptedService halfOpen = service(Manner.HALF_OPEN);
        dial(false, Duration.ofMillis(300), halfOpen);
        await().atMost(BOUND).until(() -> halfOpen.links.get() > 1);
        assertThat(heard.changes).startsWith("opened", "closed");
    }

    /// The transport of a stuck process answers pings like that of a sound one.
    @Test
    void givesUpALinkToAServiceThatShouldBeatAndOnlyAnswersPings() throws IOException {
        ScriptedService stuck = service(Manner.STUCK);
        dial(true, Duration.ofMillis(300), stuck);
        await().atMost(BOUND).until(() -> stuck.links.get() > 1);
        assertThat(heard.changes).startsWith("opened", "closed");
    }

    @Test
    void keepsAQuietLinkToAServiceThatDoesNotBeat() throws IOException {
        ScriptedService quiet = service(Manner.STUCK);
        ScriptedService clock = service(Manner.HALF_OPEN);
        dial(false, Duration.ofMillis(400), quiet);
        dial(false, Duration.ofMillis(400), new Heard(), clock);
        await().atMost(BOUND).until(() -> clock.links.get() > 4);
        assertThat(heard.changes).containsExactly("opened");
    }

    /// An instance that takes links and ends them must not be dialled for ever while another is sound.
    @Test
    void triesEveryInstanceInTurnEvenWhenEachTakesTheLinkAndEndsIt() throws IOException {
        ScriptedService one = service(Manner.ENDS);
        ScriptedService two = service(Manner.ENDS);
        ScriptedService three = service(Manner.ENDS);
        dial(true, Duration.ofSeconds(5), one, two, three);
        await().atMost(BOUND).until(() -> one.links.get() > 1 && two.links.get() > 1 && three.links.get() > 1);
        two.behave(Manner.SOUND);
        await().atMost(BOUND).until(() -> "opened".equals(heard.changes.getLast()) && heard.frames.size() > 20);
        assertThat(heard.changes).doesNotContainSequence("opened", "opened").doesNotContainSequence("closed", "closed");
    }

    @Test
    void dialsTheNextInstanceWhenTheLinkIsClosedByWhoeverHearsIt() throws IOException {
        ScriptedService one = service(Manner.SOUND);
        ScriptedService other = service(Manner.SOUND);
        dial(true, Duration.ofSeconds(30), one, other);
        await().atMost(BOUND).until(() -> !heard.frames.isEmpty());
        heard.links.getLast().close();
        await().atMost(BOUND).until(() -> one.links.get() == 1 && other.links.get() == 1 && heard.links.size() == 2);
        assertThat(heard.changes).containsExactly("opened", "closed", "opened");
    }

    @Test
    void findsTheInstanceThatIsThere() throws IOException {
        ScriptedService gone = service(Manner.SOUND);
        gone.close();
        ScriptedService sound = service(Manner.SOUND);
        dial(true, Duration.ofSeconds(5), gone, sound);
        await().atMost(BOUND).until(() -> sound.links.get() == 1 && !heard.frames.isEmpty());
        assertThat(heard.changes).containsExactly("opened");
    }

    /// As where there are no file handles: there is no attempt that could be given up afterwards, which would lead to
    /// two rows of attempts side by side, and to two links in the end.
    @Test
    void makesOneAttemptAfterTheOtherWhereEachFailsAtOnce() {
        List<Long> attempts = new CopyOnWriteArrayList<>();
        dial(false, Duration.ofMillis(100), heard, List.of("127.0.0.1:99999"), attempt -> {
            attempts.add(System.nanoTime());
            attempt.run();
        });
        await().atMost(BOUND).until(() -> attempts.size() > 14);
        assertThat(IntStream.range(8, 14).mapToLong(i -> attempts.get(i + 1) - attempts.get(i)))
                .as("the pauses, once they have grown")
                .allMatch(pause -> pause > Duration.ofMillis(300).toNanos());
    }

    private ScriptedService service(Manner manner) throws IOException {
        ScriptedService service = new ScriptedService(manner);
        closing.add(service);
        return service;
    }

    private void dial(boolean beats, Duration silence, ScriptedService... services) {
        dial(beats, silence, heard, services);
    }

    private void dial(boolean beats, Duration silence, LinkListener listener, ScriptedService... services) {
        List<String> addresses =
                Arrays.stream(services).map(ScriptedService::address).toList();
        dial(beats, silence, listener, addresses, Runnable::run);
    }

    private void dial(
            boolean beats, Duration silence, LinkListener listener, List<String> addresses, Executor lookups) {
        var properties = new LinkProperties(addresses, addresses, silence, Duration.ofMillis(20));
        var dialer = new LinkDialer(
                new LinkTargets(addresses, "gateway"),
                properties,
                new LinkDialer.Ends("token", beats, loops.next(), listener),
                lookups);
        closing.add(dialer);
        dialer.start();
    }

    private static final class Heard implements LinkListener {

        final List<Link> links = new CopyOnWriteArrayList<>();
        final List<String> changes = new CopyOnWriteArrayList<>();
        final List<LinkFrame> frames = new CopyOnWriteArrayList<>();

        @Override
        public void opened(Link link) {
            changes.add("opened");
            links.add(link);
        }

        @Override
        public void received(LinkFrame.ToGateway frame) {
            frames.add(frame);
        }

        @Override
        public void closed() {
            changes.add("closed");
        }
    }
}
