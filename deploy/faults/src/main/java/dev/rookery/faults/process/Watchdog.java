package dev.rookery.faults.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// What ends the processes of a JVM that was killed before it could: a shell that is told their ids, and kills those
/// which it has not been told to have ended as soon as its input ends.
public final class Watchdog implements AutoCloseable {

    private static final String SCRIPT = """
            trap '' INT TERM HUP
            pids=
            while read -r sign pid; do
              left=
              for other in $pids; do [ "$other" = "$pid" ] || left="$left $other"; done
              pids=$left
              [ "$sign" = + ] && pids="$pids $pid"
            done
            [ -z "$pids" ] || kill -9 $pids
            """;

    private final Process shell;
    private final OutputStream told;

    public Watchdog() throws IOException {
        shell = new ProcessBuilder("setsid", "sh", "-c", SCRIPT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        told = shell.getOutputStream();
    }

    void began(long pid) {
        tell("+ " + pid);
    }

    void ended(long pid) {
        tell("- " + pid);
    }

    private synchronized void tell(String line) {
        try {
            told.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            told.flush();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /// Kills what has not ended.
    @Override
    public void close() throws IOException {
        told.close();
        try {
            shell.waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
