package dev.rookery.query.stored;

import dev.rookery.event.Bytes32;
import dev.rookery.link.LinkFrame.Placed;
import dev.rookery.link.LinkFrame.Question;
import dev.rookery.order.Decision;
import dev.rookery.query.plan.Key;
import dev.rookery.query.plan.Residual;
import dev.rookery.query.plan.Scan;
import dev.rookery.query.plan.Scan.Found;
import dev.rookery.query.plan.Sources;
import dev.rookery.query.plan.Sources.ByAuthor;
import dev.rookery.query.plan.Sources.ByAuthorAndKind;
import dev.rookery.query.plan.Sources.ByIds;
import dev.rookery.query.plan.Sources.ByKind;
import dev.rookery.query.plan.Sources.ByTag;
import dev.rookery.query.plan.Sources.ByTime;
import dev.rookery.query.stored.Rows.Row;
import dev.rookery.query.stored.Statements.Form;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/// What can be asked of a view.
public final class Calls {

    private static final String SCAN = "scan";
    private static final String WEIGH = "weigh";

    private Calls() {}

    /// Only how far the view is.
    public static Call<Boolean> position() {
        return new Call<>("position", OrderStatements.COMMITTED, List.of(), bytes -> true);
    }

    public static Call<List<Found>> scan(Scan scan) {
        if (scan.sources() instanceof ByIds(var ids)) {
            return new Call<>(
                    SCAN,
                    Statements.BY_ID,
                    List.of(Packed.ids(ids)),
                    bytes -> Packed.items(bytes, one -> new Found(0, Packed.key(one))));
        }
        List<Object> arguments = range(scan);
        arguments.addAll(sources(scan));
        return new Call<>(
                SCAN,
                form(scan.sources()).keys,
                arguments,
                bytes -> Packed.items(bytes, one -> new Found(one.getInt(), Packed.key(one))));
    }

    /// A scan that brings the rows too.
    ///
    /// @param upTo  what has a higher `seq` is told to be gone
    /// @param now   Unix seconds; what has expired by then is told to be gone
    /// @param bytes of JSON, at most, unless one event alone is larger
    public static Call<List<FoundRow>> scanRows(Scan scan, long upTo, long now, long bytes) {
        if (scan.sources() instanceof ByIds(var ids)) {
            List<Object> arguments = List.of(Packed.ids(ids), now, bytes, upTo);
            return new Call<>("scan-rows", Statements.ROWS_BY_ID, arguments, Calls::foundRows);
        }
        List<Object> arguments = range(scan);
        arguments.add(now);
        arguments.add(bytes);
        arguments.add(upTo);
        arguments.addAll(sources(scan));
        return new Call<>("scan-rows", form(scan.sources()).rows, arguments, Calls::foundRows);
    }

    /// Which of the keys meet the residual, by their place in the list.
    public static Call<List<Integer>> verify(List<Key> keys, Residual residual) {
        return new Call<>(
                "verify",
                Statements.VERIFY,
                residual(keys, residual),
                bytes -> Packed.items(bytes, ByteBuffer::getInt));
    }

    /// What is left of the rows of some keys.
    ///
    /// @param upTo  rows with a higher `seq` are left out
    /// @param now   Unix seconds; what has expired by then is left out
    /// @param bytes of JSON, at most, unless one event alone is larger
    public static Call<Rows> rows(List<Key> keys, long upTo, long now, long bytes) {
        return new Call<>(
                "rows",
                Statements.ROWS,
                List.of(Packed.secondsOf(keys), Packed.idsOf(keys), upTo, now, bytes),
                page -> new Rows(page.getInt(), Packed.items(page, row -> new Row(row.getInt(), Packed.array(row)))));
    }

    /// How many events each tag hash has in a time range, counted no further than `most`.
    public static Call<List<Integer>> weighTags(List<Long> hashes, long since, long until, int most) {
        List<Object> arguments = List.of(hashes.toArray(Long[]::new), since, until, most);
        return new Call<>(WEIGH, Statements.WEIGH_TAGS, arguments, bytes -> Packed.items(bytes, ByteBuffer::getInt));
    }

