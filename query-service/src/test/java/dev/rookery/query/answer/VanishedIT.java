package dev.rookery.query.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.link.LinkFrame.Question;
import dev.rookery.link.LinkFrame.Range;
import dev.rookery.link.LinkFrame.RangePage;
import dev.rookery.link.LinkFrame.Status;
import dev.rookery.link.LinkFrame.Statuses;
import dev.rookery.order.Decision;
import dev.rookery.order.Position;
import dev.rookery.query.EventsSchema;
import dev.rookery.query.TestAnswers;
import dev.rookery.signature.SchnorrSigner;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// NIP-62: what lies under the floor of somebody who has vanished is in no answer, though it may still be stored.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@ExtendWith(PostgresExtension.class)
class VanishedIT {

    private static final long FLOOR = 1_700_000_000;

    private static EventsSchema schema;
    private static TestAnswers answers;

    private final SchnorrSigner gone = signer(1);
    private final SchnorrSigner other = signer(2);
    private final Bytes32 goneKey = Bytes32.of(gone.publicKey());
    private final Tag toGone = Tag.of("p", goneKey.toString());
    private final Event under = event(gone, FLOOR, 1, "under", Tag.of("t", "x"), toGone);
    private final Event above = event(gone, FLOOR + 1, 1, "above", Tag.of("t", "x"), toGone);
    private final Event anothers = event(other, FLOOR - 5, 1, "another's", Tag.of("t", "x"), toGone);
    private final Event older = event(other, FLOOR - 9, 1, "older", Tag.of("t", "x"), toGone);
    private final Event wrap = event(other, FLOOR, 1059, "", toGone);
    private final Event laterWrap = event(other, FLOOR + 1, 1059, "", toGone);
    private final Event request = event(gone, FLOOR, 62, "", Tag.of("relay", "ALL_RELAYS"));
    private final Event deletion = event(gone, FLOOR, 5, "");

    @BeforeAll
    static void start(TestPostgres postgres) {
        schema = EventsSchema.in(postgres);
        answers = new TestAnswers(postgres);
    }

    @AfterAll
    static void stop() {
        answers.close();
    }

    @BeforeEach
    void vanish() {
        schema.clear();
        schema.store(List.of(under, above, anothers, older, wrap, laterWrap, request, deletion));
        schema.execute("insert into events.vanishing values ('\\x%s', %d)"
                .formatted(HexFormat.of().formatHex(gone.publicKey()), FLOOR));
    }

