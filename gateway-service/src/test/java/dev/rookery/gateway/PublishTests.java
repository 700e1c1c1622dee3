package dev.rookery.gateway;

import static dev.rookery.gateway.RunningGateway.event;
import static dev.rookery.gateway.RunningGateway.ok;
import static dev.rookery.gateway.RunningGateway.publish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.gateway.position.Reached;
import dev.rookery.gateway.publish.Publishing;
import dev.rookery.order.Decision;
import dev.rookery.order.Position;
import dev.rookery.topics.LogRecords;
import dev.rookery.topics.Seal;
import dev.rookery.topics.Topics;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The way of an EVENT, with a log and an indexer that do as they are told.
@Timeout(60)
class PublishTests {

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start("--relay.limits.enabled=false", "--relay.gateway.id=g1");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void nothingIsLeft() {
        gateway.log.down = false;
        assertThat(gateway.log.records).isEmpty();
        assertThat(gateway.bean(Publishing.class).pending()).isZero();
    }

    @Test
    void answersOkOnceTheVerdictIsThere() throws Exception {
        Event note = event(1, "hello");
        try (RawClient client = gateway.client()) {
            client.text(publish(note));
            var record = gateway.log.next();
            assertThat(record.topic()).isEqualTo("nostr.index");
            assertThat(record.partition()).isEqualTo(Topics.indexPartition(note.pubkey()));
            assertThat(record.value()).isEqualTo(note.json());
            gateway.verdicts.decide(new Position(1, 1_000_000), note.id(), Decision.ACCEPTED);
            assertThat(client.message()).isEqualTo(ok(note.id(), true, ""));
            assertThat(gateway.bean(Reached.class).get()).isEqualTo(new Position(1, 1_000_000));
        }
    }

    @Test
    void sealsWhatItLogsAndSaysWhoWaits() throws Exception {
        Event note = event(1, "sealed");
        try (RawClient client = gateway.client()) {
            client.text(publish(note));
            ProducerRecord<byte[], byte[]> sent = gateway.log.next();
            var received = new ConsumerRecord<>(sent.topic(), 0, 0, sent.key(), sent.value());
            sent.headers().forEach(received.headers()::add);
            var read = new LogRecords(new Topics(""), new Seal("a secret for tests")).readIndex(received);
            assertThat(read.sealed()).isTrue();
            assertThat(read.gateway()).isEqualTo("g1");
            gateway.verdicts.decide(note.id(), Decision.ACCEPTED);
            client.message();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ACCEPTED, true, ''",
        "DUPLICATE, true, duplicate: already have this event",
        "SUPERSEDED, false, invalid: a newer version is stored",
        "DELETED, false, blocked: this event has been deleted",
        "VANISHED, false, blocked: its author or recipient has vanished",
        "EXPIRED, false, invalid: event has expired",
        "FAILED, false, error: could not be stored",
        "UNKNOWN, false, 'error: nothing is known of it, send it again'"
    })
    void saysWhatBecameOfIt(Decision decision, boolean accepted, String message) throws Exception {
        Event note = event(1, "decided " + decision);
        try (RawClient client = gateway.client()) {
            client.text(publish(note));
            gateway.log.next();
            gateway.verdicts.decide(note.id(), decision);
            assertThat(client.message()).isEqualTo(ok(note.id(), accepted, message));
        }
    }

    @Test
    void ignoresVerdictsOfAnOlderEpoch() throws Exception {
        try (RunningGateway other = RunningGateway.start();
                RawClient client = other.client()) {
            Event note = event(1, "epochs");
            other.bean(Reached.class).raise(new Position(2, 1));
            client.text(publish(note));
            other.log.next();
            other.verdicts.decide(new Position(1, 9), note.id(), Decision.DELETED);
            other.verdicts.decide(new Position(2, 2), note.id(), Decision.ACCEPTED);
            assertThat(client.message()).isEqualTo(ok(note.id(), true, ""));
        }
    }

