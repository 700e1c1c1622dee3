package dev.rookery.embedded;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// A JVM that starts a server and is then killed, as by the kernel or an impatient operator.
final class KilledJvm {

    private KilledJvm() {}

    /// The process id of the server left behind; of the JVM itself, dead by now, when the server lived in it.
    static long leaving(String server, Path directory) throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledJvm.class.getName(),
                        server,
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = jvm.inputReader()) {
            String line = output.readLine();
            while (line != null && !line.startsWith("pid ")) {
                line = output.readLine();
            }
            if (line == null) {
                throw new IllegalStateException("The server did not start");
            }
            return Long.parseLong(line.substring("pid ".length()));
        } finally {
            jvm.destroyForcibly();
            jvm.waitFor(10, TimeUnit.SECONDS);
        }
    }

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[1]);
        long pid = switch (args[0]) {
            case "postgres" -> {
                EmbeddedPostgres postgres = new EmbeddedPostgres(directory, 0);
                postgres.start();
                yield postgres.pid();
            }
            case "redis" -> {
                EmbeddedRedis redis = new EmbeddedRedis(directory, 0);
                redis.start();
                yield redis.pid();
            }
            case "kafka" -> {
                EmbeddedKafka kafka = new EmbeddedKafka(directory, 0);
                kafka.start();
                EmbeddedKafkaIT.createTopic(kafka);
                EmbeddedKafkaIT.write(kafka, "acknowledged");
                yield ProcessHandle.current().pid();
            }
            default -> throw new IllegalArgumentException(args[0]);
        };
        System.out.println("pid " + pid);
        Thread.sleep(TimeUnit.MINUTES.toMillis(1));
    }
}
