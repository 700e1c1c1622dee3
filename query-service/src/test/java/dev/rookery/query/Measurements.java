package dev.rookery.query;

import dev.rookery.link.LinkFrame;
import dev.rookery.query.answer.AnswerProperties;
import dev.rookery.query.answer.Part;
import dev.rookery.testservers.TestPostgres;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.unit.DataSize;

/// How long the forms of a REQ take on [MillionEvents], one after the other. Not a test: run by hand, on a machine that
/// does nothing else, with the address of a database that holds them.
public final class Measurements {

    private static final Logger log = LoggerFactory.getLogger(Measurements.class);
    private static final int WARM_UP = 1_500;
    private static final int MEASURED = 500;
    private static final long PAGE = 256 << 10;

    private static final AnswerProperties PROPERTIES =
            new AnswerProperties(500, 5_000, DataSize.ofBytes(PAGE), 500, Duration.ofSeconds(10), 100_000, 5_000);

    private Measurements() {}

    /// @param arguments `host:port`, database, user, password
    public static void main(String... arguments) {
        String path = "postgresql://" + arguments[0] + "/" + arguments[1];
        TestPostgres postgres =
                new TestPostgres(arguments[1], "jdbc:" + path, "r2dbc:" + path, arguments[2], arguments[3]);
        try (TestAnswers answers = new TestAnswers(postgres, PROPERTIES)) {
            forms().forEach((name, form) -> {
                if (name.contains(System.getProperty("only", ""))) {
                    measure(name, form, answers);
                }
            });
        }
    }

    private static Map<String, Function<Random, String>> forms() {
        Map<String, Function<Random, String>> forms = new LinkedHashMap<>();
        forms.put("ids 1", random -> "{\"ids\":[%s]}".formatted(ids(random, 1)));
        forms.put("ids 100", random -> "{\"ids\":[%s]}".formatted(ids(random, 100)));
        forms.put(
                "author + kind 20",
                random -> "{\"authors\":[%s],\"kinds\":[1],\"limit\":20}".formatted(authors(random, 1)));
        forms.put("author 20", random -> "{\"authors\":[%s],\"limit\":20}".formatted(authors(random, 1)));
        forms.put("profiles of 50", random -> "{\"authors\":[%s],\"kinds\":[0]}".formatted(authors(random, 50)));
        forms.put("kinds 100", random -> "{\"kinds\":[1],\"limit\":100}");
        forms.put("kinds 500", random -> "{\"kinds\":[1],\"limit\":500}");
        forms.put("kinds [1,6,7] 100", random -> "{\"kinds\":[1,6,7],\"limit\":100}");
        forms.put(
                "time 100",
                random -> "{\"limit\":100,\"until\":%d}".formatted(1_780_000_000 - random.nextInt(1 << 27)));
        forms.put("#e", random -> "{\"#e\":[%s]}".formatted(numbers(random, 1, 100_000)));
        forms.put("#e + kinds", random -> "{\"#e\":[%s],\"kinds\":[7]}".formatted(numbers(random, 1, 100_000)));
        forms.put("#p 100", random -> "{\"#p\":[%s],\"limit\":100}".formatted(authors(random, 1)));
        forms.put("#t common 100", random -> "{\"#t\":[\"0\"],\"limit\":100}");
        forms.put("#e of 100 values", random -> "{\"#e\":[%s]}".formatted(numbers(random, 100, 100_000)));
        forms.put("#t + author", random -> "{\"#t\":[\"1\"],\"authors\":[%s]}".formatted(authors(random, 1)));
        forms.put("#t + #p", random -> "{\"#t\":[\"0\"],\"#p\":[%s]}".formatted(authors(random, 1)));
        forms.put(
                "following 500, kinds [1,6], 500",
                random -> "{\"authors\":[%s],\"kinds\":[1,6],\"limit\":500}".formatted(authors(random, 500)));
        forms.put(
                "following 500 since a day",
                random -> "{\"authors\":[%s],\"kinds\":[1,6],\"since\":%d,\"limit\":500}"
                        .formatted(authors(random, 500), 1_779_913_600));
        forms.put(
                "following 2000, kinds [1,6], 500",
                random -> "{\"authors\":[%s],\"kinds\":[1,6],\"limit\":500}".formatted(authors(random, 2_000)));
        return forms;
    }

    private static void measure(String name, Function<Random, String> form, TestAnswers answers) {
        Random random = new Random(1);
        long[] nanos = new long[MEASURED];
        long events = 0;
        for (int i = 0; i < WARM_UP; i++) {
            answers.parts("[" + form.apply(random) + "]", PAGE);
        }
        long ownBefore = ownNanos();
        long backendsBefore = backendTicks();
        for (int i = 0; i < MEASURED; i++) {
            String filters = "[" + form.apply(random) + "]";
            long start = System.nanoTime();
            List<Part> parts = answers.parts(filters, PAGE);
            nanos[i] = System.nanoTime() - start;
            events += events(parts);
        }
        String own = millis((ownNanos() - ownBefore) / MEASURED);
        String backends = "%.2f".formatted((backendTicks() - backendsBefore) * 10.0 / MEASURED);
        Arrays.sort(nanos);
        log.info(
                "{}: p10 {} p50 {} p99 {} ms; CPU {} here, {} in the database; {} events",
                name,
                millis(nanos[MEASURED / 10]),
                millis(nanos[MEASURED / 2]),
                millis(nanos[MEASURED * 99 / 100]),
                own,
                backends,
                (double) events / MEASURED);
    }

    private static long ownNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /// CPU time of all PostgreSQL processes on this machine, in hundredths of a second.
    private static long backendTicks() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .command()
                        .orElse("")
                        .startsWith(System.getProperty("postgres", "/tmp/query-pg/pg")))
                .mapToLong(Measurements::ticks)
                .sum();
    }

    private static long ticks(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        } catch (IOException gone) {
            return 0;
        }
    }

    private static int events(List<Part> parts) {
        int events = 0;
        for (Part part : parts) {
            for (LinkFrame.ToGateway frame : part.frames()) {
                events += frame instanceof LinkFrame.Page page ? page.events().size() : 0;
            }
        }
        return events;
    }

    private static String millis(long nanos) {
        return "%.2f".formatted(nanos / 1e6);
    }

    private static String ids(Random random, int count) {
        return hashes(
                count,
                () -> ByteBuffer.allocate(8)
                        .putLong(1 + random.nextInt(MillionEvents.COUNT))
                        .array());
    }

    private static String authors(Random random, int count) {
        return hashes(
                count,
                () -> ByteBuffer.allocate(4).putInt(random.nextInt(20_000)).array());
    }

    private static String hashes(int count, java.util.function.Supplier<byte[]> input) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"" + sha256(input.get()) + "\"")
                .collect(Collectors.joining(","));
    }

    private static String numbers(Random random, int count, int bound) {
        return hashes(
                count,
                () -> ByteBuffer.allocate(4).putInt(random.nextInt(bound)).array());
    }

    private static String sha256(byte[] input) {
        try {
            return java.util.HexFormat.of()
                    .formatHex(
                            java.security.MessageDigest.getInstance("SHA-256").digest(input));
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
