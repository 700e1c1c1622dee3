package dev.rookery.faults.load;

import java.util.HashSet;
import java.util.Set;

/// One subscription, from its REQ to its end. For one thread at a time.
final class Coverage {

    private final String name;
    private final Set<String> promisedBefore;
    private final Set<String> received = new HashSet<>();
    private int live;
    private boolean storedAreOver;

    /// @param promisedBefore what its gateway had said was stored before the REQ was sent
    Coverage(String name, Set<String> promisedBefore) {
        this.name = name;
        this.promisedBefore = promisedBefore;
    }

    String name() {
        return name;
    }

    /// @return whether it comes for the first time
    boolean receive(String id) {
        if (storedAreOver) {
            live++;
        }
        return received.add(id);
    }

    /// @return what was promised before, and has not come among the stored events
    Set<String> endOfStored() {
        storedAreOver = true;
        Set<String> missing = new HashSet<>(promisedBefore);
        missing.removeAll(received);
        return missing;
    }

    boolean storedAreOver() {
        return storedAreOver;
    }

    int live() {
        return live;
    }

    Set<String> received() {
        return received;
    }
}
