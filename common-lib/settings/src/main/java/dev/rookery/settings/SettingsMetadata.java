package dev.rookery.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.boot.json.JsonParserFactory;

/// The settings under `relay` of every service on the class path, as Boot's annotation processor has described them.
public final class SettingsMetadata {

    private static final String FILE = "META-INF/spring-configuration-metadata.json";
    private static final String PREFIX = "relay.";
    private static final String BELOW = ".*";

    private final ClassLoader loader;

    public SettingsMetadata(ClassLoader loader) {
        this.loader = loader;
    }

    /// In order; that of a map ends in `.*`.
    public Set<String> keys() {
        Set<String> keys = new TreeSet<>();
        try {
            for (URL file : Collections.list(loader.getResources(FILE))) {
                try (InputStream content = file.openStream()) {
                    collect(new String(content.readAllBytes(), StandardCharsets.UTF_8), keys);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return keys;
    }

    static boolean isMap(String key) {
        return key.endsWith(BELOW);
    }

    static String parent(String mapKey) {
        return mapKey.substring(0, mapKey.length() - BELOW.length());
    }

    private static void collect(String metadata, Set<String> keys) {
        if (!metadata.contains('"' + PREFIX)) {
            return;
        }
        Object properties = JsonParserFactory.getJsonParser().parseMap(metadata).get("properties");
        for (Object property : properties instanceof List<?> list ? list : List.of()) {
            if (property instanceof Map<?, ?> fields
                    && fields.get("name") instanceof String name
                    && name.startsWith(PREFIX)) {
                boolean map = fields.get("type") instanceof String type && type.startsWith("java.util.Map");
                keys.add(map ? name + BELOW : name);
            }
        }
    }
}