    @Test
    void refusesIdsAndSignaturesThatAreWrong() throws Exception {
        Event note = event(1, "original");
        String wrongId = publish(note).replace("original", "changed!");
        String signature = note.toString().replaceAll(".*\"sig\":\"([0-9a-f]+)\".*", "$1");
        String other = event(1, "other").toString().replaceAll(".*\"sig\":\"([0-9a-f]+)\".*", "$1");
        try (RawClient client = gateway.client()) {
            client.text(wrongId);
            assertThat(client.message()).isEqualTo(ok(note.id(), false, "invalid: id is not the hash of the event"));
            client.text(publish(note).replace(signature, other));
            assertThat(client.message())
                    .isEqualTo(ok(note.id(), false, "invalid: signature is not that of the author"));
            client.text(publish(note).replace(signature, "0".repeat(128)));
            assertThat(client.message()).contains("false,\"invalid: ");
            client.text(publish(note).replace(signature, signature.substring(1)));
            assertThat(client.message()).startsWith("[\"OK\",\"" + note.id() + "\",false,\"invalid: ");
        }
    }

    @Test
    void refusesKeysThatAreNone() throws Exception {
        for (String key : List.of(
                "ff".repeat(30) + "fc30",
                "00".repeat(32),
                "eefdea4cdb677750a420fee807eacf21eb9898ae79b9768766e4faa04a2d4a34")) {
            Event note = event(1, "key");
            Event strange = rekeyed(note, key);
            try (RawClient client = gateway.client()) {
                client.text(publish(strange));
                assertThat(client.message()).startsWith("[\"OK\",\"" + strange.id() + "\",false,\"invalid: ");
            }
        }
    }

    /// The event with another key and the id that goes with it.
    private static Event rekeyed(Event event, String key) throws Exception {
        String serialised = "[0,\"" + key + "\"," + event.createdAt() + ",1,[],\"" + event.content() + "\"]";
        byte[] hash = java.security.MessageDigest.getInstance("SHA-256").digest(serialised.getBytes());
        String json = event.toString()
                .replace(event.pubkey().toString(), key)
                .replace(event.id().toString(), java.util.HexFormat.of().formatHex(hash));
        return dev.rookery.event.EventReader.read(json.getBytes());
    }

    @Test
    void neverPublishesCredentials() throws Exception {
        for (int kind : new int[] {22_242, 27_235}) {
            Event credential = event(kind, "");
            try (RawClient client = gateway.client()) {
                client.text(publish(credential));
                assertThat(client.message()).startsWith("[\"OK\",\"" + credential.id() + "\",false,\"invalid: ");
            }
        }
    }

    @Test
    void sendsEphemeralEventsToEveryoneAtOnce() throws Exception {
        Event ephemeral = event(20_001, "gone");
        try (RawClient client = gateway.client()) {
            client.text(publish(ephemeral));
            assertThat(client.message()).isEqualTo(ok(ephemeral.id(), true, ""));
            var record = gateway.log.next();
            assertThat(record.topic()).isEqualTo("nostr.broadcast");
            assertThat(record.headers().lastHeader("seq")).isNull();
        }
    }

    @Test
    void answersAtOnceWhenTheLogIsDown() throws Exception {
        gateway.log.down = true;
        Event note = event(1, "log down");
        Event ephemeral = event(20_001, "log down");
        try (RawClient client = gateway.client()) {
            client.text(publish(note));
            assertThat(client.message()).startsWith("[\"OK\",\"" + note.id() + "\",false,\"error: ");
            client.text(publish(ephemeral));
            assertThat(client.message()).startsWith("[\"OK\",\"" + ephemeral.id() + "\",false,\"error: ");
            gateway.log.down = false;
            client.text(publish(note));
            gateway.log.next();
            gateway.verdicts.decide(note.id(), Decision.ACCEPTED);
            assertThat(client.message()).isEqualTo(ok(note.id(), true, ""));
        }
    }