    public static Call<List<Integer>> weighAuthors(List<Bytes32> authors, long since, long until, int most) {
        List<Object> arguments = List.of(Packed.ids(authors), since, until, most);
        return new Call<>(WEIGH, Statements.WEIGH_AUTHORS, arguments, bytes -> Packed.items(bytes, ByteBuffer::getInt));
    }

    /// What has a number in `(after, upTo]`: no more than `rows`, and no more than `bytes` unless one event alone is
    /// larger.
    public static Call<RangeRows> range(long after, long upTo, int rows, long bytes) {
        return new Call<>(
                "range",
                Statements.RANGE,
                List.of(after, upTo, rows, bytes),
                page -> new RangeRows(
                        page.getLong(), Packed.items(page, row -> new Placed(row.getLong(), Packed.array(row)))));
    }

    public static Call<List<Decision>> status(List<Question> questions) {
        List<Object> arguments = List.of(
                Packed.ids(questions.stream().map(Question::id).toList()),
                questions.stream().map(Question::topic).toArray(String[]::new),
                questions.stream().map(Question::partition).toArray(Integer[]::new),
                questions.stream().map(Question::offset).toArray(Long[]::new));
        return new Call<>(
                "status",
                OrderStatements.STATUS,
                arguments,
                bytes -> Packed.items(bytes, code -> Decision.ofCode(code.get())));
    }

    static Call<Boolean> catchingUp() {
        return new Call<>("position", OrderStatements.CATCHING_UP, List.of(), bytes -> bytes.get() == 1);
    }

    private static Form form(Sources sources) {
        return switch (sources) {
            case ByTime _ -> Form.BY_TIME;
            case ByKind _ -> Form.BY_KIND;
            case ByAuthor _ -> Form.BY_AUTHOR;
            case ByAuthorAndKind _ -> Form.BY_AUTHOR_AND_KIND;
            case ByTag _ -> Form.BY_TAG;
            case ByIds _ -> throw new IllegalArgumentException("ids are no ranges");
        };
    }

    /// The first arguments of statements that ask it of keys.
    static List<Object> residual(List<Key> keys, Residual residual) {
        TagBits tags = TagBits.of(residual.tags());
        return new ArrayList<>(List.of(
                Packed.secondsOf(keys),
                Packed.idsOf(keys),
                residual.authors().isEmpty(),
                Packed.ids(residual.authors().orElse(List.of())),
                residual.kinds().orElse(List.of()).toArray(Integer[]::new),
                tags.all(),
                tags.hashes(),
                tags.names()));
    }

    private static List<Object> range(Scan scan) {
        List<Key> from = scan.from().stream().map(Scan.Start::key).toList();
        return new ArrayList<>(List.of(Packed.secondsOf(from), Packed.idsOf(from), scan.floor(), scan.chunk()));
    }

    private static List<Object> sources(Scan scan) {
        List<Object> arguments = new ArrayList<>();
        switch (scan.sources()) {
            case ByTime _, ByIds _ -> {}
            case ByKind(var kinds) -> arguments.add(column(scan, kinds::get, Integer[]::new));
            case ByAuthor(var authors) -> arguments.add(Packed.ids(column(scan, authors::get)));
            case ByAuthorAndKind pairs -> {
                arguments.add(Packed.ids(column(scan, pairs::author)));
                arguments.add(column(scan, pairs::kind, Integer[]::new));
            }
            case ByTag(char _, var hashes, var kinds) -> {
                arguments.add(column(scan, hashes::get, Long[]::new));
                arguments.add(kinds.isEmpty());
                arguments.add(kinds.orElse(List.of()).toArray(Integer[]::new));
            }
        }
        return arguments;
    }

    private static List<FoundRow> foundRows(ByteBuffer bytes) {
        return Packed.items(bytes, one -> {
            Found found = new Found(one.getInt(), Packed.key(one));
            int length = one.getInt();
            return new FoundRow(found, length < 0 ? null : Packed.array(one, length));
        });
    }

    private static <T> List<T> column(Scan scan, IntFunction<T> value) {
        return scan.from().stream().map(start -> value.apply(start.source())).toList();
    }

    private static <T> T[] column(Scan scan, IntFunction<T> value, IntFunction<T[]> array) {
        return column(scan, value).toArray(array);
    }
}
