package dev.rookery.query.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 10, unit = TimeUnit.SECONDS)
class BufferTests {

    private static final long ROOM = 1 << 20;
    private static final long LEAST = 16 << 10;

    private final List<String> heard = new ArrayList<>();

    @Test
    void givesWhatIsWantedWhereThereIsRoom() {
        take(new Buffer(ROOM), "one", 1_000);

        assertThat(heard).containsExactly("one 1000");
    }

    @Test
    void givesLessTheLessIsLeft() {
        Buffer buffer = new Buffer(64 * ROOM);

        take(buffer, "first", 2 * ROOM);
        buffer.use(31 * ROOM);
        take(buffer, "second", 2 * ROOM);
        buffer.use(32 * ROOM - ROOM / 2 - 1);
        take(buffer, "third", 2 * ROOM);

        assertThat(heard).containsExactly("first " + ROOM, "second " + ROOM / 2, "third " + LEAST);
    }

    @Test
    void isExceededByOneShareOnly() {
        Buffer buffer = new Buffer(ROOM);
        for (int request = 0; request < 1_000; request++) {
            take(buffer, "took", ROOM);
        }

        assertThat(heard).hasSize((int) (ROOM / LEAST));
    }

    @Test
    void servesThoseWhoWaitInTheirOrderWhenThereIsRoomAgain() {
        Buffer buffer = new Buffer(1);
        Buffer.Share first = take(buffer, "first", 100);
        take(buffer, "second", 200);
        take(buffer, "third", 100);
        assertThat(heard).containsExactly("first 100");

        first.giveBack();
        assertThat(heard).containsExactly("first 100", "second 200");
        buffer.giveBack(1_000);
        assertThat(heard).containsExactly("first 100", "second 200", "third 100");
    }

    /// A database that is slow to bring pages holds up nobody who does not wait for it.
    @Test
    void isNotTakenUpByPagesThatAreLongInComing() {
        Buffer buffer = new Buffer(ROOM);
        for (int request = 0; request < 1_000; request++) {
            take(buffer, "page", ROOM);
        }
        heard.clear();

        takeAtOnce(buffer, "at hand", 100);
        assertThat(heard).containsExactly("at hand 100");

        buffer.use(ROOM);
        Buffer.Share late = takeAtOnce(buffer, "late", 100);
        takeAtOnce(buffer, "later", 100);
        assertThat(heard).as("the transport does not take it").containsExactly("at hand 100");
        late.close();
        buffer.giveBack(1);
        assertThat(heard).containsExactly("at hand 100", "later 100");
    }

    @Test
    void passesOverWhoHasEnded() {
        Buffer buffer = new Buffer(1);
        Buffer.Share first = take(buffer, "first", 100);
        Buffer.Share second = take(buffer, "second", 100);
        take(buffer, "third", 100);

        second.close();
        first.close();

        assertThat(heard).containsExactly("first 100", "third 100");
        second.take(1, true).subscribe(bytes -> heard.add("second"));
        buffer.giveBack(1_000);
        assertThat(heard).doesNotContain("second");
    }

    @Test
    void servesManyWhoGiveBackAtOnce() {
        Buffer buffer = new Buffer(1);
        Buffer.Share first = take(buffer, "first", 100);
        for (int request = 0; request < 100_000; request++) {
            Buffer.Share share = buffer.new Share();
            share.take(100, true).subscribe(bytes -> {
                heard.add("served");
                share.giveBack();
            });
        }

        first.giveBack();

        assertThat(heard).hasSize(100_001);
    }

    private Buffer.Share take(Buffer buffer, String name, long most) {
        Buffer.Share share = buffer.new Share();
        share.take(most, true).subscribe(bytes -> heard.add(name + " " + bytes));
        return share;
    }

    private Buffer.Share takeAtOnce(Buffer buffer, String name, long most) {
        Buffer.Share share = buffer.new Share();
        share.take(most, false).subscribe(bytes -> heard.add(name + " " + bytes));
        return share;
    }
}