    @Test
    void joinsTheSameEventInFlight() throws Exception {
        Event note = event(1, "joined");
        try (RawClient first = gateway.client();
                RawClient second = gateway.client()) {
            first.text(publish(note));
            gateway.log.next();
            second.text(publish(note));
            second.text(publish(note));
            second.text("[\"UNKNOWN\"]");
            assertThat(second.message()).contains("unknown verb");
            assertThat(gateway.log.records).isEmpty();
            gateway.verdicts.decide(note.id(), Decision.ACCEPTED);
            assertThat(first.message()).isEqualTo(ok(note.id(), true, ""));
            assertThat(second.message()).isEqualTo(ok(note.id(), true, ""));
            assertThat(second.message()).isEqualTo(ok(note.id(), true, ""));
        }
    }

    @Test
    void doesNotLetABadSignatureJoinAGoodOne() throws Exception {
        Event note = event(1, "not joined");
        String signature = note.toString().replaceAll(".*\"sig\":\"([0-9a-f]+)\".*", "$1");
        try (RawClient good = gateway.client();
                RawClient bad = gateway.client()) {
            good.text(publish(note));
            gateway.log.next();
            bad.text(publish(note).replace(signature, "1".repeat(128)));
            assertThat(bad.message()).contains("false,\"invalid: signature");
            gateway.verdicts.decide(note.id(), Decision.ACCEPTED);
            assertThat(good.message()).isEqualTo(ok(note.id(), true, ""));
        }
    }

    @Test
    void answersEachOfFiveThousandOnce() throws Exception {
        int count = 5_000;
        Set<String> awaited = new HashSet<>();
        StringBuilder all = new StringBuilder();
        List<Event> events = new java.util.ArrayList<>();
        for (int i = 0; i < count; i++) {
            Event event = event(i % 5 == 0 ? 20_002 : 1, "pipelined " + i);
            events.add(event);
            awaited.add(ok(event.id(), true, ""));
        }
        try (RawClient client = gateway.client()) {
            Thread indexer = Thread.startVirtualThread(() -> decide(count));
            for (Event event : events) {
                client.text(publish(event));
            }
            for (int i = 0; i < count; i++) {
                String message = client.message();
                assertThat(awaited.remove(message)).as(message).isTrue();
            }
            indexer.join();
        }
        assertThat(awaited).isEmpty();
    }

    private static void decide(int count) {
        try {
            for (int i = 0; i < count; i++) {
                var record = gateway.log.next();
                if (record.topic().equals("nostr.index")) {
                    gateway.verdicts.decide(
                            dev.rookery.event.EventReader.read(record.value()).id(), Decision.ACCEPTED);
                }
            }
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void answersWhoeverIsLeftWhenOneHasGone() throws Exception {
        Event note = event(1, "one has gone");
        try (RawClient stays = gateway.client()) {
            try (RawClient goes = gateway.client()) {
                goes.text(publish(note));
                gateway.log.next();
            }
            stays.text(publish(note));
            stays.text("[\"UNKNOWN\"]");
            assertThat(stays.message()).contains("unknown verb");
            gateway.verdicts.decide(note.id(), Decision.ACCEPTED);
            assertThat(stays.message()).isEqualTo(ok(note.id(), true, ""));
        }
    }

    @Test
    void refusesWhatHasExpiredOrIsFromAnotherTime() throws Exception {
        long now = RunningGateway.now();
        var signer = RunningGateway.SIGNER;
        List<Tag> expired = List.of(new Tag(List.of("expiration", Long.toString(now - 1))));
        try (RawClient client = gateway.client()) {
            for (Event event : List.of(
                    Event.of(signer, now, 1, expired, ""),
                    Event.of(signer, now, 20_001, expired, ""),
                    Event.of(signer, now + 1_000, 1, List.of(), ""),
                    Event.of(signer, 946_684_799, 1, List.of(), ""))) {
                client.text(publish(event));
                assertThat(client.message()).startsWith("[\"OK\",\"" + event.id() + "\",false,\"invalid: ");
            }
        }
    }
}
