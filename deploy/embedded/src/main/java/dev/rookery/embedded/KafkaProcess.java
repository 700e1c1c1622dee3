package dev.rookery.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A broker as a process of its own: `KafkaProcess <directory> <port> [NAME=port=advertised port …]`.
///
/// It runs until it is told to end. The file `ready` in the directory holds its process id once it serves.
public final class KafkaProcess {

    private KafkaProcess() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        List<KafkaListener> listeners =
                Stream.of(arguments).skip(2).map(KafkaListener::parse).toList();
        EmbeddedKafka kafka = new EmbeddedKafka(directory, Integer.parseInt(arguments[1]), listeners);
        Files.deleteIfExists(readyFile(directory));
        kafka.start();
        Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "end"));
        Files.writeString(
                readyFile(directory), Long.toString(ProcessHandle.current().pid()));
    }

    /// Whether the process with this id serves in this directory.
    public static boolean isReady(Path directory, long pid) throws IOException {
        Path file = readyFile(directory);
        return Files.exists(file) && Files.readString(file).equals(Long.toString(pid));
    }

    private static Path readyFile(Path directory) {
        return directory.resolve("ready");
    }
}
