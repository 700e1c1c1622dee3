package dev.rookery.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/// The settings that exist under `relay`: those of the whole suite as listed in `keys.txt`, and those of the services
/// on the class path as their metadata tells. A key that ends in `.*` stands for all keys below it.
final class KnownSettings {

    private static final String LIST = "keys.txt";
    private static final Pattern INDEX = Pattern.compile("\\[.*");
    private static final Pattern VARIABLE_INDEX = Pattern.compile("_\\d+(_.*)?$");

    private final Set<String> listed;
    private final SettingsMetadata metadata;

    /// @param metadata which is large, and read only when a key is not listed
    KnownSettings(Set<String> listed, SettingsMetadata metadata) {
        this.listed = listed;
        this.metadata = metadata;
    }

    static KnownSettings onClassPath(ClassLoader loader) {
        return new KnownSettings(listed(), new SettingsMetadata(loader));
    }

    boolean has(String name) {
        String key = INDEX.matcher(name).replaceFirst("");
        boolean indexed = !key.equals(name);
        ConfigurationPropertyName property = ConfigurationPropertyName.adapt(key, '.');
        return any(known -> SettingsMetadata.isMap(known)
                ? isBelow(ConfigurationPropertyName.of(SettingsMetadata.parent(known)), property, indexed)
                : ConfigurationPropertyName.of(known).equals(property));
    }

    private static boolean isBelow(ConfigurationPropertyName map, ConfigurationPropertyName property, boolean indexed) {
        return map.isAncestorOf(property) || (indexed && map.equals(property));
    }

    /// @param name such as `RELAY_LIMITS_MAXLIMIT`, or `RELAY_LIMITS_MAX_LIMIT`, which Boot takes as well
    boolean hasVariable(String name) {
        String plain = letters(name);
        String withoutIndex = letters(VARIABLE_INDEX.matcher(name).replaceFirst(""));
        return any(known -> SettingsMetadata.isMap(known)
                ? plain.startsWith(letters(known))
                : letters(known).equals(plain) || letters(known).equals(withoutIndex));
    }

    String closestTo(String name) {
        return closest(name.toLowerCase(Locale.ROOT), known -> known);
    }

    String closestToVariable(String name) {
        return closest(letters(name), KnownSettings::letters);
    }

    private String closest(String name, UnaryOperator<String> form) {
        Set<String> all = new TreeSet<>(listed);
        all.addAll(metadata.keys());
        return Collections.min(all, Comparator.comparingInt(known -> EditDistance.between(name, form.apply(known))));
    }

    private boolean any(Predicate<String> matches) {
        return listed.stream().anyMatch(matches) || metadata.keys().stream().anyMatch(matches);
    }

    private static String letters(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
    }

    private static Set<String> listed() {
        try (InputStream list = KnownSettings.class.getResourceAsStream(LIST)) {
            if (list == null) {
                throw new IllegalStateException(LIST + " is missing");
            }
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .collect(Collectors.toSet());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
