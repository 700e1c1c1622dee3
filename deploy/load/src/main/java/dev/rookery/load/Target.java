package dev.rookery.load;

import java.net.URI;
import java.util.Optional;

/// A relay that is put under load.
///
/// @param processes its process tree, where it runs on this machine and is known
record Target(String name, URI address, Optional<ProcessTree> processes) {

    double cpuSeconds() {
        return processes.map(ProcessTree::cpuSeconds).orElse(Double.NaN);
    }

    double memoryBytes() {
        return processes.map(tree -> (double) tree.memoryBytes()).orElse(Double.NaN);
    }
}
