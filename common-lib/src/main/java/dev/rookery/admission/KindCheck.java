package dev.rookery.admission;

import dev.rookery.event.Event;
import dev.rookery.message.Prefix;
import dev.rookery.message.Verdict;
import java.util.Optional;
import java.util.Set;

/// Kinds that this relay does not take.
public record KindCheck(Set<Integer> refusedKinds) implements AdmissionCheck {

    public KindCheck {
        refusedKinds = Set.copyOf(refusedKinds);
    }

    @Override
    public Optional<Verdict.Refused> refuse(Event event, long nowSeconds) {
        return refusedKinds.contains(event.kind())
                ? Optional.of(Verdict.refused(Prefix.BLOCKED, "kind " + event.kind() + " is not taken here"))
                : Optional.empty();
    }
}
