package dev.rookery.admission;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rookery.event.Event;
import dev.rookery.event.EventReader;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.message.Prefix;
import dev.rookery.message.Verdict;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// NIP-70: reposts that carry a protected event in their content are rejected, for they would spread it against its
/// author's wish. A repost of such a repost too.
public record ProtectedRepostCheck() implements AdmissionCheck {

    private static final int REPOST = 6;
    private static final int GENERIC_REPOST = 16;

    @Override
    public Optional<Verdict.Refused> refuse(Event event, long nowSeconds) {
        Event carried = carried(event);
        while (carried != null) {
            if (isProtected(carried)) {
                return Optional.of(Verdict.refused(Prefix.BLOCKED, "the reposted event is protected by its author"));
            }
            carried = carried(carried);
        }
        return Optional.empty();
    }

    /// NIP-70: whether it has the tag `-`, whatever else stands in it.
    public static boolean isProtected(Event event) {
        return event.tags().stream().anyMatch(tag -> tag.name().equals("-"));
    }

    /// Shorter with each step, so this comes to an end.
    private static @Nullable Event carried(Event event) {
        if (event.kind() != REPOST && event.kind() != GENERIC_REPOST) {
            return null;
        }
        try {
            return EventReader.read(event.content().getBytes(UTF_8));
        } catch (MalformedMessageException none) {
            return null;
        }
    }
}
