package dev.rookery.filter;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/// Which events may be shown to whom, whatever asks for them. The gateway has the last word, for it alone knows when a
/// key is proven; whoever reads from the store leaves out what it would throw away, so that this does not use up a
/// filter's limit.
///
/// NIP-17, NIP-59: gift wraps are served to their recipients only.
///
/// @param privateKinds served to the author and to those named in `p` tags
public record Visibility(Set<Integer> privateKinds) {

    public Visibility {
        privateKinds = Set.copyOf(privateKinds);
    }

    /// @param viewers the keys that whoever is to see it has proven
    public boolean shows(Event event, Set<Bytes32> viewers) {
        if (!privateKinds.contains(event.kind()) || viewers.contains(event.pubkey())) {
            return true;
        }
        return !viewers.isEmpty() && meet(event.recipients(), viewers);
    }

    /// Whether kinds that a filter names are left out, as there are no viewers.
    public boolean leavesOut(Filter filter, Set<Bytes32> viewers) {
        List<Integer> kinds = filter.kinds();
        return viewers.isEmpty() && kinds != null && kinds.stream().anyMatch(privateKinds::contains);
    }

    /// Without viewers, a filter need not look for what nobody may see.
    public Filter narrowed(Filter filter, Set<Bytes32> viewers) {
        List<Integer> kinds = filter.kinds();
        if (kinds == null || !leavesOut(filter, viewers)) {
            return filter;
        }
        List<Integer> open =
                kinds.stream().filter(kind -> !privateKinds.contains(kind)).toList();
        return filter.withKinds(open);
    }

    /// Asked for each subscription that a private event may go to: it costs what the smaller side has.
    private static boolean meet(Set<Bytes32> some, Set<Bytes32> others) {
        return some.size() < others.size() ? !Collections.disjoint(others, some) : !Collections.disjoint(some, others);
    }
}
