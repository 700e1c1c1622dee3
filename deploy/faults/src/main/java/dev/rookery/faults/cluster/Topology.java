package dev.rookery.faults.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How many instances there are of each service, and which settings differ from the harness's own.
///
/// @param settings by the name of a module, such as `indexer-service`
public record Topology(
        int gateways, int broadcasts, int queries, int indexers, Map<String, Map<String, String>> settings) {

    public static Topology pairs() {
        return new Topology(2, 2, 1, 2, Map.of());
    }

    /// This one, with a setting more.
    ///
    /// @param module such as `indexer-service`
    public Topology with(String module, String setting, String value) {
        Map<String, Map<String, String>> more = new HashMap<>(settings);
        Map<String, String> ofModule = new HashMap<>(more.getOrDefault(module, Map.of()));
        ofModule.put(setting, value);
        more.put(module, Map.copyOf(ofModule));
        return new Topology(gateways, broadcasts, queries, indexers, Map.copyOf(more));
    }

    Map<String, String> settingsOf(Part part) {
        return settings.getOrDefault(part.module(), Map.of());
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
