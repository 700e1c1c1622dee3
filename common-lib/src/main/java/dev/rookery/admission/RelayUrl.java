package dev.rookery.admission;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A relay's address as far as two spellings of it can be compared: the host in lower case, the port unless it is the
/// scheme's own, the path without slashes at its end. `ws`, `wss`, `http` and `https` lead to the same relay.
///
/// @param port -1 for the scheme's own
public record RelayUrl(String host, int port, String path) {

    /// Longer ones are nobody's.
    private static final int LONGEST = 2_048;

    /// What clients may call a relay: by its public address or, where it has none, by those of this machine.
    public static Set<RelayUrl> ofThisRelay(@Nullable URI publicUrl, int port) {
        Stream<URI> urls = publicUrl == null
                ? Stream.of("localhost", "127.0.0.1").map(host -> URI.create("ws://" + host + ":" + port))
                : Stream.of(publicUrl);
        return urls.flatMap(url -> of(url).stream()).collect(Collectors.toUnmodifiableSet());
    }

    /// Empty for what is no relay's address.
    public static Optional<RelayUrl> parse(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            return of(new URI(text.strip()));
        } catch (URISyntaxException malformed) {
            return Optional.empty();
        }
    }

    public static Optional<RelayUrl> of(URI uri) {
        if (uri.getScheme() == null || uri.getHost() == null) {
            return Optional.empty();
        }
        int schemesPort = switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
            case "ws", "http" -> 80;
            case "wss", "https" -> 443;
            default -> 0;
        };
        if (schemesPort == 0) {
            return Optional.empty();
        }
        String path = uri.getPath() == null ? "" : uri.getPath();
        return Optional.of(new RelayUrl(
                uri.getHost().toLowerCase(Locale.ROOT),
                uri.getPort() == schemesPort ? -1 : uri.getPort(),
                withoutSlashes(path)));
    }

    private static String withoutSlashes(String path) {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }
}
