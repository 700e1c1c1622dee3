package dev.rookery.admission;

import dev.rookery.event.Event;
import dev.rookery.message.Verdict;
import java.util.List;
import java.util.Optional;

/// One rule about which events may come in, whoever sends them and by whichever door. Pure and cheap: it knows the
/// event and
/// the time, nothing else. Safe between threads.
@FunctionalInterface
public interface AdmissionCheck {

    /// @param nowSeconds Unix seconds
    Optional<Verdict.Refused> refuse(Event event, long nowSeconds);

    /// The answer of the first that refuses.
    static AdmissionCheck all(List<AdmissionCheck> checks) {
        List<AdmissionCheck> chain = List.copyOf(checks);
        return (event, nowSeconds) -> {
            for (AdmissionCheck check : chain) {
                Optional<Verdict.Refused> refusal = check.refuse(event, nowSeconds);
                if (refusal.isPresent()) {
                    return refusal;
                }
            }
            return Optional.empty();
        };
    }
}
