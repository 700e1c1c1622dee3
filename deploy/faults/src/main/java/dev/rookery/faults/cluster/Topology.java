package dev.rookery.faults.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How many instances there are of each service, and which settings differ from the harness's own.
///
/// @param settings by the name of a module, such as `indexer-service`, or of one instance, such as `gateway-2`
public record Topology(
        int gateways, int broadcasts, int queries, int indexers, Map<String, Map<String, String>> settings) {

    public static Topology pairs() {
        return new Topology(2, 2, 1, 2, Map.of());
    }

    /// This one, with a setting more.
    ///
    /// @param whose such as `indexer-service`, for all its instances, or `gateway-2`, for that one
    public Topology with(String whose, String setting, String value) {
        Map<String, Map<String, String>> more = new HashMap<>(settings);
        Map<String, String> changed = new HashMap<>(more.getOrDefault(whose, Map.of()));
        changed.put(setting, value);
        more.put(whose, Map.copyOf(changed));
        return new Topology(gateways, broadcasts, queries, indexers, Map.copyOf(more));
    }

    /// Those of one instance go before those of its module.
    Map<String, String> settingsOf(Part part, String name) {
        Map<String, String> all = new HashMap<>(settings.getOrDefault(part.module(), Map.of()));
        all.putAll(settings.getOrDefault(name, Map.of()));
        return all;
    }

    List<String> instances(Part part) {
        int count = switch (part) {
            case GATEWAY -> gateways;
            case BROADCAST -> broadcasts;
            case QUERY -> queries;
            case INDEXER -> indexers;
        };
        List<String> names = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            names.add(part.instance(number));
        }
        return names;
    }
}
