package dev.rookery.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/// 1,177 events of many kinds as public relays had them, each with a valid id and signature.
public final class RealEvents {

    private static final String RESOURCE = "real-events.jsonl.gz";

    private RealEvents() {}

    /// The JSON of each, UTF-8, read anew.
    public static List<byte[]> json() {
        try (InputStream packed = Objects.requireNonNull(RealEvents.class.getResourceAsStream(RESOURCE));
                BufferedReader lines = new BufferedReader(new InputStreamReader(new GZIPInputStream(packed), UTF_8))) {
            return lines.lines().map(line -> line.getBytes(UTF_8)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
