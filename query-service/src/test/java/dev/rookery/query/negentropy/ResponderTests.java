package dev.rookery.query.negentropy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rookery.event.Bytes32;
import dev.rookery.query.negentropy.PlainInitiator.Item;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ResponderTests {

    private static final int ROUNDS = 200;

    /// How many both have, only the client, only the relay, and how many there are in a second.
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, 1",
        "0, 1, 0, 1",
        "0, 0, 1, 1",
        "1, 0, 0, 1",
        "40, 3, 3, 1",
        "500, 0, 0, 1",
        "500, 1, 1, 500",
        "3000, 40, 40, 7",
        "3000, 0, 2500, 3",
        "0, 3000, 0, 3",
        "0, 0, 5000, 10000",
        "20000, 5, 5, 50",
        "3000, 2000, 2000, 1"
    })
    void tellsWhoLacksWhat(int both, int client, int relay, int perSecond) {
        for (int frame : new int[] {4096, 10_000, 1 << 20}) {
            long seed = new Random().nextLong();
            Random random = new Random(seed);
            Set<Item> shared = items(random, both, perSecond);
            Set<Item> ours = items(random, client, perSecond);
            Set<Item> theirs = items(random, relay, perSecond);
            PlainInitiator initiator = new PlainInitiator(union(shared, ours));
            Responder responder = new Responder(records(union(shared, theirs)), frame);

            byte[] message = initiator.first();
            int rounds = 0;
            while (message.length > 1 && rounds < ROUNDS) {
                byte[] answer = responder.answer(message);
                assertThat(answer).hasSizeLessThanOrEqualTo(frame);
                message = answer.length > 1 ? initiator.next(answer) : answer;
                message = isAllSkips(message) ? new byte[1] : message;
                rounds++;
            }

            String which = "seed " + seed + ", frame " + frame;
            assertThat(rounds).as(which).isLessThan(ROUNDS);
            assertThat(initiator.have).as(which).isEqualTo(ids(ours));
            assertThat(initiator.need).as(which).isEqualTo(ids(theirs));
        }
    }

    /// Worked out by hand: one record, second 3, of an id of ones, which the client does not have.
    @Test
    void spellsItsAnswerAsTheSpecificationDoes() {
        Records.Collector collector = new Records.Collector();
        collector.add(3, new Bytes32(-1, -1, -1, -1));
        Responder responder = new Responder(collector.records(), 4096);

        assertThat(hex(responder.answer(bytes("61" + "00" + "00" + "02" + "00"))))
                .isEqualTo("61" + "00" + "00" + "02" + "01" + "ff".repeat(32));
        assertThat(hex(responder.answer(bytes("61" + "04" + "00" + "00" + "00" + "00" + "02" + "00"))))
                .as("what is skipped is told only when something follows, times as differences")
                .isEqualTo("61" + "04" + "00" + "00" + "00" + "00" + "02" + "01" + "ff".repeat(32));
        assertThat(hex(responder.answer(bytes("61" + "00" + "00" + "00")))).isEqualTo("61");
        assertThat(hex(responder.answer(bytes("61")))).isEqualTo("61");
    }

    @ParameterizedTest
    @ValueSource(strings = {"60", "62", "6f00", "62ffffff"})
    void namesItsVersionToWhoSpeaksAnother(String message) {
        assertThat(hex(new Responder(records(Set.of()), 4096).answer(bytes(message))))
                .isEqualTo("61");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "70",
                "5f",
                "6100",
                "610000",
                "61000003",
                "610000ff",
                "61000001",
                "6100000200ff",
                "610021",
                "6100000201",
                "61000002ffffffffffffffff7f",
                "618080808080808080808080",
                "61000002010203",
                "6105000004000002000100"
            })
    void refusesWhatIsNoMessage(String message) {
        Responder responder = new Responder(records(items(new Random(1), 100, 3)), 4096);

        assertThatExceptionOfType(MalformedNegentropyException.class)
                .isThrownBy(() -> responder.answer(bytes(message)));
    }

    @Test
    void takesNoiseForAMessageOrRefusesIt() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Responder responder = new Responder(records(items(random, 300, 3)), 4096);
        for (int i = 0; i < 50_000; i++) {
            byte[] noise = new byte[1 + random.nextInt(80)];
            random.nextBytes(noise);
            noise[0] = 0x61;
            try {
                assertThat(responder.answer(noise)).as("seed %d", seed).hasSizeBetween(1, 4096);
            } catch (MalformedNegentropyException refused) {
                assertThat(refused).hasMessageNotContaining("null");
            }
        }
    }

    /// What the client would have to say is that nothing is to be said.
    private static boolean isAllSkips(byte[] message) {
        MessageBytes in = new MessageBytes(message);
        in.octet();
        while (in.hasMore()) {
            in.bound();
            if (in.varint() != 0) {
                return false;
            }
        }
        return true;
    }

    private static Set<Item> items(Random random, int count, int perSecond) {
        Set<Item> items = new HashSet<>();
        while (items.size() < count) {
            Bytes32 id = new Bytes32(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
            items.add(new Item(1_700_000_000L + random.nextInt(Math.max(1, count / perSecond)), id));
        }
        return items;
    }

    private static Set<Item> union(Set<Item> one, Set<Item> other) {
        Set<Item> union = new TreeSet<>(one);
        union.addAll(other);
        return union;
    }

    private static Set<Bytes32> ids(Set<Item> items) {
        return items.stream().map(Item::id).collect(Collectors.toSet());
    }

    /// As stored events come: newest first, of one second lowest id first.
    private static Records records(Set<Item> items) {
        Records.Collector collector = new Records.Collector();
        items.stream()
                .sorted(Comparator.comparingLong(Item::second).reversed().thenComparing(Item::id))
                .forEach(item -> collector.add(item.second(), item.id()));
        return collector.records();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