    /// Each form of a filter, with rows that come with their keys and with rows that are looked up.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"since\":0%s}",
                "{\"kinds\":[1]%s}",
                "{\"authors\":[\"GONE\",\"OTHER\"]%s}",
                "{\"authors\":[\"GONE\",\"OTHER\"],\"kinds\":[1]%s}",
                "{\"#t\":[\"x\"]%s}",
                "{\"#t\":[\"x\"],\"#p\":[\"GONE\"]%s}",
                "{\"ids\":[\"1ST\",\"2ND\",\"3RD\",\"4TH\"]%s}"
            })
    void isInNoAnswer(String form) {
        String filter = form.replace("GONE", goneKey.toString())
                .replace("OTHER", Bytes32.of(other.publicKey()).toString())
                .replace("1ST", under.id().toString())
                .replace("2ND", above.id().toString())
                .replace("3RD", anothers.id().toString())
                .replace("4TH", older.id().toString());
        for (int pageBytes : new int[] {1, 1 << 20}) {
            assertThat(notes(filter.formatted(""), pageBytes)).containsExactly(above, anothers, older);
            assertThat(notes(filter.formatted(",\"until\":" + FLOOR), pageBytes))
                    .containsExactly(anothers, older);
        }
    }

    /// A filter's limit counts what is shown.
    @Test
    void doesNotUseUpALimit() {
        assertThat(answers.all("[{\"kinds\":[1],\"limit\":2}]", 1 << 20)).containsExactly(above, anothers);
        assertThat(answers.all("[{\"#t\":[\"x\"],\"limit\":3}]", 1)).containsExactly(above, anothers, older);
    }

    /// "Relays MUST fully delete any events from the `.pubkey`", deletion requests too, and "SHOULD delete all NIP-59
    /// Gift Wraps that p-tagged the `.pubkey`"; the request itself stays.
    @Test
    void takesDeletionRequestsAndGiftWrapsWithItButNotTheRequest() {
        assertThat(answers.all("[{\"kinds\":[5,62,1059]}]", 1 << 20, goneKey))
                .containsExactlyInAnyOrder(laterWrap, request);
    }

    /// However much of it there is; so many as `rookery.vanish.events` says.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"authors\":[\"GONE\"],\"until\":1699999990,\"limit\":20}",
                "{\"authors\":[\"GONE\"],\"kinds\":[1],\"until\":1699999990}",
                "{\"authors\":[\"GONE\",\"OTHER\"],\"kinds\":[1],\"until\":1699999990}",
                "{\"kinds\":[1],\"until\":1699999990,\"limit\":20}",
                "{\"#t\":[\"x\"],\"until\":1699999990,\"limit\":20}",
                "{\"until\":1699999990,\"limit\":20}"
            })
    void isInNoAnswerThoughThereIsMuchOfIt(String form) {
        int many = Integer.getInteger("rookery.vanish.events", 5_000);
        Event oldest = event(other, FLOOR - 1_000_000, 1, "oldest", Tag.of("t", "x"));
        schema.store(List.of(oldest));
        schema.execute("""
                with note as (
                    select 100 + g as seq, %d - g as created_at, sha256(int8send(g)) as id
                    from generate_series(100::bigint, %d) g
                ), identified as (
                    insert into events.identity select id, created_at, seq from note
                ), tagged as (
                    insert into events.tag select hash, created_at, id, 1 from note cross join (
                        select hash from events.tag where id = '\\x%s') t
                )
                insert into events.event (created_at, id, seq, kind, pubkey, origin, tag_hashes, json)
                select created_at, id, seq, 1, '\\x%s', 0, '{}', convert_to(repeat(md5(seq::text), 12), 'utf8')
                from note
                """.formatted(FLOOR, many + 99, oldest.id(), goneKey));
        schema.execute("update events.sequencer set seq = " + (many + 1000));
        schema.execute("analyze");
        String filter = form.replace("GONE", goneKey.toString())
                .replace("OTHER", Bytes32.of(other.publicKey()).toString());
        long asked = answers.questions();
        assertThat(answers.all("[" + filter + "]", 1 << 18))
                .isEqualTo(form.contains("\"OTHER\"") || !form.contains("GONE") ? List.of(oldest) : List.of());
        assertThat(answers.questions() - asked)
                .as("it is passed over in large steps, whatever the limit")
                .isLessThan(30 + many / 500);
    }

    @Test
    void isNotDeliveredForALostLinkNorKnownAsADuplicate() {
        PagedAnswer range = answers.answers().range(new Range(1, new Position(1, 0), new Position(1, 8), 0));
        List<Long> delivered = new ArrayList<>();
        Part part;
        do {
            part = Objects.requireNonNull(range.next(1 << 20).block(Duration.ofSeconds(20)));
            for (var frame : part.frames()) {
                if (frame instanceof RangePage page) {
                    page.events().forEach(placed -> delivered.add(placed.seq()));
                }
            }
        } while (!part.isLast());
        assertThat(delivered).containsExactly(2L, 3L, 4L, 6L, 7L);
        Statuses statuses = Objects.requireNonNull(answers.answers()
                .status(new Status(
                        1,
                        Position.NONE,
                        List.of(
                                Question.whetherStored(under.id()),
                                Question.whetherStored(wrap.id()),
                                Question.whetherStored(above.id()))))
                .block(Duration.ofSeconds(20)));
        assertThat(statuses.decisions()).containsExactly(Decision.UNKNOWN, Decision.UNKNOWN, Decision.DUPLICATE);
    }

    private List<Event> notes(String filter, int pageBytes) {
        return answers.all("[" + filter + "]", pageBytes).stream()
                .filter(event -> event.kind() == 1)
                .toList();
    }

    private static Event event(SchnorrSigner signer, long createdAt, int kind, String content, Tag... tags) {
        return Event.of(signer, createdAt, kind, List.of(tags), content);
    }

    private static SchnorrSigner signer(int number) {
        byte[] secret = new byte[32];
        secret[31] = (byte) number;
        return new SchnorrSigner(secret);
    }
}
